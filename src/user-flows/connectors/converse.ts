import type { Instant } from '../../kernel/instant.js'
import { AnswerTooLong, EgressFailed, EgressRefused } from '../../platform/egress/egress.js'
import type { CallableConnector } from './call-store.js'
import type { ConnectorCalls } from './calls.js'
import { NoCredentials } from './credentials.js'
import type { ShownTry } from './shown-exchange.js'
import { type HttpAnswer, type Question, type Reading, readAnswer, reasonOfConnection, requestBody } from './wire.js'

/** What was said: the request, each try, the last answer and what it means. Durations are in milliseconds. */
export type Conversation = {
  startedAt: Instant
  durationMs: number
  body: Record<string, unknown>
  /** Names of the headers by which we proved ourselves; their values are nobody's business. */
  headers: Record<string, string>
  tries: ShownTry[]
  answer: HttpAnswer | undefined
  reading: Reading
}

type Tried = { answer?: HttpAnswer; reading: Reading; isWorthRepeating: boolean; headers: Record<string, string> }

/**
 * Asks a connector, and once more when nobody answered or the answer was a 5xx: the same bytes with the same
 * `Idempotency-Key`, so that the receiver can tell a repetition. Holds no database connection. Never throws for what the
 * connector does.
 */
export async function converse(
  calls: ConnectorCalls,
  connector: CallableConnector,
  question: Question & { idempotencyKey: string },
  clock: () => Instant,
): Promise<Conversation> {
  const startedAt = clock()
  const start = performance.now()
  const body = requestBody(question)
  const request = { ...question, body: JSON.stringify(body) }
  const tries: ShownTry[] = []
  const attempt = async (): Promise<Tried> => {
    const began = performance.now()
    const tried = await tryOnce(calls, connector, request, clock())
    tries.push({
      durationInMilliseconds: Math.round(performance.now() - began),
      status: tried.answer?.status ?? null,
      trouble: tried.answer || tried.reading.action !== 'Failed' ? null : tried.reading.reason,
    })
    return tried
  }
  let last = await attempt()
  if (last.isWorthRepeating) last = await attempt()
  const { answer, reading, headers } = last
  return { startedAt, durationMs: Math.round(performance.now() - start), body, headers, tries, answer, reading }
}

async function tryOnce(
  calls: ConnectorCalls,
  connector: CallableConnector,
  { step, idempotencyKey, body }: { step: Question['step']; idempotencyKey: string; body: string },
  now: Instant,
): Promise<Tried> {
  const { timeoutMs, maxBytes } = calls.limits
  const ours = {
    accept: 'application/json',
    'content-type': 'application/json',
    'idempotency-key': idempotencyKey,
  }
  const began = performance.now()
  try {
    const proof = await calls.credentials.proofOf(connector, { id: idempotencyKey, body, now })
    const headers = { ...ours, ...proof.headers }
    const { identity } = proof
    const came = await calls.egress.post(connector.targetUrl, {
      headers,
      body,
      // A token that was slow to come is part of the try.
      timeoutMs: Math.max(1, Math.round(timeoutMs - (performance.now() - began))),
      maxBytes,
      ...(identity && { identity }),
    })
    const { status } = came
    const answer = { status, contentType: came.headers['content-type'], body: came.body }
    if (status === 401) calls.credentials.forget(connector)
    return { answer, reading: readAnswer(answer, step), isWorthRepeating: status >= 500, headers }
  } catch (error) {
    return { ...troubleOf(error), headers: ours }
  }
}

function troubleOf(error: unknown): Omit<Tried, 'headers'> {
  const failed = (reason: string, isDown: boolean): Omit<Tried, 'headers'> => ({
    reading: { action: 'Failed', reason, isDown },
    isWorthRepeating: isDown,
  })
  if (error instanceof EgressRefused) return failed(`targetUrl: ${error.message}`, false)
  if (error instanceof AnswerTooLong) return failed(error.message, false)
  if (error instanceof EgressFailed) return failed(reasonOfConnection(error.message, error.code), true)
  if (error instanceof NoCredentials) return failed(error.message, error.isDown)
  throw error
}
