import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { answerSchema, complaintsAgainst, contractOperations } from '../support/contract.js'
import { startReceiver } from '../support/receiver.js'
import type { Answer } from '../support/service.js'
import { arrange, writes } from './operations.js'
import { CREATED, SHAPES } from './property-sets.js'
import { openWorld, type World } from './world.js'

/** What the directory of this service is about; other areas have tests of their own. */
const AREAS = [
  '$batch',
  'directory',
  'directoryObjects',
  'domains',
  'groups',
  'invitations',
  'me',
  'organization',
  'subscriptions',
  'users',
]
/** What is changed there has tests of its own; all of it is read here. */
const READ_TOO = ['applications', 'servicePrincipals']
const ELSEWHERE = /federationConfigurations/

type Operation = { text: string; method: string; path: string; area: string }
const operation = (text: string): Operation => {
  const [method = '', path = ''] = text.split(' ')
  return { text, method, path, area: /^\/([^/(]+)/.exec(path)?.[1] ?? '' }
}

/** The page that says what is served, which `npm run lint` holds against the routes and the contract. */
const { served, missing } = readCoverage()

let world: World
const sent = new Set<string>()
t.before(async () => {
  const receiver = await startReceiver(t)
  const records = new Map<string, string[]>()
  world = await openWorld(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  await arrange(world, records, receiver.origin)
})

t.test('every operation of the contract is on the page, and on it once', async (t) => {
  t.strictSame([...served, ...missing].map(({ text }) => text).sort(), contractOperations().sort())
})

t.test('what is not served is answered in Graph’s words, and nothing else happens', async (t) => {
  t.ok(missing.length > 300)
  for (const { text, method, path } of missing) {
    const answer = await world.service.api(
      method,
      filled(path),
      method === 'GET' || method === 'DELETE' ? undefined : {},
    )
    const is = `${answer.status} ${answer.body?.error?.code}`
    t.match(
      is,
      /^(?:400 (?:Request_)?BadRequest|400 Request_UnsupportedQuery|405 Request_BadRequest)$/,
      `${text}: ${is}`,
    )
    t.strictSame(complaintsAgainst('microsoft.graph.ODataErrors.ODataError', answer.body), [], text)
  }
})

t.test('what is served is what the contract says', async (t) => {
  for (const one of served.filter(isOurs).filter(({ method }) => method === 'GET')) await holdRead(t, one)
  for (const { text, path: written, body, given } of writes) {
    await given?.(world)
    const { method, path } = operation(text)
    const answer = await ask(
      method,
      filled(written ?? path),
      body === undefined ? undefined : JSON.parse(named(JSON.stringify(body))),
    )
    t.ok(answer.status >= 200 && answer.status < 300, `${text}: ${answer.status} ${answer.text}`)
    hold(t, text, answer)
  }
})

t.test('and all of it was asked', async (t) => {
  const unasked = served.filter(isOurs).filter(({ text }) => !sent.has(text))
  t.strictSame(
    unasked.map(({ text }) => text),
    [],
  )
})

function isOurs({ area, path, method }: Operation): boolean {
  return (AREAS.includes(area) || (method === 'GET' && READ_TOO.includes(area))) && !ELSEWHERE.test(path)
}

async function holdRead(t: Test, { method, path, text }: Operation): Promise<void> {
  // Graph: casts of transitive lists are advanced queries, and the number of anything is one.
  const isAdvanced = /transitive\w+\/graph\.\w+$/.test(path)
  const answer = await ask(method, filled(path) + (isAdvanced ? '?$count=true' : ''))
  if (NEVER_HELD.test(path) || OTHER_DELETED.test(path)) {
    t.match(answer, { status: 404, body: { error: { code: 'Request_ResourceNotFound' } } }, text)
    return void sent.add(text)
  }
  t.equal(answer.status, 200, `${text}: ${answer.text}`)
  if (path.endsWith('/$count')) {
    t.match(answer.text, /^\d+$/, text)
    t.match(answer.headers.get('content-type'), /^text\/plain/, text)
    sent.add(text)
  } else hold(t, text, answer)
}

function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const token = path.startsWith('/me') ? world.tokens.get('me') : undefined
  const headers = { consistencylevel: 'eventual' }
  return world.service.api(method, path, body, { headers, ...(token !== undefined && { token }) })
}

/** Holds an answer to what the contract says of the operation, and each item of a list to its own type. */
function hold(t: Test, text: string, { status, body }: Answer): void {
  sent.add(text)
  const declaredSchema = answerSchema(text)
  // Graph changes without an answer although its description has one.
  if (status === 204) return void t.notOk(body, `${text} has no body`)
  // What it is says an object of a mixed set itself; a reference is one, whatever the description calls it.
  const isReference = text.endsWith('/$ref')
  const schema = isReference ? undefined : (body?.['@odata.type']?.slice(1) ?? declaredSchema)
  if (isReference) {
    for (const item of body?.value ?? [body])
      t.match(item['@odata.id'], /^http.*\/v1\.0\/directoryObjects\/[0-9a-f-]{36}$/)
    return
  }
  if (schema === undefined) {
    t.notOk(status === 200 && body?.value?.length, `${text} answers what the contract does not have`)
    return
  }
  t.ok(body, `${text} has a body`)
  t.strictSame(complaintsAgainst(schema, body ?? {}, { additions: additionsOf(schema) }), [], text)
  const items = Array.isArray(body?.value) ? body.value : []
  const declared = /^(.*)CollectionResponse$/.exec(schema)?.[1]
  for (const item of items) {
    const type = item['@odata.type']?.slice(1) ?? declared
    if (type && type !== 'String')
      t.strictSame(complaintsAgainst(type, item, { additions: additionsOf(type) }), [], text)
  }
}

/** Names that Graph's schema does not have: documented additions, and what live answers show. */
function additionsOf(schema: string): string[] {
  const shapes = [...Object.values(SHAPES), ...Object.values(CREATED)].filter((shape) => shape.schema === schema)
  return shapes.flatMap(({ additions = [], undeclared = [] }) => [...additions, ...undeclared])
}

/** Where an item of a list is, by the list it stands in. */
const ITEMS: Record<string, string> = {
  members: 'user',
  transitiveMembers: 'user',
  owners: 'me',
  memberOf: 'team',
  transitiveMemberOf: 'team',
  ownedObjects: 'team',
  directReports: 'report',
  sponsors: 'report',
  sponsorOf: 'report',
  deletedItems: 'deleted',
  directoryObjects: 'user',
}

/** An item that a list holds of a type, where it is not the one above. */
const CAST_ITEMS: Record<string, string> = {
  group: 'inner',
  directoryRole: 'role',
  application: 'application',
  servicePrincipal: 'principal',
}
const HELD_GROUPS = /memberOf|ownedObjects/i
/** What was deleted, as something that it is not. */
const OTHER_DELETED = /deletedItems\/\{directoryObject-id\}\/graph\.(?!user)/
/** Items of types that these lists never hold: not found, whichever is asked for. */
const NEVER_HELD =
  /\{directoryObject-id\}\/graph\.(administrativeUnit|device|orgContact|appRoleAssignment|endpoint)$|embers\/\{directoryObject-id\}\/graph\.(application|servicePrincipal)$|^\/groups.*owners\/\{directoryObject-id\}\/graph\.(?!user)|^\/servicePrincipals.*(ownedObjects|emberOf)\/\{directoryObject-id\}\/graph\.group/

/** The path with what stands for each of its parameters: `{user-id}` is the fact `user`. */
function filled(path: string): string {
  const { facts } = world
  const fact = (name: string) => encodeURIComponent(facts[name] ?? crypto.randomUUID())
  return (
    path
      .replace('/me/directReports/{directoryObject-id}', `/me/directReports/${fact('user')}`)
      // Whoever registered the application owns it, and its service principal.
      .replace('{servicePrincipal-id}/ownedObjects', `${fact('maker')}/ownedObjects`)
      .replace(/^(\/servicePrincipals.*emberOf\/)\{directoryObject-id\}$/, (_all, list: string) => list + fact('role'))
      .replace(/ownedObjects\/\{directoryObject-id\}$/, () => `ownedObjects/${fact('application')}`)
      .replace(
        /owners\/\{directoryObject-id\}\/graph.servicePrincipal/,
        `owners/${fact('maker')}/graph.servicePrincipal`,
      )
      .replace(
        /^\/groups\/\{group-id\}\/(m|transitiveM)emberOf\/\{directoryObject-id\}/,
        `/groups/{group-id}/$1emberOf/${fact('outer')}`,
      )
      .replace(/(?<!deleted)(\w+)\/\{directoryObject-id\}\/graph\.(\w+)/, (all, list: string, type: string) => {
        const item = type === 'group' && HELD_GROUPS.test(list) ? undefined : CAST_ITEMS[type]
        return item === undefined ? all : `${list}/${fact(item)}/graph.${type}`
      })
      .replace(/(\w+)\/\{directoryObject-id\}/g, (_all, list: string) => `${list}/${fact(ITEMS[list] ?? '')}`)
      .replace(
        /(users|groups|me|servicePrincipals)(.*)\{appRoleAssignment-id\}/,
        (_all, of: string, rest: string) => `${of}${rest}${fact(`${of}Role`)}`,
      )
      .replace(/\{user-id\}/g, fact(path.endsWith('graph.directoryRole') ? 'me' : 'user'))
      .replace(/\{servicePrincipal-id\}/g, fact('principal'))
      .replace(/\{group-id\}/g, fact('team'))
      .replace(/\{([\w-]+?)(?:-id)?\}/g, (_all, name: string) => fact(name))
  )
}

/** A body with facts in the place of their names. */
function named(text: string): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => world.facts[name] ?? '')
}

function readCoverage(): { served: Operation[]; missing: Operation[] } {
  const served: Operation[] = []
  const missing: Operation[] = []
  let list = served
  for (const line of readFileSync('docs/graph-coverage.md', 'utf8').split('\n')) {
    if (line === 'Served:' || line === 'Partly:') list = served
    else if (line === 'Not served:') list = missing
    else if (/^- [A-Z]+ \//.test(line)) list.push(operation(line.slice(2).replace(/ \(without .*/, '')))
  }
  return { served, missing }
}
