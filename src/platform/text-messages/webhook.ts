import type { TextSettings } from '../config-senders.js'
import { signatureHeaders } from '../webhook-signature.js'
import type { TextMessage, TextRequest } from './text-message.js'

/**
 * A message as JSON for an endpoint of the operator: `{id, to, text, expiresDateTime}`, signed as notifications are
 * (Standard Webhooks). `webhook-id` stays the same when it is tried again, so the endpoint can tell.
 */
export function webhookRequest(
  { url, secret }: Extract<TextSettings, { sender: 'webhook' }>,
  { id, to, text, expiresAt }: TextMessage,
  now: Date,
): TextRequest {
  const body = JSON.stringify({ id, to, text, expiresDateTime: expiresAt.toISOString() })
  return {
    url,
    headers: { 'content-type': 'application/json; charset=utf-8', ...signatureHeaders([secret], id, now, body) },
    body,
  }
}
