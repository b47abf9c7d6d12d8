import { HOUR_MS, later } from '../kernel/instant.js'
import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import { readSigningKeys } from './store.js'

/** How many keys of a tenant are stored and in use, and how many of them the configured secrets open, and how
 * many only an earlier one. Makes none. */
export async function countSigningKeys(
  { database, keys, clock }: { database: Pick<Database, 'orm'>; keys: Keys; clock: () => Date },
  tenantId: string,
): Promise<{ stored: number; opened: number; outdated: number }> {
  const rows = await readSigningKeys(database.orm, tenantId, later(clock(), -HOUR_MS))
  const opened = rows.filter(({ privateKeySealed }) => {
    try {
      keys.open('signing-key', privateKeySealed)
      return true
    } catch {
      return false
    }
  })
  const outdated = opened.filter(({ privateKeySealed }) => keys.isOutdated('signing-key', privateKeySealed))
  return { stored: rows.length, opened: opened.length, outdated: outdated.length }
}
