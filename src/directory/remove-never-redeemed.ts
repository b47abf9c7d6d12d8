import { DAY_MS, type Instant, later } from '../kernel/instant.js'
import type { TenantScope } from '../platform/database.js'
import { forEachTenant } from '../tenants/index.js'
import { removeUser } from './change-user.js'
import { type ForgottenGuest, listNeverRedeemed } from './guests-store.js'
import type { DirectoryNeeds } from './needs.js'
import { lockUser } from './store.js'
import { readDirectoryRoles } from './subject-store.js'

const ROWS = 100

type Needs = Pick<DirectoryNeeds, 'database' | 'tenants' | 'clock' | 'newId' | 'onUserDeleted'> & {
  /** Whether somebody has accepted an invitation ever, or was invited since `since`. */
  isStillInvited(scope: TenantScope, userId: string, since: Instant): Promise<boolean>
}

/** Deletes guests who never accepted within the days an organization set; off unless it did. Returns how many. */
export async function removeNeverRedeemed(needs: Needs): Promise<number> {
  let removed = 0
  await forEachTenant(needs.database.orm, async (tenantId) => {
    const days = (await needs.tenants.find(tenantId))?.settings.removeNeverRedeemedAfterDays ?? null
    if (days !== null) removed += await removeOf(needs, tenantId, later(needs.clock(), -days * DAY_MS))
  })
  return removed
}

async function removeOf(needs: Needs, tenantId: string, before: Instant): Promise<number> {
  let removed = 0
  let after: ForgottenGuest | undefined
  for (;;) {
    const page = { before, after, most: ROWS }
    const guests = await needs.database.withTenant(tenantId, (scope) => listNeverRedeemed(scope, page))
    for (const { id } of guests) {
      const isGone = await needs.database.withTenant(tenantId, (scope) => removeIfForgotten(needs, scope, id, before))
      if (isGone) removed += 1
    }
    after = guests.at(-1)
    if (guests.length < ROWS) return removed
  }
}

async function removeIfForgotten(needs: Needs, scope: TenantScope, id: string, before: Instant): Promise<boolean> {
  const user = await lockUser(scope, id)
  // Accepted since the list was read: somebody who is in stays in.
  if (user?.externalUserState !== 'PendingAcceptance') return false
  if (await needs.isStillInvited(scope, id, before)) return false
  if ((await readDirectoryRoles(scope, id)).size > 0) return false
  await removeUser(needs, scope, user, { kind: 'service', displayName: 'Vestibule' })
  return true
}
