const BEARER = /^Bearer +([^\s]+) *$/i

let last: { header: string; token: string | undefined } | undefined

/**
 * The token of an `Authorization: Bearer` header (RFC 6750 section 2.1), or undefined when there is none. Looking
 * through a long token costs more than comparing it, and most requests come with the header of the one before.
 */
export function tokenOfHeader(header: string): string | undefined {
  if (last?.header !== header) last = { header, token: BEARER.exec(header)?.[1] }
  return last.token
}
