import { format, guidBytes, isGuid } from '../kernel/ids.js'
import { isOneOf, type Keys } from '../platform/crypto.js'

const ID_BYTES = 16
const TICKET_LENGTH = 64

/** What a ticket stands for. It finds the invitation; it never proves who holds it. */
export type TicketSubject = { tenantId: string; invitationId: string; version: number }

/**
 * `base64url(invitation id || HMAC-SHA-256(ticket key, tenant || invitation id || version))`. Nothing of it is stored:
 * it is made whenever a link is rendered.
 */
export function makeTicket(keys: Keys, subject: TicketSubject): string {
  return Buffer.concat([guidBytes(subject.invitationId), keys.mac('ticket', ...ticketParts(subject))]).toString(
    'base64url',
  )
}

/** The invitation a ticket claims to be for, or undefined when it has not even the form of one. */
export function readTicket(ticket: string): { invitationId: string; mac: Buffer } | undefined {
  if (ticket.length !== TICKET_LENGTH) return undefined
  const bytes = Buffer.from(ticket, 'base64url')
  // Base64 has several spellings of the same bytes; only the one that was made counts.
  if (bytes.length !== 48 || bytes.toString('base64url') !== ticket) return undefined
  return { invitationId: format(bytes.subarray(0, ID_BYTES)), mac: bytes.subarray(ID_BYTES) }
}

/** More resets than this of one guest, and old links read as forged instead of outdated. */
const MOST_VERSIONS = 64

/** Which version of the invitation a ticket was made for, or undefined when nobody with the key made it. */
export function ticketVersion(keys: Keys, mac: Buffer, tenantId: string, invitationId: string): number | undefined {
  for (let version = 1; version <= MOST_VERSIONS; version++) {
    if (isOneOf(mac, keys.macs('ticket', ...ticketParts({ tenantId, invitationId, version })))) return version
  }
  return undefined
}

/** The address of the redemption page (design: `/redeem?tenant=&user=&ticket=&ver=2.0`). */
export function redeemUrl(origin: string, keys: Keys, subject: TicketSubject & { userId: string }): string {
  const ticket = makeTicket(keys, subject)
  return `${origin}/redeem?tenant=${subject.tenantId}&user=${subject.userId}&ticket=${ticket}&ver=2.0`
}

/** A link that blocks mails of an organization to the address of one invitation (RFC 8058 one-click included). */
export function blockUrl(origin: string, keys: Keys, tenantId: string, invitationId: string): string {
  const mac = keys.mac('block-ticket', tenantId, invitationId)
  return `${origin}/signin/block?tenant=${tenantId}&invitation=${invitationId}&key=${mac.toString('base64url')}`
}

/** Whether `key` is the one of `blockUrl`. */
export function isBlockKey(keys: Keys, tenantId: string, invitationId: string, key: string): boolean {
  if (!isGuid(invitationId)) return false
  return isOneOf(Buffer.from(key, 'base64url'), keys.macs('block-ticket', tenantId, invitationId))
}

function ticketParts({ tenantId, invitationId, version }: TicketSubject): (string | Uint8Array)[] {
  return [guidBytes(tenantId), guidBytes(invitationId), String(version)]
}
