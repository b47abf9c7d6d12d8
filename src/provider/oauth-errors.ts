import type { IncomingMessage } from 'node:http'
import type { Instant } from '../kernel/instant.js'
import { exchangeOf } from './exchange.js'

/** An OAuth error (RFC 6749 section 5.2) with the members that Entra adds and MSAL reads. */
export type OAuthError = {
  error: string
  error_description: string
  error_codes: number[]
  timestamp: string
  trace_id: string
  correlation_id: string
}

/** The part of the library's answer that is looked at here. */
type Answer = { status: number; body: unknown; req: IncomingMessage; set(header: string, value: string): void }

type Ids = { traceId: string; correlationId: string }

// Entra's number for each OAuth error: what people search for when a client shows it.
const NUMBERS: Record<string, number> = {
  invalid_client: 7000215,
  invalid_request: 900144,
  invalid_scope: 1002012,
  invalid_target: 500011,
  unsupported_grant_type: 70003,
  unknown_tenant: 90002,
}

// One sentence for every way in which a client can fail to prove who it is: none of them is a hint.
const INVALID_CLIENT =
  'The client is unknown or disabled, or did not prove who it is. Check client_id, the secret or assertion, and their expiry.'

/** Writes an error in full. `message` is for people; `error` and `number` are what programs compare. */
export function oauthError(
  error: string,
  message: string,
  ids: Ids,
  now: Instant,
  number = NUMBERS[error],
): OAuthError {
  const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`
  const prefix = number === undefined ? '' : `AADSTS${number}: `
  return {
    error,
    error_description: `${prefix}${message} Trace ID: ${ids.traceId} Correlation ID: ${ids.correlationId} Timestamp: ${timestamp}`,
    error_codes: number === undefined ? [] : [number],
    timestamp,
    trace_id: ids.traceId,
    correlation_id: ids.correlationId,
  }
}

/** The answer for a tenant that does not exist or is disabled. Entra answers 400 `invalid_request` and 90002. */
export function unknownTenant(tenant: string, ids: Ids, now: Instant): OAuthError {
  const message = `Tenant '${tenant}' was not found. Use the tenant's id or one of its verified domains.`
  return oauthError('invalid_request', message, ids, now, NUMBERS['unknown_tenant'])
}

/** Completes an error that the library answered with; anything else passes as it is. */
export function dressError(ctx: Answer, now: Instant): void {
  const { body } = ctx
  if (ctx.status < 400 || typeof body !== 'object' || body === null || !('error' in body)) return
  const error = String(body.error)
  const said = 'error_description' in body ? String(body.error_description) : ''
  const ids = exchangeOf(ctx.req)
  if (error === 'server_error') {
    ctx.status = 503
    ctx.set('retry-after', '5')
    ctx.body = unavailable(ids, now)
  } else {
    ctx.body = oauthError(error, message(error, said), ids, now)
  }
}

/** The answer when something failed that the client cannot mend; sent with 503. */
export function unavailable(ids: Ids, now: Instant): OAuthError {
  return oauthError('temporarily_unavailable', 'The service cannot answer right now. Try again shortly.', ids, now)
}

function message(error: string, said: string): string {
  if (error === 'invalid_client') return INVALID_CLIENT
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}`
  return sentence.endsWith('.') ? sentence : `${sentence}.`
}
