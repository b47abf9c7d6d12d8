import type { IncomingMessage } from 'node:http'
import type { Client, RelyingParty } from '../applications/index.js'
import type { Instant } from '../kernel/instant.js'
import type { Browser } from '../sign-in/index.js'
import type { Kept } from './hot-statements.js'
import type { KnownTenant } from './needs.js'
import type { Ahead } from './read-ahead.js'
import type { AccountFacts, SessionFacts } from './sign-in-store.js'

/** What belongs to one request to the provider and is no part of the protocol. */
export type Exchange = {
  tenant: KnownTenant
  /** When it came. */
  now: Instant
  traceId: string
  correlationId: string
  /** The origin of the listener that took the connection. */
  origin: string
  /** The address that the request came from. */
  from: string
  /** Whether the request is one of an endpoint that takes `resource`: Entra's first, which says a little more, or AD FS's. */
  endpoint?: 'version1' | 'adfs'
  /** What a request to that endpoint named. */
  resource?: string | undefined
  /** What the browser holds; undefined where no browser asks. */
  browser?: Browser | undefined
  /** The client as it was read for this request; undefined when there is none that may be let in. */
  client?: Client | undefined
  party?: RelyingParty | undefined
  /** Whether the client showed no secret, key or token of its own. */
  isPublic?: boolean
  session?: SessionFacts | undefined
  /** What was read before the library asks for it. */
  ahead?: Ahead
  /** What is written once the library is done; undefined where it is written at once. */
  pending?: Kept | undefined
  /** The end of what was shown and had been used before, until it is written. */
  ending?: Promise<void>
  /** Whether a refresh token was asked for. */
  wantsOffline?: boolean
  /** People as they were read for this request, by id. */
  accounts: Map<string, Promise<AccountFacts | undefined>>
}

const exchanges = new WeakMap<IncomingMessage, Exchange>()

/** Ties `exchange` to the request, so that the provider's hooks, which are handed the request only, find it. */
export function beginExchange(request: IncomingMessage, exchange: Exchange): void {
  exchanges.set(request, exchange)
}

/** The exchange of a request. Assumes that it came through our routes. */
export function exchangeOf(request: IncomingMessage | undefined): Exchange {
  const exchange = request && exchanges.get(request)
  if (!exchange) throw new Error('the provider was asked outside its routes')
  return exchange
}
