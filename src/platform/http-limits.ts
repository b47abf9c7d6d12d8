import type { Server } from 'node:http'

/**
 * What a client may cost a listener before it has said anything worth answering. Milliseconds: for the head of a
 * request, for all of it, for silence, and for silence between two requests; slow ones are cut off at the next look.
 */
export const HTTP_LIMITS = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  timeout: 60_000,
  keepAliveTimeout: 72_000,
  connectionsCheckingInterval: 5_000,
} as const

/** Open connections of one listener; further ones are closed at once, so that descriptors are left for the database. */
const MOST_CONNECTIONS = 10_000

/** Sets what is not set when a server is made. */
export function limitConnections(server: Pick<Server, 'timeout' | 'maxConnections'>): void {
  server.timeout = HTTP_LIMITS.timeout
  server.maxConnections = MOST_CONNECTIONS
}
