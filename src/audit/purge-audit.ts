import { lowestIdAt } from '../kernel/ids.js'
import { DAY_MS } from '../kernel/instant.js'
import type { Database } from '../platform/database.js'
import type { Tenant } from '../tenants/index.js'
import { deleteOldest } from './store.js'

/** Rows that one statement deletes: small enough that writers never wait for it. */
const ROWS = 1_000

/** Deletes what an organization wants to keep no longer (`auditRetentionDays`). Returns how many rows. */
export async function purgeAudit(
  needs: { database: Pick<Database, 'sql'>; clock: () => Date },
  { id, settings }: Pick<Tenant, 'id' | 'settings'>,
): Promise<number> {
  if (settings.auditRetentionDays === null) return 0
  // Ids are version 7, so those made before a moment are a range of the primary key.
  const before = lowestIdAt(needs.clock().getTime() - settings.auditRetentionDays * DAY_MS)
  for (let total = 0; ; ) {
    const deleted = await deleteOldest(needs.database.sql, id, before, ROWS)
    total += deleted
    if (deleted < ROWS) return total
  }
}
