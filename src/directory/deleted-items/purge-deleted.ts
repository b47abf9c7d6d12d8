import { forEachTenant } from '../../tenants/index.js'
import { type DeletedNeeds, deletedKinds } from './kinds.js'
import { lapsedBefore } from './rules.js'

/** Objects that one transaction removes. */
const ROWS = 500

/**
 * Removes for good what was deleted more than 30 days ago (Graph: directory-deleteditems-delete says how long), in
 * every organization. Safe to run twice and beside itself. Returns how many objects.
 */
export async function purgeDeleted(
  needs: Pick<DeletedNeeds, 'database' | 'clock' | 'newId' | 'onUsersPurged' | 'deletedElsewhere'>,
): Promise<number> {
  let purged = 0
  await forEachTenant(needs.database.orm, async (tenantId) => {
    for (const kind of deletedKinds(needs)) {
      let count: number
      do {
        count = await needs.database.withTenant(tenantId, async (scope) => {
          const ids = await kind.lockLapsed(scope, lapsedBefore(needs.clock()), ROWS)
          if (ids.length > 0) await kind.purge(needs, scope, ids, { kind: 'service', displayName: 'Vestibule' })
          return ids.length
        })
        purged += count
      } while (count === ROWS)
    }
  })
  return purged
}
