import { complaintsAgainst } from '../support/contract.js'
import { BY_TYPE, CREATED, SCHEMAS, SHAPES, VALUES } from './property-sets.js'

const LINKS = ['@odata.nextLink', '@odata.deltaLink']
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

type Json = Record<string, unknown>

/** What the request has to do with what its answer holds. */
export type Asked = { method: string; path: string; root: string }

/**
 * An answer describes itself: its context names a set, what was selected, and whether it is one entity or a list. This
 * holds the body to its own context, to the request and to Graph's schema; faults in words, none when all is well.
 */
export function faultsOfShape(body: Json, asked: Asked): string[] {
  const context = readContext(body['@odata.context'], asked.root)
  if (!context) return [`@odata.context is ${JSON.stringify(body['@odata.context'])}`]
  const faults = faultsOfContext(context, asked)
  const { set } = context
  if (/^Edm|^\$|^Collection/.test(set) && context.isEntity) return [...faults, `${set} is no entity`]
  if (set === 'Edm.Boolean') return [...faults, ...exactly(body, ['@odata.context', 'value']), ...is(body, 'boolean')]
  if (set === 'Collection(Edm.String)') {
    const isTexts = Array.isArray(body['value']) && body['value'].every((item) => typeof item === 'string')
    return [...faults, ...exactly(body, ['@odata.context', 'value']), ...(isTexts ? [] : ['value holds no texts'])]
  }
  if (set === '$ref') return [...faults, ...exactly(body, ['@odata.context', '@odata.id']), ...faultsOfReference(body)]
  if (set === 'microsoft.graph.invitationEvaluation') return faults
  const value = VALUES[typeOf(set)]
  if (value !== undefined) return [...faults, ...complaintsAgainst(value, body)]
  if (context.isEntity) return [...faults, ...faultsOfEntity(body, context, asked, ['@odata.context'])]
  return [...faults, ...faultsOfList(body, context, asked)]
}

const ENTITY = '/$entity'

type Context = { set: string; select: string[] | undefined; isEntity: boolean }

function readContext(text: unknown, root: string): Context | undefined {
  const start = `${root}/$metadata#`
  if (typeof text !== 'string' || !text.startsWith(start)) return undefined
  const isEntity = text.endsWith(ENTITY)
  const what = text.slice(start.length, isEntity ? -ENTITY.length : undefined)
  const [whole, set = '', list] = /^(Collection\(.+\)|[^()]+(?:\('[^']*'\)\/\w+)*)(?:\((.+)\))?$/.exec(what) ?? []
  // What is expanded stands beside what is selected: `users(id,manager(id))`.
  const parts = list?.match(/[^,()]+(?:\([^()]*\))?/g) ?? []
  const select = list === undefined ? undefined : parts.filter((part) => !part.includes('('))
  return whole === undefined ? undefined : { set, select: select?.length === 0 ? undefined : select, isEntity }
}

/** A set, or one of its entities. */
const WHOLE = /^\/(users|groups|invitations|subscriptions|domains|organization)(?:[/(]([^/]+))?$/

/** What was selected is in the context, word by word in Graph's own spelling, and nothing else is. */
function faultsOfContext({ set, select, isEntity }: Context, { method, path }: Asked): string[] {
  const faults: string[] = []
  const asked = /[?&](?:\$|%24)?select=([^&]*)/i.exec(path)?.[1]
  const isFollowed = /token=/i.test(path)
  if (asked !== undefined && asked.toLowerCase() !== select?.join().toLowerCase())
    faults.push(`selected ${asked}, the context has ${select}`)
  if (asked === undefined && select && !isFollowed) faults.push(`the context has ${select}, nothing was selected`)
  const plain = path.replace(/\?.*$/, '')
  const [, root, key] = WHOLE.exec(plain) ?? []
  if (root !== undefined && !/^(?:delta|microsoft\.graph\.delta|evaluate|getByIds)/.test(key ?? '')) {
    if (set !== root) faults.push(`/${root} answers ${set}`)
    if (isEntity !== (method !== 'GET' || key !== undefined)) faults.push('one for a list, or a list for one')
  }
  return faults
}

function faultsOfList(body: Json, context: Context, asked: Asked): string[] {
  const { value } = body
  if (!Array.isArray(value)) return ['value is no list']
  const faults: string[] = []
  for (const name of Object.keys(body)) {
    if (!['@odata.context', '@odata.count', 'value', ...LINKS].includes(name)) faults.push(`a list with ${name}`)
  }
  for (const name of LINKS) {
    const link = body[name]
    if (link !== undefined && !String(link).startsWith(`${asked.root}/`)) faults.push(`${name} leads to ${link}`)
  }
  const isCounted = /[?&](?:\$|%24)count=true/i.test(asked.path)
  const count = body['@odata.count']
  if (count !== undefined && (!isCounted || !Number.isInteger(count))) faults.push(`@odata.count is ${count}`)
  const isDelta = /\/(?:microsoft\.graph\.)?delta/.test(asked.path)
  const links = LINKS.filter((name) => name in body).length
  if (isDelta ? links !== 1 : '@odata.deltaLink' in body) faults.push(`${links} links`)
  for (const item of value) {
    if (isDelta) faults.push(...faultsOfChange(item, context))
    else if (context.set === 'Collection($ref)')
      faults.push(...exactly(item, ['@odata.id']), ...faultsOfReference(item))
    else faults.push(...faultsOfEntity(item, context, asked, []))
  }
  return faults
}

/** Items of a delta leave out what was never set. */
function faultsOfChange(item: Json, { set, select }: Context): string[] {
  const faults = isGuid(item['id']) ? [] : ['a change without an id']
  const removed = item['@removed']
  if (removed !== undefined && !/^\{"reason":"(?:changed|deleted)"\}$/.test(JSON.stringify(removed))) {
    faults.push('removed without a reason')
  }
  const shape = SHAPES[set]
  if (!shape?.schema) return [...faults, `no changes are known of ${set}`]
  const allowed = new Set(['id', '@removed', ...(select ?? shape.names), ...['members@delta', 'manager@delta']])
  for (const name of Object.keys(item)) if (!allowed.has(name)) faults.push(`a change with ${name}`)
  return [...faults, ...complaintsAgainst(shape.schema, item, { additions: shape.undeclared ?? [] })]
}

function faultsOfEntity(item: Json, { set, select }: Context, { method, path }: Asked, envelope: readonly string[]) {
  if (typeof item !== 'object' || item === null) return [`${JSON.stringify(item)} is no entity`]
  const isMixed = set === 'directoryObjects'
  const type = item['@odata.type']
  const shape = isMixed ? BY_TYPE[String(type)] : (method === 'POST' && CREATED[path]) || SHAPES[typeOf(set)]
  const faults: string[] = []
  if (isMixed && !shape) return [`@odata.type is ${type}`]
  if (!isMixed && type !== undefined && shape) faults.push(`@odata.type among ${set}`)
  const schema = shape?.schema ?? SCHEMAS[typeOf(set)]
  if (shape && !select?.includes('*')) {
    const expanded = [...path.matchAll(/(?:\$|%24)expand=(\w+)/gi)].map(([, name = '']) => name)
    const wanted = new Set([...envelope, ...(isMixed ? ['@odata.type'] : []), ...(select ?? shape.names)])
    const may = [...expanded, ...(select ? [] : (shape.additions ?? []))].filter((name) => !wanted.has(name))
    const own = Object.keys(item).filter((name) => !may.includes(name) && !/^\w+@/.test(name))
    faults.push(...exactly(Object.fromEntries(own.map((name) => [name, 0])), [...wanted]))
  }
  if (shape && !shape.isNamed && set !== 'domains' && 'id' in item && !isGuid(item['id'])) faults.push('id is no GUID')
  if (shape && isMixed && 'deletedDateTime' in item) faults.push(...faultsOfDeletion(item))
  const additions = [...(shape?.additions ?? []), ...(shape?.undeclared ?? [])]
  for (const name of additions) if (!isLikely(name, item[name])) faults.push(`${name} is ${JSON.stringify(item[name])}`)
  return schema ? [...faults, ...complaintsAgainst(schema, item, { additions })] : faults
}

/** A set without the keys of what its entities hang on. */
function typeOf(set: string): string {
  return set.replace(/\('[^']*'\)/g, '')
}

function faultsOfDeletion({ deletedDateTime }: Json): string[] {
  return deletedDateTime === null || typeof deletedDateTime === 'string' ? [] : ['deletedDateTime is no instant']
}

function faultsOfReference(item: Json): string[] {
  return /\/(?:v1\.0|beta)\/directoryObjects\/[0-9a-f-]{36}$/.test(String(item['@odata.id'])) ? [] : ['no reference']
}

function exactly(item: Json, names: readonly string[]): string[] {
  const wanted = new Set(names)
  const missing = [...wanted].filter((name) => !(name in item)).map((name) => `without ${name}`)
  return [
    ...missing,
    ...Object.keys(item)
      .filter((name) => !wanted.has(name))
      .map((name) => `with ${name}`),
  ]
}

/** The types of what Graph's schema does not have. */
function isLikely(name: string, value: unknown): boolean {
  if (value === undefined) return true
  if (name === 'isEnabled' || name === 'requiresApproval') return typeof value === 'boolean'
  if (name === 'requestLifetimeDays') return value === null || Number.isInteger(value)
  if (name === 'validation') return typeof value === 'object' && !Array.isArray(value)
  if (name === 'isFailOpen') return typeof value === 'boolean'
  if (name === 'circuit') return isCircuit(value)
  if (name === 'sentCount') return Number.isInteger(value)
  if (name === 'history' || name === 'creationOptions') return Array.isArray(value)
  if (name === 'delivery') return value === null || (typeof value === 'object' && !Array.isArray(value))
  return value === null || typeof value === 'string'
}

function isCircuit(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const names = ['failuresInARow', 'lastFailureDateTime', 'lastFailureReason', 'openUntilDateTime', 'state']
  const { state } = value as Json
  return exactly(value as Json, names).length === 0 && ['closed', 'open', 'halfOpen'].includes(String(state))
}

const is = ({ value }: Json, type: string) => (typeof value === type ? [] : [`value is no ${type}`])
const isGuid = (value: unknown) => typeof value === 'string' && GUID.test(value)
