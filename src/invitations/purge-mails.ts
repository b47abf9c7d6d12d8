import { lowestIdAt } from '../kernel/ids.js'
import { DAY_MS } from '../kernel/instant.js'
import type { Database } from '../platform/database.js'
import { deleteOldestMails } from './mail-store.js'

/** Caps look back 24 hours and tries end then; a provider reports what came of a mail, and complaints, for some weeks. */
const KEPT_DAYS = 30

/** Rows that one statement deletes: small enough that nobody waits for it. */
const ROWS = 1_000

/** Forgets single mails of an organization; what its invitations say of their delivery stays. Returns how many. */
export async function purgeMails(
  needs: { database: Pick<Database, 'sql'>; clock: () => Date },
  tenantId: string,
): Promise<number> {
  const before = lowestIdAt(needs.clock().getTime() - KEPT_DAYS * DAY_MS)
  for (let total = 0; ; ) {
    const deleted = await deleteOldestMails(needs.database.sql, tenantId, before, ROWS)
    total += deleted
    if (deleted < ROWS) return total
  }
}
