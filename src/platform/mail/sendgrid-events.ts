import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { isGuid } from '../../kernel/ids.js'
import { short, shortReason } from './prepare.js'

export type SignedRequest = {
  /** Base64 of the DER form, as SendGrid's settings page shows it. */
  publicKey: string
  /** `X-Twilio-Email-Event-Webhook-Signature`: base64 of a DER signature. */
  signature: string
  /** `X-Twilio-Email-Event-Webhook-Timestamp`: seconds since 1970. */
  timestamp: string
  /** The request's body, byte for byte. */
  body: Buffer
  now: Date
  toleranceSeconds: number
}

/**
 * Whether SendGrid signed these bytes, and lately (Twilio: "Getting started with the Event Webhook security
 * features": ECDSA on P-256 with SHA-256 over timestamp and body). False for anything a sender can get wrong; does not
 * check whether the same request came before.
 * @throws Error when the public key itself is unusable, which is the operator's to mend.
 */
export function verifySendgridSignature(request: SignedRequest): boolean {
  const key = publicKeyOf(request.publicKey)
  if (!/^\d{1,12}$/.test(request.timestamp)) return false
  const ageSeconds = Math.abs(request.now.getTime() / 1000 - Number(request.timestamp))
  if (ageSeconds > request.toleranceSeconds) return false
  const signature = Buffer.from(request.signature, 'base64')
  return verify('sha256', Buffer.concat([Buffer.from(request.timestamp), request.body]), key, signature)
}

let known: { text: string; key: KeyObject } | undefined

function publicKeyOf(text: string): KeyObject {
  if (known?.text === text) return known.key
  const der = Buffer.from(text.replace(/-----[^-]*-----|\s/g, ''), 'base64')
  let key: KeyObject
  try {
    key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    throw new Error('The public key of the SendGrid event webhook cannot be read; copy it again from its settings.')
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('The public key of the SendGrid event webhook is not a P-256 key.')
  }
  known = { text, key }
  return key
}

export type SendgridEvent = {
  mailId: string
  tenantId: string
  event: 'sent' | 'delivered' | 'deferred' | 'bounced' | 'failed' | 'spamReported' | 'unsubscribed'
  /** Whose copy this is about: a mail with a copy recipient has events for both. */
  recipient?: string
  reason?: string
  at: Date
  /** The same when SendGrid repeats itself. */
  eventId: string
}

/**
 * SendGrid's event names in ours. A "blocked" bounce is final as well: SendGrid does not try that message again.
 * Opens and clicks are not tracked and not read.
 */
const EVENTS: Readonly<Record<string, SendgridEvent['event']>> = {
  processed: 'sent',
  delivered: 'delivered',
  deferred: 'deferred',
  bounce: 'bounced',
  blocked: 'bounced',
  dropped: 'failed',
  spamreport: 'spamReported',
  unsubscribe: 'unsubscribed',
  group_unsubscribe: 'unsubscribed',
}

/**
 * The events about our mails in one webhook request, in the order given. Whatever is not an event of ours (another
 * sender's on the same account, a name SendGrid adds later, junk) is passed over.
 */
export function readSendgridEvents(body: Buffer | string): SendgridEvent[] {
  let entries: unknown
  try {
    entries = JSON.parse(body.toString())
  } catch {
    return []
  }
  return Array.isArray(entries) ? entries.flatMap((entry: unknown) => eventOf(entry) ?? []) : []
}

function eventOf(entry: unknown): SendgridEvent | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const field = (name: string): string | undefined => {
    const value: unknown = Object.hasOwn(entry, name) ? Reflect.get(entry, name) : undefined
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const name = field('event')
  const event = name !== undefined && Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined
  const mailId = field('vestibule_mail')?.toLowerCase()
  const tenantId = field('vestibule_tenant')?.toLowerCase()
  const at = instantOf(Reflect.get(entry, 'timestamp'))
  if (!event || !at || !mailId || !tenantId || !isGuid(mailId) || !isGuid(tenantId)) return undefined
  const reason = field('reason') ?? field('response')
  const recipient = field('email')
  return {
    mailId,
    tenantId,
    event,
    ...(recipient && { recipient }),
    ...(reason && { reason: shortReason(field('type') === 'blocked' ? `blocked: ${reason}` : reason) }),
    at,
    eventId: short(field('sg_event_id') ?? `${mailId}:${event}:${at.getTime()}:${recipient ?? ''}`),
  }
}

/** A moment between 2001 and 2286 from seconds since 1970, as number or text. */
function instantOf(seconds: unknown): Date | undefined {
  const value = typeof seconds === 'string' ? Number(seconds) : seconds
  return typeof value === 'number' && value > 1e9 && value < 1e10 ? new Date(value * 1000) : undefined
}
