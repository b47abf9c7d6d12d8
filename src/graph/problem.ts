import type { FastifyRequest } from 'fastify'
import { Refusal, type RefusalKind } from '../kernel/refusal.js'
import { clientRequestId } from './request-ids.js'

/** What an error means to a caller: everything an answer needs, in the dialect of the route. */
export type Problem = {
  status: number
  /** Graph's `error.code`. */
  code: string
  /** Our finer code, `innerError.code`. */
  innerCode?: string | undefined
  message: string
  target?: string | undefined
  items?: readonly { code: string; message: string; target?: string }[] | undefined
  retryAfterSeconds?: number | undefined
  /** The methods a 405 offers instead. */
  allow?: readonly string[]
}

type Row = { status: number; directory: string; invitations: string }

const sameCode = (status: number, code: string): Row => ({ status, directory: code, invitations: code })

/** The only table from a kind of refusal to HTTP. The two back ends are Graph's: they answer with different codes. */
const table: Record<RefusalKind, Row> = {
  invalid: { status: 400, directory: 'Request_BadRequest', invitations: 'BadRequest' },
  unauthenticated: sameCode(401, 'InvalidAuthenticationToken'),
  forbidden: { status: 403, directory: 'Authorization_RequestDenied', invitations: 'Forbidden' },
  notFound: sameCode(404, 'Request_ResourceNotFound'),
  conflict: { status: 409, directory: 'Request_MultipleObjectsWithSameKeyValue', invitations: 'Conflict' },
  gone: sameCode(410, 'Gone'),
  tooLarge: sameCode(413, 'RequestEntityTooLarge'),
  unprocessable: sameCode(422, 'UnprocessableEntity'),
  preconditionFailed: sameCode(412, 'PreconditionFailed'),
  failedDependency: sameCode(424, 'FailedDependency'),
  throttled: sameCode(429, 'TooManyRequests'),
  notImplemented: sameCode(501, 'NotImplemented'),
  unavailable: sameCode(503, 'ServiceUnavailable'),
}
const unexpected: Row = { status: 500, directory: 'Service_InternalServerError', invitations: 'InternalServerError' }

const UNREADABLE =
  'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.'

/** Fastify's own complaints about a body, all of which Graph answers with one sentence. */
const unreadableBody: Record<string, string> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupportedMediaType',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformedJson',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'contentLengthMismatch',
}

/** Refusal of a body that is missing where one is needed, in Graph's words. */
export function bodyUnreadable(innerCode: string): Refusal {
  return new Refusal('invalid', innerCode, UNREADABLE, { graphCode: 'BadRequest' })
}

/**
 * Reads any thrown value: a refusal, one of Fastify's own errors, a database or Redis that is away (503), or a bug
 * (500). Only refusals and known errors show their own words.
 */
export function readError(error: unknown, request: FastifyRequest): Problem {
  const backEnd = request.routeOptions.config?.backEnd ?? 'directory'
  if (error instanceof Refusal) return fromRefusal(error, backEnd)
  const fastifys = fromFastify(error, request)
  if (fastifys) return fastifys
  const passing = passingFault(error)
  if (passing) return { status: 503, code: table.unavailable[backEnd], retryAfterSeconds: 2, ...passing }
  const message = 'An unexpected error occurred. Please quote the request id when you report it.'
  return { status: 500, code: unexpected[backEnd], innerCode: 'unexpected', message }
}

/** Graph's error body. `date` has no zone, as on Graph's wire; it is UTC. */
export function graphErrorBody(problem: Problem, request: FastifyRequest) {
  const { code, message, target, items, innerCode } = problem
  return {
    error: {
      code,
      message,
      ...(target !== undefined && { target }),
      ...(items !== undefined && { details: items }),
      innerError: {
        ...(innerCode !== undefined && { code: innerCode }),
        date: new Date().toISOString().slice(0, 19),
        'request-id': request.id,
        'client-request-id': clientRequestId(request),
      },
    },
  }
}

function fromRefusal({ kind, code, message, details }: Refusal, backEnd: 'directory' | 'invitations'): Problem {
  const row = table[kind]
  return {
    status: row.status,
    code: details.graphCode ?? row[backEnd],
    innerCode: code,
    message,
    target: details.target,
    items: details.items,
    retryAfterSeconds: details.retryAfterSeconds,
  }
}

function fromFastify(error: unknown, request: FastifyRequest): Problem | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return undefined
  const { statusCode: status, code, message } = error
  if (typeof status !== 'number' || typeof code !== 'string' || !code.startsWith('FST_')) return undefined
  if (status < 400 || status > 499) return undefined
  const innerCode = unreadableBody[code]
  if (innerCode !== undefined) return { status: 400, code: 'BadRequest', innerCode, message: UNREADABLE }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limit = Math.floor(request.routeOptions.bodyLimit / 1_024)
    const tooLarge = `The request body is too large. The limit is ${limit} kB.`
    return { status, code: table.tooLarge.directory, innerCode: 'bodyTooLarge', message: tooLarge }
  }
  return { status, code: 'BadRequest', innerCode: 'badRequest', message }
}

// Connection losses as postgres.js, pg, ioredis and Node name them; then PostgreSQL's own: shutting down, starting up,
// too many connections, and a transaction that lost a race and may simply be tried again.
const outages =
  /^(?:CONNECT(?:ION)?_\w+|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|57P0[1-5]|53300|08\w{3}|40001|40P01)$/

// A statement or a wait for a lock that took longer than a request may, and a transaction that stood still.
const timeouts = /^(?:57014|55P03|25P03)$/

/** What to tell when the error, or one it was caused by, is one that passes: try again. Undefined for all others. */
function passingFault(error: unknown): Pick<Problem, 'innerCode' | 'message'> | undefined {
  let current = error
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    const code = 'code' in current ? current.code : undefined
    if (typeof code === 'string' && timeouts.test(code)) {
      return { innerCode: 'timedOut', message: 'The service is busy. Please try again in a few seconds.' }
    }
    if (typeof code === 'string' && (outages.test(code) || isMissingSocket(current, code))) {
      const message = 'The service is temporarily unavailable. Please try again in a few seconds.'
      return { innerCode: 'dependencyDown', message }
    }
    current = current.cause
  }
  return undefined
}

// A unix socket that is not there yet or any more; other missing files are bugs.
function isMissingSocket(error: Error, code: string): boolean {
  return code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect'
}
