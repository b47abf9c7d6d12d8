import type { FastifyRequest } from 'fastify'
import { type IdempotentRequest, idempotentRequest } from '../platform/idempotency/request.js'
import { pathAndQuery } from './paths.js'

/**
 * The `Idempotency-Key` of a request, for the use case to claim in its transaction; undefined when none was sent. A
 * route that calls it says `takesIdempotencyKey` in its config.
 * @throws Refusal for a key that is none.
 */
export function idempotencyOf(request: FastifyRequest): IdempotentRequest | undefined {
  const path = pathAndQuery(request.url).split('?', 1)[0] ?? ''
  // The same resources under both versions.
  const resource = path.replace(/^\/(?:v1\.0|beta)/, '')
  return idempotentRequest(request.caller, resource, request.headers['idempotency-key'], request.body)
}
