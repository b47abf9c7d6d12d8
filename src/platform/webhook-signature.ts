import { createHmac, randomBytes } from 'node:crypto'
import type { Instant } from '../kernel/instant.js'

/** What a secret looks like outside (Standard Webhooks). */
const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** A new secret of 256 bits. */
export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES)
}

/** A secret as it is shown (Standard Webhooks: `whsec_` and base64). */
export function shownSecret(secret: Buffer): string {
  return `${PREFIX}${secret.toString('base64')}`
}

/** The secret behind what is shown, undefined when it is none of 24 to 64 bytes. */
export function readSecret(shown: string): Buffer | undefined {
  const text = shown.slice(PREFIX.length)
  if (!shown.startsWith(PREFIX) || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  const secret = Buffer.from(text, 'base64')
  return secret.length >= 24 && secret.length <= 64 ? secret : undefined
}

/**
 * Headers by which a receiver knows who sent the body and when (Standard Webhooks 1.0): HMAC-SHA-256 over id, time and
 * body, one signature for each secret that is good now; a receiver accepts any it can make itself. `id` stays the same
 * when the same is sent again.
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
