import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import { type Browser, outdatedHashes } from './browser.js'
import { renewSession as renew } from './store.js'

/** Lets a session outlive a change of `VESTIBULE_SECRET`. Does nothing while no earlier secret is configured. */
export async function renewSession(
  { keys, database }: { keys: Keys; database: Pick<Database, 'sql'> },
  tenantId: string,
  browser: Browser,
): Promise<void> {
  const hashes = outdatedHashes(keys, browser)
  for (const old of hashes?.old ?? []) if (hashes) await renew(database.sql, tenantId, old, hashes.current)
}
