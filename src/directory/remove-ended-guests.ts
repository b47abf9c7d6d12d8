import { DAY_MS, type Instant, later } from '../kernel/instant.js'
import type { TenantScope } from '../platform/database.js'
import { forEachTenant } from '../tenants/index.js'
import { isExternal, removeUser } from './change-user.js'
import { type EndedGuest, listEnded } from './guests-store.js'
import type { DirectoryNeeds } from './needs.js'
import { lockUser } from './store.js'
import { readDirectoryRoles } from './subject-store.js'

const ROWS = 100

type Needs = Pick<DirectoryNeeds, 'database' | 'tenants' | 'clock' | 'newId' | 'onUserDeleted'>

/**
 * Deletes guests whose access ended more days ago than an organization set; off unless it did. They can be restored like
 * all who are deleted, and are then still without access. Returns how many.
 */
export async function removeEndedGuests(needs: Needs): Promise<number> {
  let removed = 0
  await forEachTenant(needs.database.orm, async (tenantId) => {
    const days = (await needs.tenants.find(tenantId))?.settings.removeEndedAfterDays ?? null
    if (days !== null) removed += await removeOf(needs, tenantId, later(needs.clock(), -days * DAY_MS))
  })
  return removed
}

async function removeOf(needs: Needs, tenantId: string, before: Instant): Promise<number> {
  let removed = 0
  let after: EndedGuest | undefined
  for (;;) {
    const page = { before, after, most: ROWS }
    const guests = await needs.database.withTenant(tenantId, (scope) => listEnded(scope, page))
    for (const { id } of guests) {
      if (await needs.database.withTenant(tenantId, (scope) => removeIfEnded(needs, scope, id, before))) removed += 1
    }
    after = guests.at(-1)
    if (guests.length < ROWS) return removed
  }
}

async function removeIfEnded(needs: Needs, scope: TenantScope, id: string, before: Instant): Promise<boolean> {
  const user = await lockUser(scope, id)
  // Extended since the list was read.
  if (!user?.accessEndDateTime || user.accessEndDateTime > before || !isExternal(user)) return false
  if ((await readDirectoryRoles(scope, id)).size > 0) return false
  await removeUser(needs, scope, user, { kind: 'service', displayName: 'Vestibule' })
  return true
}
