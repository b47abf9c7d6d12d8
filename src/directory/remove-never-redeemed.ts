import { DAY_MS, later } from '../kernel/instant.js'
import { listTenantIds } from '../tenants/index.js'
import { type ChangeNeeds, removeUser } from './change-user.js'
import { listNeverRedeemed, lockUser } from './store.js'

const ROWS = 100

/** Deletes guests who never accepted within the days an organization set; off unless it did. Returns how many. */
export async function removeNeverRedeemed(
  needs: Pick<ChangeNeeds, 'database' | 'tenants' | 'clock' | 'newId' | 'onUserDeleted'>,
): Promise<number> {
  let removed = 0
  for (const tenantId of await listTenantIds(needs.database.orm)) {
    const days = (await needs.tenants.find(tenantId))?.settings.removeNeverRedeemedAfterDays ?? null
    if (days === null) continue
    const before = later(needs.clock(), -days * DAY_MS)
    const ids = await needs.database.withTenant(tenantId, (scope) => listNeverRedeemed(scope, before, ROWS))
    for (const id of ids) {
      removed += await needs.database.withTenant(tenantId, async (scope) => {
        const user = await lockUser(scope, id)
        // Accepted since the list was read: somebody who is in stays in.
        if (user?.externalUserState !== 'PendingAcceptance') return 0
        await removeUser(needs, scope, user, { kind: 'service', displayName: 'Vestibule' })
        return 1
      })
    }
  }
  return removed
}
