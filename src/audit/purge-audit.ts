import { DAY_MS, later } from '../kernel/instant.js'
import type { Database } from '../platform/database.js'
import { purgeOlder } from '../platform/retention/purge-older.js'
import type { Tenant } from '../tenants/index.js'

/** Deletes what an organization wants to keep no longer (`auditRetentionDays`). Returns how many rows. */
export async function purgeAudit(
  needs: { database: Pick<Database, 'sql'>; clock: () => Date },
  { id, settings }: Pick<Tenant, 'id' | 'settings'>,
): Promise<number> {
  if (settings.auditRetentionDays === null) return 0
  const before = later(needs.clock(), -settings.auditRetentionDays * DAY_MS)
  return purgeOlder(needs.database, 'audit_events', id, before)
}
