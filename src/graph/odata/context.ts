import { graphVersion, pathAndQuery } from '../paths.js'

/** What an absolute URL in an answer is made from: the request target, and the origin of the caller's listener. */
export type Base = { url: string; origin: string }

/** Base of the dialect the request came in by: `https://host/v1.0` or `https://host/beta`, never from a header. */
export function serviceRoot({ url, origin }: Base): string {
  return `${origin}/${graphVersion(url) ?? 'v1.0'}`
}

/** `@odata.context` of a list: `…/$metadata#users`, with `$select` `…#users(id,displayName)`. */
export function collectionContext(base: Base, set: string, select?: readonly string[]): string {
  return `${serviceRoot(base)}/$metadata#${set}${selection(select)}`
}

/** `@odata.context` of one entity: `…/$metadata#users/$entity`, with `$select` `…#users(displayName)/$entity`. */
export function entityContext(base: Base, set: string, select?: readonly string[]): string {
  return `${collectionContext(base, set, select)}/$entity`
}

/** `@odata.context` of plain values: `Edm.Boolean`, `Collection(Edm.String)`. */
export function valueContext(base: Base, type: string): string {
  return `${serviceRoot(base)}/$metadata#${type}`
}

/** Absolute URL of a resource of this service, for `Location` and the like. `path` starts with a slash. */
export function resourceUrl(base: Base, path: string): string {
  return `${serviceRoot(base)}${path}`
}

/** `@odata.nextLink`: the request as it came, every parameter kept, with the new `$skiptoken` in place of an old one. */
export function nextLink(base: Base, skipToken: string): string {
  const [path = '', ...query] = pathAndQuery(base.url).split('?')
  const kept = query
    .join('?')
    .split('&')
    .filter((pair) => pair !== '' && !/^(?:\$|%24)?skiptoken(?:=|$)/i.test(pair))
  return `${base.origin}${path}?${[...kept, `$skiptoken=${skipToken}`].join('&')}`
}

function selection(select: readonly string[] | undefined): string {
  return select === undefined || select.length === 0 ? '' : `(${select.join(',')})`
}
