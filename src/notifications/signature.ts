import { createHmac, randomBytes } from 'node:crypto'
import type { Instant } from '../kernel/instant.js'

const SECRET_BYTES = 32

/** A new secret of 256 bits. */
export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/** The secret as it is shown, once (Standard Webhooks: `whsec_` and base64). */
export function shownSecret(secret: Buffer): string {
  return `whsec_${secret.toString('base64')}`
}

/**
 * Headers by which a receiver knows who sent the body and when (Standard Webhooks 1.0): HMAC-SHA-256 over id, time and
 * body, one signature for each secret that is good now; a receiver accepts any it can make itself. `id` stays the same
 * when the same notifications are sent again.
 */
export function signatureHeaders(
  secrets: readonly Buffer[],
  id: string,
  now: Instant,
  body: string,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000))
  const sign = (secret: Buffer) =>
    `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map(sign).join(' ') }
}
