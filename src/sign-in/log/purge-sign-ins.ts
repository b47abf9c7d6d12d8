import { DAY_MS, later } from '../../kernel/instant.js'
import type { Database } from '../../platform/database.js'
import { purgeOlder } from '../../platform/retention/purge-older.js'
import type { Tenant } from '../../tenants/index.js'

/** Deletes what an organization wants to keep no longer (`signInRetentionDays`). Returns how many rows. */
export async function purgeSignIns(
  needs: { database: Pick<Database, 'sql'>; clock: () => Date },
  { id, settings }: Pick<Tenant, 'id' | 'settings'>,
): Promise<number> {
  if (settings.signInRetentionDays === null) return 0
  return purgeOlder(needs.database, 'sign_ins', id, later(needs.clock(), -settings.signInRetentionDays * DAY_MS))
}
