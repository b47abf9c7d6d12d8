import type { Test } from 'tap'
import type { Answer } from '../support/service.js'
import { type Expected, faultsOf } from './checker.js'
import { mutantsOf, seeded, survivors } from './mutants.js'
import { INVITING } from './property-sets.js'
import type { CallerName, World } from './world.js'

/** What an error says, to the letter. `inner` is our finer code; `target` and `details` are absent unless named. */
export type GoldenError<Message = string> = {
  code: string
  message: Message
  inner: string
  target?: string
  details?: unknown
}

/** Graph's answer about an object that is not there, or not for the caller. */
export const noResource = (name: string, inner: string): GoldenError => ({
  code: 'Request_ResourceNotFound',
  message: `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
  inner,
})

/** Graph's answer to somebody who has none of these roles. */
export const lacksRole = (roles: string): GoldenError => ({
  code: 'Authorization_RequestDenied',
  message: 'Insufficient privileges to complete the operation.',
  inner: 'roleMissing',
  details: [{ code: 'roleNeeded', message: roles }],
})

/**
 * One request and the answer it must get. Texts may hold `{name}` for anything in the world's facts. Besides what is
 * named here every answer is held to the headers of the dialect, to its own context, to Graph's schema of what that
 * names, every error to Graph's envelope, and every refusal to having written nothing.
 */
export type Exchange = {
  title: string
  /** What must have happened before; may add facts and callers. */
  given?: (world: World) => Promise<unknown>
  /** `POST /invitations` */
  ask: string
  as?: CallerName
  headers?: Record<string, string>
  /** JSON, or the text itself. */
  body?: unknown
  status: number
  /** Response headers; null means absent. */
  answers?: Record<string, string | RegExp | null>
  /** The exact property set. */
  names?: readonly string[]
  /** `@odata.context`, after the version. */
  context?: string
  /** Exact values of some properties. */
  is?: Record<string, unknown>
  /** Anything else that must hold. */
  check?: (t: Test, answer: Answer, world: World) => unknown
  error?: GoldenError<string | RegExp>
  /** Workers write at the same time, so the tables are not compared. */
  isBusy?: true
}

/** Property set of Graph's answer to `POST /invitations`. */
export const INVITATION = ['@odata.context', ...INVITING]

const TABLES = [
  'users',
  'user_identities',
  'user_sponsors',
  'invitations',
  'invitation_mails',
  'outbox',
  'audit_events',
  'idempotency_keys',
  'tenant_policies',
  'groups',
  'group_members',
  'group_owners',
  'directory_values',
  'open_extensions',
  'applications',
  'extension_properties',
  'custom_attributes',
  'user_flows',
  'user_flow_providers',
  'user_flow_assignments',
  'user_flow_applications',
  'user_flow_approvers',
  'user_flow_languages',
  'user_flow_pages',
  'api_connectors',
  'api_connector_certificates',
]

/** The least that invites somebody. */
export function wish(invitedUserEmailAddress: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { invitedUserEmailAddress, inviteRedirectUrl: 'https://app.example/welcome', ...more }
}

/** How many changed answers each exchange is tried with, and how many of them must be seen (mutants.ts). */
const MUTANTS_EACH = 4
const CAUGHT = 0.95

/**
 * One test per row of the table, in its order, and one that shows that these exchanges would have seen another answer:
 * each answer that came is changed in one thing, again and again, and held against its exchange once more.
 */
export function play(t: Test, world: () => World, table: readonly Exchange[]): void {
  const came: Golden[] = []
  for (const exchange of table) {
    t.test(exchange.title, async (t) => {
      came.push(await hold(t, world(), exchange))
    })
  }
  t.test('changed answers are seen', async (t) => holdMutants(t, came, MUTANTS_EACH))
}

/** An answer that came, and what it was held to. */
export type Golden = { title: string; expected: Expected; answer: Answer }

/** Changes each answer `each` times in one thing, the same way in every run, and counts what goes unseen. */
export function holdMutants(t: Test, goldens: readonly Golden[], each: number): void {
  const random = seeded(goldens.length)
  const unseen = goldens.flatMap(({ title, expected, answer }) =>
    survivors(expected, mutantsOf(answer, each, random)).map(({ what }) => `${title}: ${what}`),
  )
  const count = goldens.length * each
  t.ok(unseen.length <= count * (1 - CAUGHT), `${unseen.length} of ${count} went unseen`, { unseen })
  for (const what of unseen) t.comment(`unseen: ${what}`)
  t.comment(`${count - unseen.length} of ${count} changed answers were seen`)
}

async function hold(t: Test, world: World, exchange: Exchange): Promise<Golden> {
  await exchange.given?.(world)
  const before = exchange.error && !exchange.isBusy && (await written(world))
  const answer = await send(world, exchange)
  const expected = expectedOf(world, exchange)
  t.strictSame(faultsOf(expected, answer), [], answer.text)
  if (before) t.strictSame(await written(world), before, 'wrote nothing')
  await exchange.check?.(t, answer, world)
  return { title: exchange.title, expected, answer }
}

/** What came, without holding it to anything. */
export async function answersTo(world: World, table: readonly Exchange[]): Promise<Golden[]> {
  const came: Golden[] = []
  for (const exchange of table) {
    await exchange.given?.(world)
    const answer = await send(world, exchange)
    came.push({ title: exchange.title, expected: expectedOf(world, exchange), answer })
  }
  return came
}

/** What an exchange asks of its answer, with the facts as they are now. */
function expectedOf(
  { facts }: World,
  { title: _title, given: _given, check: _check, body: _body, ...exchange }: Exchange,
): Expected {
  return fill({ ...exchange, baseUrl: facts['baseUrl'] ?? '' }, facts)
}

function send(world: World, { ask, as = 'everything', headers, body }: Exchange): Promise<Answer> {
  const [, method = '', path = ''] = /^(\w+) (.*)$/.exec(fill(ask, world.facts)) ?? []
  if (as !== 'everything' && !world.tokens.has(as)) throw new Error(`nobody is called '${as}'`)
  const token = as === 'everything' ? undefined : world.tokens.get(as)
  return world.service.api(method, path, body === undefined ? undefined : fill(body, world.facts), {
    ...(token !== undefined && { token }),
    ...(headers && { headers: fill(headers, world.facts) }),
  })
}

/** Everything in the tables that a request could have written to. */
async function written({ service }: World): Promise<unknown> {
  const contents = TABLES.map(
    (name) => `(select md5(string_agg(row::text, '|' order by row::text)) from ${name} as row) as ${name}`,
  )
  const [row] = await service.rows(`select ${contents.join(', ')}`)
  return row
}

/** Puts facts in the place of their names, wherever texts stand in `value`. */
function fill<Value>(value: Value, facts: Record<string, string>): Value
function fill(value: unknown, facts: Record<string, string>): unknown {
  if (typeof value === 'string') return value.replace(/\{([\w-]+)\}/g, (_whole, name: string) => fact(facts, name))
  if (Array.isArray(value)) return value.map((item) => fill(item, facts))
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner, facts)]))
}

function fact(facts: Record<string, string>, name: string): string {
  const value = facts[name]
  if (value === undefined) throw new Error(`nothing is known by the name '${name}'`)
  return value
}
