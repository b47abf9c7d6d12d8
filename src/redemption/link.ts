import { readTicket, ticketVersion } from '../invitations/index.js'
import { isGuid } from '../kernel/ids.js'
import type { Keys } from '../platform/crypto.js'

/** A redeem link that somebody with the key made. It finds the invitation; it proves nothing about its holder. */
export type Link = { tenantId: string; userId: string; invitationId: string; ticketVersion: number }

/** Reads `?tenant=&user=&ticket=&ver=2.0`. Undefined for a forged or mangled one: no look-up is made for those. */
export function readLink(keys: Keys, query: Record<string, string | undefined>): Link | undefined {
  const { tenant, user, ticket } = query
  if (!tenant || !user || !ticket || !isGuid(tenant) || !isGuid(user)) return undefined
  const tenantId = tenant.toLowerCase()
  const claimed = readTicket(ticket)
  const version = claimed && ticketVersion(keys, claimed.mac, tenantId, claimed.invitationId)
  if (!claimed || version === undefined) return undefined
  return { tenantId, userId: user.toLowerCase(), invitationId: claimed.invitationId, ticketVersion: version }
}
