import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../kernel/refusal.js'
import { isGraphPath, pathAndQuery } from './paths.js'
import { shared } from './plugin.js'
import { graphErrorBody, type Problem, readError } from './problem.js'
import { GRAPH_JSON, setIdHeaders } from './request-ids.js'
import { RouteTree } from './route-tree.js'

/** Answers outside the Graph dialect: pages and the like. Without them such requests get a plain line of text. */
export type Elsewhere = {
  notFound?: (request: FastifyRequest, reply: FastifyReply) => unknown
  /** Errors of routes outside `/v1.0` and `/beta` that have no error handler of their own. */
  error?: (problem: Problem, request: FastifyRequest, reply: FastifyReply) => unknown
}

type Options = {
  elsewhere?: Elsewhere
  /** Where the routes are noted; given when somebody else wants to know them too. */
  routes?: RouteTree
}

/**
 * The one place where errors become answers: Graph's envelope under `/v1.0` and `/beta`, `elsewhere` for the rest.
 * Register it before the routes, since it learns them to tell an unknown path (400) from a wrong method (405).
 */
export const httpErrors = shared<Options>('http-errors', async (app, { elsewhere = {}, routes = new RouteTree() }) => {
  app.addHook('onRoute', ({ method, url }) => routes.add(method, url))
  refuseNul(app)
  refuseOperationsAsKeys(app)

  app.setErrorHandler((error, request, reply) => {
    const problem = readError(error, request)
    logError(error, problem, request)
    if (elsewhere.error && !isGraphPath(request.url)) return elsewhere.error(problem, request, reply)
    return sendProblem(problem, request, reply)
  })

  app.setNotFoundHandler((request, reply) => {
    if (isGraphPath(request.url)) return sendProblem(missedRoute(routes, request), request, reply)
    if (elsewhere.notFound) return elsewhere.notFound(request, reply)
    return reply.code(404).type('text/plain; charset=utf-8').send('Not found\n')
  })
})

/** Sends a problem as Graph's error envelope, with the headers that belong to its status. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(problem.retryAfterSeconds)))
  if (problem.status === 401) reply.header('www-authenticate', challenge(problem))
  if (problem.allow) reply.header('allow', problem.allow.join(', '))
  return reply.code(problem.status).type(GRAPH_JSON).send(graphErrorBody(problem, request))
}

/**
 * For Fastify's `frameworkErrors` option: requests the router cannot read (a broken percent sequence, a path
 * parameter beyond the limit), which no hook or handler ever sees.
 */
export function frameworkErrors(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  setIdHeaders(request, reply)
  const problem = readError(error, request)
  void sendProblem(
    problem.status === 500 ? problem : { ...problem, message: 'Bad Request - Invalid URL' },
    request,
    reply,
  )
}

// PostgreSQL cannot store U+0000, and no name, id or literal holds it: better a 400 here than an error there.
function refuseNul(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (!request.url.includes('%00')) return done()
    done(new Refusal('invalid', 'nulCharacter', 'The URL holds a NUL character.', { graphCode: 'BadRequest' }))
  })
}

/** A type's name has no dot of its own: `microsoft.graph.openTypeExtension.com.contoso.settings` is the key of one. */
const CAST = /^(?:microsoft\.)?graph\.\w+$/i
const OPERATION = new RegExp(`^\\$|\\(\\)$|^delta$|${CAST.source}`, 'i')

/**
 * A segment that can only be an operation or a cast is no key where a route would take one: `/organization/$count` asks
 * for no organization of that name. A key that begins with a dollar sign comes percent-encoded out of `users('$x')`.
 */
function refuseOperationsAsKeys(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { url: route } = request.routeOptions
    if (
      route === undefined ||
      !/\/(?:\$|(?:microsoft\.)?graph\.|delta)|\(\)/i.test(request.url) ||
      !isGraphPath(request.url)
    ) {
      return done()
    }
    const parts = route.split('/')
    const segments = (pathAndQuery(request.url).split('?', 1)[0] ?? '').split('/')
    const key = segments.find((segment, index) => parts[index]?.startsWith(':') && OPERATION.test(segment))
    if (key === undefined) return done()
    const name = key.slice(0, 64).toWellFormed()
    done(
      CAST.test(key)
        ? new Refusal('invalid', 'unsupportedCast', `A cast to '${name}' is not supported here.`, {
            graphCode: 'Request_UnsupportedQuery',
          })
        : new Refusal('invalid', 'unknownPath', segmentNotFound(name), { graphCode: 'BadRequest' }),
    )
  })
}

function segmentNotFound(segment: string): string {
  return `Resource not found for the segment '${segment}'.`
}

/** Graph: an unknown path is a 400 that names the segment; a known one with another method a 405. */
function missedRoute(routes: RouteTree, request: FastifyRequest): Problem {
  const path = pathAndQuery(request.url).split('?', 1)[0] ?? ''
  const found = routes.explain(path)
  if ('methods' in found) {
    const message = 'Specified HTTP method is not allowed for the request target.'
    return { status: 405, code: 'Request_BadRequest', innerCode: 'methodNotAllowed', message, allow: found.methods }
  }
  const message = segmentNotFound(found.unknownSegment.slice(0, 128).toWellFormed())
  return { status: 400, code: 'BadRequest', innerCode: 'unknownPath', message }
}

/** RFC 6750 section 3: no error attribute when no token was sent. */
function challenge({ innerCode, message }: Problem): string {
  const realm = 'Bearer realm="Vestibule"'
  if (innerCode === 'tokenMissing') return realm
  return `${realm}, error="invalid_token", error_description="${message.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ')}"`
}

function logError(error: unknown, problem: Problem, request: FastifyRequest): void {
  if (problem.status === 500) request.log.error({ err: error }, 'request failed unexpectedly')
  else if (problem.status === 503) request.log.warn({ err: error }, 'request failed for want of a dependency')
  else if (error instanceof Refusal) {
    const { code, details } = error
    const level = details.internal === undefined && details.cause === undefined ? 'debug' : 'info'
    request.log[level]({ refusal: code, internal: details.internal, err: details.cause }, 'request refused')
  } else request.log.debug({ refusal: problem.innerCode }, 'request refused')
}
