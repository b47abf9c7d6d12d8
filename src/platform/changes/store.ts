import { and, eq, lt, type SQL, sql } from 'drizzle-orm'
import { DAY_MS, later } from '../../kernel/instant.js'
import type { TenantScope } from '../database.js'
import { oldestUnseen, type Snapshot, shortened } from './snapshot.js'
import { removedLinks, removedObjects } from './tables.js'

/** Days that the removal of an object is remembered: longer than the 7 days for which anybody may ask. */
const REMEMBERED_DAYS = 8

/** Where the changes of this database stand now. `cluster` changes with a restored or promoted copy. */
export async function changesNow(scope: TenantScope): Promise<{ snapshot: Snapshot; cluster: string }> {
  const [row] = await scope.orm.execute<{ snapshot: string; cluster: string }>(sql`select * from changes_now()`)
  if (!row) throw new Error('changes_now answered nothing')
  return { snapshot: shortened(row.snapshot), cluster: row.cluster }
}

/** The condition that a change is new between two looks: its transaction was not seen by `since` and was by `until`. */
export function isBetween(xid: SQL, since: Snapshot, until: Snapshot): SQL {
  // The first comparison is the one that an index serves; xids of another cluster, restored with their rows, are
  // beyond `until`.
  return sql`(${xid} >= ${oldestUnseen(since)}::xid8 and not pg_visible_in_snapshot(${xid}, ${since}::pg_snapshot)
    and pg_visible_in_snapshot(${xid}, ${until}::pg_snapshot))`
}

/** Forgets removals that nobody may ask about any more, at most `most` of each table; returns how many. */
export async function forgetRemovals(scope: TenantScope, now: Date, most: number): Promise<number> {
  const before = later(now, -REMEMBERED_DAYS * DAY_MS)
  let forgotten = 0
  for (const table of [removedObjects, removedLinks]) {
    const old = scope.orm
      .select({ row: sql`ctid` })
      .from(table)
      .where(and(eq(table.tenantId, scope.tenantId), lt(table.removedDateTime, before)))
      .limit(most)
    const gone = await scope.orm
      .delete(table)
      .where(and(eq(table.tenantId, scope.tenantId), sql`ctid in ${old}`))
      .returning({ tenantId: table.tenantId })
    forgotten += gone.length
  }
  return forgotten
}

/**
 * Gives up to `most` rows of a tracked table a transaction of this cluster where theirs is of another one, which came
 * with a restored dump and may be far ahead of what is counted here; returns how many.
 */
export async function adoptRows({ orm, tenantId }: TenantScope, table: string, most: number): Promise<number> {
  const rows = sql.identifier(table)
  const adopted = await orm.execute(sql`
    update ${rows} set changed_xid = pg_current_xact_id(), property_xids = null
    where tenant_id = ${tenantId} and id = any (array(
      select id from ${rows} where tenant_id = ${tenantId} and changed_xid >= pg_snapshot_xmax(pg_current_snapshot())
      limit ${most}))
    returning id`)
  return adopted.length
}
