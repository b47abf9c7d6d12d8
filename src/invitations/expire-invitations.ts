import type postgres from 'postgres'
import type { Orm } from '../platform/database.js'
import { forEachTenant } from '../tenants/index.js'
import { expirePending } from './mail-store.js'

/** Rows that one statement ends: small enough that writers never wait for it. */
const ROWS = 1_000

/**
 * Writes down which invitations have lapsed, tenant by tenant, 1,000 rows a statement. Only bookkeeping: whoever uses
 * an invitation compares its time with now. Returns how many lapsed.
 */
export async function expireInvitations(needs: {
  database: { sql: postgres.Sql; orm: Orm }
  clock: () => Date
}): Promise<number> {
  let total = 0
  await forEachTenant(needs.database.orm, async (tenantId) => {
    for (;;) {
      const ended = await expirePending(needs.database.sql, tenantId, needs.clock(), ROWS)
      total += ended
      if (ended < ROWS) break
    }
  })
  return total
}
