import { type Static, Type } from '@sinclair/typebox'
import { Refusal } from '../../kernel/refusal.js'
import { isGraphPath } from '../paths.js'

/** Graph: json-batching.md. */
export const MAX_ITEMS = 20

export const BatchItem = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 128 }),
  method: Type.String({
    pattern: '^(?:[Gg][Ee][Tt]|[Pp][Oo][Ss][Tt]|[Pp][Uu][Tt]|[Pp][Aa][Tt][Cc][Hh]|[Dd][Ee][Ll][Ee][Tt][Ee])$',
    rule: 'GET, POST, PUT, PATCH or DELETE',
  }),
  url: Type.String({
    minLength: 1,
    maxLength: 16_384,
    description: 'Below the version, with or without a leading slash; or absolute, at an origin of this service.',
  }),
  headers: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 8_192 }))),
  body: Type.Optional(Type.Unknown({ description: 'JSON; of another content type base64.' })),
  dependsOn: Type.Optional(Type.Array(Type.String(), { maxItems: MAX_ITEMS })),
})
export type BatchItem = Static<typeof BatchItem>

export const BatchBody = Type.Object({ requests: Type.Array(BatchItem) })

export const BatchAnswer = Type.Object({
  responses: Type.Array(
    Type.Object({
      id: Type.String(),
      status: Type.Integer(),
      headers: Type.Record(Type.String(), Type.String()),
      body: Type.Optional(Type.Unknown()),
    }),
  ),
})

/** Headers that say who asks, from where or how the message is framed: those are the batch's own. */
const NOT_OF_AN_ITEM =
  /^(?:authorization|proxy-.*|cookie|host|connection|content-length|transfer-encoding|te|upgrade|expect|forwarded|x-forwarded-.*|x-real-ip)$/

const bad = (code: string, message: string, target?: string) =>
  new Refusal('invalid', code, message, { graphCode: 'BadRequest', ...(target !== undefined && { target }) })

/**
 * The items in an order in which each comes after those it depends on, otherwise as they were sent.
 * @throws Refusal of the whole batch: too many, an id twice (ids ignore case), a dependency that is not there or comes
 * back to itself, a body without its type.
 */
export function planned(items: readonly BatchItem[]): BatchItem[] {
  if (items.length > MAX_ITEMS) {
    throw bad('batchTooLarge', `Number of batch request steps exceeds the maximum value of ${MAX_ITEMS}.`)
  }
  if (items.length === 0) throw bad('batchEmpty', 'The batch holds no requests.', 'requests')
  const byId = new Map<string, BatchItem>()
  for (const item of items) {
    if (byId.has(folded(item.id))) throw bad('duplicateId', `Request Id ${item.id} has to be unique in a batch.`)
    byId.set(folded(item.id), item)
    if (item.body !== undefined && item.body !== null && headersOf(item)['content-type'] === undefined) {
      throw bad('contentTypeMissing', `Write request id : ${item.id} does not contain Content-Type header or body.`)
    }
  }
  const order: BatchItem[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (id: string, from: string) => {
    const item = byId.get(folded(id))
    if (!item)
      throw bad(
        'unknownDependency',
        `Request '${from}' depends on '${id.slice(0, 128)}', which the batch does not hold.`,
      )
    if (state.get(folded(id)) === 'done') return
    if (state.get(folded(id)) === 'open') throw bad('circularDependency', `Request '${id}' depends on itself.`)
    state.set(folded(id), 'open')
    for (const needed of item.dependsOn ?? []) visit(needed, item.id)
    state.set(folded(id), 'done')
    order.push(item)
  }
  for (const { id } of items) visit(id, id)
  return order
}

/** An id in the form in which two are the same. */
export function folded(id: string): string {
  return id.toLowerCase()
}

/** An item's own headers in lower case. @throws Refusal of the item when one is not for it to set. */
export function itemHeaders(item: BatchItem): Record<string, string> {
  const headers = headersOf(item)
  const name = Object.keys(headers).find((each) => NOT_OF_AN_ITEM.test(each))
  if (name !== undefined) {
    throw bad('headerNotAllowed', `The header '${name.slice(0, 64)}' cannot be set on a request of a batch.`, 'headers')
  }
  return headers
}

function headersOf({ headers = {} }: BatchItem): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/**
 * The request target of an item, below `/v1.0` or `/beta` whatever dots it holds. @throws Refusal of the item for
 * another origin, another part of this service, and a batch inside the batch.
 */
export function itemTarget(url: string, version: string, origins: readonly string[]): string {
  const target = resolve(url, version, origins)
  if (!target || !isGraphPath(target.pathname)) {
    throw bad('urlNotAllowed', `The URL '${url.slice(0, 128)}' is not one of this service.`, 'url')
  }
  const [, , first = ''] = target.pathname.split('/')
  if (/^(?:\$|%24)batch$/i.test(first)) throw nestedBatch()
  return target.pathname + target.search
}

/** The refusal of a batch that is an item of another one. */
export function nestedBatch(): Refusal {
  return bad('nestedBatch', 'A batch cannot hold another batch.', 'url')
}

function resolve(url: string, version: string, origins: readonly string[]): URL | undefined {
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(url)
  // Tabs and line ends would be dropped and backslashes become slashes: then this is not the path it looks like.
  if (/^\/\/|^[^?]*\\|[\t\r\n]/.test(url)) return undefined
  const path = /^\/?(?:v1\.0|beta)(?=[/?]|$)/.test(url)
    ? url.replace(/^\/?/, '/')
    : `/${version}/${url.replace(/^\//, '')}`
  const text = isAbsolute ? url : `http://batch.invalid${path}`
  if (!URL.canParse(text)) return undefined
  const target = new URL(text)
  return !isAbsolute || origins.includes(target.origin) ? target : undefined
}
