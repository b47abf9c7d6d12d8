import { randomUUID } from 'node:crypto'
import { type Egress, EgressFailed, EgressRefused } from '../platform/egress/egress.js'
import { refusals } from './errors.js'

/** Graph: the token comes back within 10 seconds. */
const TIMEOUT_MS = 10_000

/**
 * Asks an endpoint whether it wants notifications (Graph: notificationUrl validation): it answers 200 with the decoded
 * token as plain text. Call it outside of any transaction.
 * @throws Refusal that names `target`: an address that may not be called, no answer in time, another answer.
 */
export async function validateEndpoint(egress: Egress, url: string, target: string): Promise<void> {
  // Like Graph's, with what a URL must encode: an endpoint that echoes it undecoded would fail on the first client.
  const token = `Validation: does this endpoint want notifications? ${randomUUID()}`
  const answer = await ask(egress, url, token).catch((error: unknown) => {
    if (error instanceof EgressRefused) throw refusals.urlRefused(target, error.message)
    if (error instanceof EgressFailed && error.timedOut) throw refusals.validationTimedOut(target)
    if (error instanceof EgressFailed) throw refusals.validationNotOk(target)
    throw error
  })
  if (answer.status !== 200) throw refusals.validationNotOk(target)
  const isPlain = /^text\/plain(?:\s*;|$)/i.test(answer.headers['content-type'] ?? '')
  if (!isPlain || answer.body !== token) throw refusals.validationMismatch(target)
}

async function ask(egress: Egress, url: string, token: string) {
  egress.check(url)
  return egress.post(withToken(url, token), {
    headers: { 'content-type': 'text/plain; charset=utf-8', accept: 'text/plain' },
    body: '',
    timeoutMs: TIMEOUT_MS,
    maxBytes: 4_096,
  })
}

/** Whatever the client's own query says stays as it is written. */
function withToken(text: string, token: string): string {
  const url = new URL(text)
  url.hash = ''
  const separator = url.search === '' ? '?' : '&'
  return `${url.href}${separator}validationToken=${encodeURIComponent(token)}`
}
