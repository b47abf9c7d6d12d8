import { findUser, lockUser, readSponsorIds, setAccessEnd, type UserRow } from '../directory/index.js'
import type { Instant } from '../kernel/instant.js'
import { standingOf } from '../kernel/standing.js'
import type { Keys } from '../platform/crypto.js'
import type { Database, TenantScope } from '../platform/database.js'
import type { Tenant } from '../tenants/index.js'
import { type Extension, isExtensionKey } from './link.js'
import { extendedEnd } from './rules.js'

type Needs = { database: Database; keys: Keys; clock: () => Date; newId: () => string }

/** Whom a link is about, as far as it still counts. */
export type Named = { guest: UserRow; sponsor: UserRow & { mail: string; mailFolded: string }; end: Instant }

export type LinkParts = { guestId: string; sponsorId: string; key: string }

/** Who a link names; undefined when it is forged, or for an end, a guest or a sponsor that is none any more. */
export function findNamed(needs: Needs, tenant: Tenant, link: LinkParts): Promise<Named | undefined> {
  return needs.database.withTenant(tenant.id, (scope) => findWithin(needs, scope, link, findUser))
}

/**
 * Extends a guest's access in the name of a sponsor who has proved who they are. Undefined when there is nothing to
 * extend any more.
 */
export function extendAccess(
  needs: Needs,
  tenant: Tenant,
  link: LinkParts,
): Promise<(Named & { until: Instant }) | undefined> {
  return needs.database.withTenant(tenant.id, async (scope) => {
    // Locked, so that two clicks at once extend once: the second finds another end than its link was made for.
    const named = await findWithin(needs, scope, link, lockUser)
    const until = named && extendedEnd(named.end, tenant.settings.accessExtensionDays, needs.clock())
    if (!named || !until) return undefined
    const { id, displayName } = named.sponsor
    await setAccessEnd(needs, scope, named.guest.id, until, { kind: 'user', id, displayName })
    return { ...named, until }
  })
}

async function findWithin(
  { keys, clock }: Needs,
  scope: TenantScope,
  { guestId, sponsorId, key }: LinkParts,
  find: typeof findUser,
): Promise<Named | undefined> {
  const guest = await find(scope, guestId)
  const end = guest?.accessEndDateTime
  if (!guest || !end) return undefined
  const extension: Extension = { tenantId: scope.tenantId, guestId, sponsorId, end }
  if (!isExtensionKey(keys, extension, key)) return undefined
  const sponsor = await findUser(scope, sponsorId)
  if (!sponsor?.mail || !sponsor.mailFolded) return undefined
  const standing = standingOf({ ...sponsor, accessEndsAt: sponsor.accessEndDateTime }, clock())
  if (standing !== 'good' || !(await readSponsorIds(scope, guestId)).includes(sponsorId)) return undefined
  return { guest, sponsor: { ...sponsor, mail: sponsor.mail, mailFolded: sponsor.mailFolded }, end }
}
