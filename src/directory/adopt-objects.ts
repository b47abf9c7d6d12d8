import { adoptRows } from '../platform/changes/store.js'
import type { Database } from '../platform/database.js'

const TABLES = ['users', 'groups']
const ROWS = 1_000

/**
 * After a restored dump: users and groups that changed last in another cluster count as changed in this one, so that
 * delta, notifications and `$search` can tell them from what changes next. Elsewhere one look at each index.
 */
export async function adoptObjects(database: Database, tenantId: string): Promise<void> {
  for (const table of TABLES) {
    while ((await database.withTenant(tenantId, (scope) => adoptRows(scope, table, ROWS))) >= ROWS);
  }
}
