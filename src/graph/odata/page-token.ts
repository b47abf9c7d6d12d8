import { createHmac, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../../kernel/refusal.js'

/** What a page belongs to: a token made for one tenant, path or query is worth nothing for another. */
export type PageScope = {
  tenantId: string
  /** Path of the collection without version or query: `/users`. */
  path: string
  /** Everything that decides which rows come in which order: filter, search and order, as they were sent. */
  query?: readonly (string | undefined)[]
}

/** The sort keys of the last row shown. */
export type PagePosition = readonly (string | number | boolean | null)[]

/** Milliseconds a `$skiptoken` stays good. */
export const PAGE_TOKEN_LIFETIME_MS = 24 * 3_600_000

const MAC_BYTES = 32

/** Makes a `$skiptoken`: time and position, signed with HMAC-SHA-256 over them and the scope. `nowMs` is Unix time. */
export function encodePageToken(key: Buffer, scope: PageScope, position: PagePosition, nowMs: number): string {
  const payload = Buffer.from(JSON.stringify([nowMs, ...position]))
  return Buffer.concat([mac(key, scope, payload), payload]).toString('base64url')
}

/**
 * Reads a `$skiptoken`. One that was forged, altered, made for something else or is older than a day is refused with
 * Graph's `Directory_ExpiredPageToken`. Columns may have changed since: the caller still checks the position's types.
 * `keys` are those of every secret that may have made it.
 */
export function decodePageToken(
  keys: Buffer | readonly Buffer[],
  scope: PageScope,
  token: string,
  nowMs: number,
): PagePosition {
  if (token.length > 4_096 || !/^[A-Za-z0-9_-]+$/.test(token)) throw pageTokenExpired()
  const bytes = Buffer.from(token, 'base64url')
  const payload = bytes.subarray(MAC_BYTES)
  const isOurs = (key: Buffer) => timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(key, scope, payload))
  if (bytes.length <= MAC_BYTES || ![keys].flat().some(isOurs)) {
    throw pageTokenExpired()
  }
  const [madeAt, ...position]: [number, ...PagePosition] = JSON.parse(payload.toString())
  const age = nowMs - madeAt
  // A token from the near future is another replica's clock.
  if (age > PAGE_TOKEN_LIFETIME_MS || age < -300_000) throw pageTokenExpired()
  return position
}

/** The 400 for a page token that is no good any more, or never was. */
export function pageTokenExpired(): Refusal {
  const message = 'The specified page token value has expired and can no longer be included in your request.'
  return new Refusal('invalid', 'pageTokenExpired', message, {
    target: '$skiptoken',
    graphCode: 'Directory_ExpiredPageToken',
  })
}

// JSON keeps the parts apart, so no two scopes read the same.
function mac(key: Buffer, { tenantId, path, query = [] }: PageScope, payload: Buffer): Buffer {
  const scope = JSON.stringify([tenantId, path, query.map((part) => part ?? null)])
  return createHmac('sha256', key).update(`${scope.length}:${scope}`).update(payload).digest()
}
