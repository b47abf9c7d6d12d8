import type { IncomingMessage } from 'node:http'
import type { Client } from '../applications/index.js'
import type { KnownTenant } from './needs.js'

/** What belongs to one request to the provider and is no part of the protocol. */
export type Exchange = {
  tenant: KnownTenant
  traceId: string
  correlationId: string
  /** The client as it was read for this request; undefined when there is none that may be let in. */
  client?: Client | undefined
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
