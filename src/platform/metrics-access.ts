import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { sameBytes } from './crypto.js'

/** Who asks for the metrics, as far as the answer depends on it. */
export type MetricsQuestion = {
  /** `VESTIBULE_METRICS_TOKEN`. */
  token: string | undefined
  /** The request's `Authorization`. */
  authorization: string | undefined
  /** The client's address: of the peer, or what a trusted proxy says it is. */
  address: string
  /** The request came through a proxy that nobody vouches for, so the address is the proxy's and says nothing. */
  throughUnknownProxy: boolean
}

const PRIVATE = new Set(['loopback', 'private', 'uniqueLocal', 'linkLocal'])

/**
 * Whether metrics may be shown. With a token only to who shows it, from wherever; without one only to this machine and
 * private networks (RFC 1918, RFC 4193, link-local). Metrics tell how busy an organization is, and whom it fails.
 */
export function mayReadMetrics(question: MetricsQuestion): 'yes' | 'tokenNeeded' | 'notFromHere' {
  const { token, authorization, address, throughUnknownProxy } = question
  if (token !== undefined) {
    const shown = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1]
    return shown !== undefined && sameBytes(digest(shown), digest(token)) ? 'yes' : 'tokenNeeded'
  }
  if (throughUnknownProxy || !ipaddr.isValid(address)) return 'notFromHere'
  return PRIVATE.has(ipaddr.process(address).range()) ? 'yes' : 'notFromHere'
}

/** Of equal length, so that not even the length of the token can be measured. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
