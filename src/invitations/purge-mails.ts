import { DAY_MS, later } from '../kernel/instant.js'
import type { Database } from '../platform/database.js'
import { purgeOlder } from '../platform/retention/purge-older.js'

/** Caps look back 24 hours and tries end then; a provider reports what came of a mail, and complaints, for some weeks. */
const KEPT_DAYS = 30

/** Forgets single mails of an organization; what its invitations say of their delivery stays. Returns how many. */
export function purgeMails(
  needs: { database: Pick<Database, 'sql'>; clock: () => Date },
  tenantId: string,
): Promise<number> {
  return purgeOlder(needs.database, 'invitation_mails', tenantId, later(needs.clock(), -KEPT_DAYS * DAY_MS))
}
