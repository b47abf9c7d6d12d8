import type postgres from 'postgres'
import { inBites } from '../platform/bites.js'
import type { Orm } from '../platform/database.js'
import { forEachTenant } from '../tenants/index.js'
import { expirePending } from './mail-store.js'

/** Rows that one statement ends. Of 1,000 the commit alone kept the others waiting for 40 ms. */
const ROWS = 250

/**
 * Writes down which invitations have lapsed, tenant by tenant, a few hundred rows a statement. Only bookkeeping: whoever uses
 * an invitation compares its time with now. Returns how many lapsed.
 */
export async function expireInvitations(needs: {
  database: { sql: postgres.Sql; orm: Orm }
  clock: () => Date
  /** Something changed that others may follow. */
  changed: (tenantId: string) => void
}): Promise<number> {
  let total = 0
  await forEachTenant(needs.database.orm, async (tenantId) => {
    let from = '-infinity'
    total += await inBites(ROWS, async () => {
      const { ended, last } = await expirePending(needs.database.sql, tenantId, {
        from,
        now: needs.clock(),
        most: ROWS,
      })
      from = last ?? from
      if (ended > 0) needs.changed(tenantId)
      return ended
    })
  })
  return total
}
