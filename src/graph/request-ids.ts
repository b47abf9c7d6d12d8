import type { FastifyReply, FastifyRequest } from 'fastify'
import { uuidv7 } from '../kernel/ids.js'
import { isGraphPath } from './paths.js'
import { shared } from './plugin.js'

/** What JSON answers of the Graph dialect declare (Graph: json-batching.md samples). */
export const GRAPH_JSON =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'

const PRINTABLE = /^[\x21-\x7e]{1,64}$/
const HEADER_NAMES = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+(?: *, *[A-Za-z0-9!#$%&'*+.^_`|~-]+)*$/
const EXPOSED = 'request-id, client-request-id, Location, Retry-After, ETag, OData-Version, Preference-Applied'
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'

/**
 * Headers every answer carries: `request-id` (a UUID version 7, also the id in the log) and `client-request-id`; under
 * `/v1.0` and `/beta` also OData's and CORS's. Register it before anything that may refuse a request, so that
 * refusals carry them too.
 */
export const requestIds = shared('request-ids', async (app) => {
  app.setGenReqId(() => uuidv7(Date.now()))

  app.addHook('onRequest', (request, reply, done) => {
    setIdHeaders(request, reply)
    if (!isGraphPath(request.url)) return done()
    setDialectHeaders(reply)
    if (isPreflight(request)) void answerPreflight(request, reply)
    else done()
  })

  app.addHook('onSend', (request, reply, payload, done) => {
    const type = reply.getHeader('content-type')
    const isPlainJson = typeof type === 'string' && /^application\/json(?:; ?charset=utf-8)?$/i.test(type)
    if (isPlainJson && isGraphPath(request.url)) reply.header('content-type', GRAPH_JSON)
    done(null, payload)
  })
})

/** The caller's own id for the request when it sent a usable one, else ours (Graph: errors.md). */
export function clientRequestId(request: FastifyRequest): string {
  const sent = request.headers['client-request-id']
  return typeof sent === 'string' && PRINTABLE.test(sent) ? sent : request.id
}

/** Sets `request-id` and `client-request-id`; for answers that are made before any hook runs. */
export function setIdHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('request-id', request.id)
  reply.header('client-request-id', clientRequestId(request))
}

function setDialectHeaders(reply: FastifyReply): void {
  reply.header('cache-control', 'no-cache')
  reply.header('odata-version', '4.0')
  reply.header('access-control-allow-origin', '*')
  reply.header('access-control-expose-headers', EXPOSED)
}

function isPreflight(request: FastifyRequest): boolean {
  return request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
}

// `Authorization` is not covered by a `*`, so the headers asked for are named one by one.
function answerPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = request.headers['access-control-request-headers']
  if (typeof asked === 'string' && asked.length <= 1_024 && HEADER_NAMES.test(asked)) {
    reply.header('access-control-allow-headers', asked)
  }
  reply.header('access-control-allow-methods', METHODS)
  reply.header('access-control-max-age', '7200')
  return reply.code(204).send()
}
