import type { FastifyInstance } from 'fastify'
import { pathAndQuery } from './graph/paths.js'
import type { Services } from './services.js'
/** Only the address of the client is believed, and only from these peers. */
export function trusted(proxies: Services['config']['trustedProxies']): string[] | false {
  return proxies.length > 0 ? proxies.map(([address, bits]) => `${address.toString()}/${bits}`) : false
}

/**
 * A request target may name a host (RFC 9112 section 3.2.2). The router drops it, and so must everything that builds an
 * address from the one that was asked, or the next address would be the sender's choice.
 */
export function forgetNamedHost(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (!request.url.startsWith('/')) request.raw.url = pathAndQuery(request.url)
    done()
  })
}

/** Whoever follows what a request changed hears of it at once. */
export function tellOfChanges(app: FastifyInstance, { changed }: Pick<Services, 'changed'>): void {
  app.addHook('onResponse', (request, reply, done) => {
    if (request.method !== 'GET' && reply.statusCode < 400 && request.caller) changed(request.caller.tenantId)
    done()
  })
}

/** The planner is to know how large the tables have become by what requests wrote. */
export function countWrites(app: FastifyInstance, { statistics }: Pick<Services, 'statistics'>): void {
  app.addHook('onResponse', (request, reply, done) => {
    if (request.method !== 'GET' && reply.statusCode < 400) statistics.wrote()
    done()
  })
}

/** One line a request: who asked what, and how it ended. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const line = { req: request.raw, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 }
    request.log.debug(line, 'request')
    done()
  })
}
