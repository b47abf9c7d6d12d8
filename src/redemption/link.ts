import { LRUCache } from 'lru-cache'
import { readTicket, redeemUrl, ticketVersion } from '../invitations/index.js'
import { isGuid } from '../kernel/ids.js'
import type { Keys } from '../platform/crypto.js'

/** A redeem link that somebody with the key made. It finds the invitation; it proves nothing about its holder. */
export type Link = { tenantId: string; userId: string; invitationId: string; ticketVersion: number }

/** Links a process remembers as genuine: one is read on every page of its guest, and a few hundred bytes long. */
const LINKS = 5_000
const genuine = new WeakMap<Keys, LRUCache<string, Link>>()

/** Reads `?tenant=&user=&ticket=&ver=2.0`. Undefined for a forged or mangled one: no look-up is made for those. */
export function readLink(keys: Keys, query: Record<string, string | undefined>): Link | undefined {
  const { tenant, user, ticket } = query
  if (!tenant || !user || !ticket || !isGuid(tenant) || !isGuid(user)) return undefined
  const known = genuineOf(keys)
  const name = `${tenant} ${user} ${ticket}`
  const seen = known.get(name)
  if (seen) return seen
  const tenantId = tenant.toLowerCase()
  const claimed = readTicket(ticket)
  const version = claimed && ticketVersion(keys, claimed.mac, tenantId, claimed.invitationId)
  if (!claimed || version === undefined) return undefined
  const link = { tenantId, userId: user.toLowerCase(), invitationId: claimed.invitationId, ticketVersion: version }
  known.set(name, link)
  return link
}

function genuineOf(keys: Keys): LRUCache<string, Link> {
  const known = genuine.get(keys) ?? new LRUCache<string, Link>({ max: LINKS })
  genuine.set(keys, known)
  return known
}

/** The path of a link as it was given out, without whatever pages add to it. */
export function pathOf(keys: Keys, { tenantId, userId, invitationId, ticketVersion: version }: Link): string {
  return redeemUrl('', keys, { tenantId, userId, invitationId, version })
}

/** The page of a link that asks which account it shall be. */
export function choosePath(keys: Keys, link: Link): string {
  return pathOf(keys, link).replace('/redeem', '/redeem/choose')
}

/** The page of a link for an account at the organization itself. */
export function accountPath(keys: Keys, link: Link): string {
  return pathOf(keys, link).replace('/redeem', '/redeem/account')
}
