import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { DeltaRound } from '../../graph/delta.js'
import type { Snapshot } from '../../platform/changes/snapshot.js'
import { isBetween } from '../../platform/changes/store.js'
import { removedObjects } from '../../platform/changes/tables.js'
import type { TenantScope } from '../../platform/database.js'

/** A table of directory objects with `trackedColumns`. */
export type TrackedTable = PgTable &
  Record<'tenantId' | 'id' | 'deletedDateTime' | 'changedXid' | 'propertyXids', PgColumn>

/** A changed object and its place in the order in which changes are told. */
export type Change = { id: string; xid: string; isGone: boolean }

/** Present objects in the order of their ids, after one of them. */
export async function listPresent(
  scope: TenantScope,
  table: TrackedTable,
  query: { ids: readonly string[] | undefined; after: string | undefined; most: number },
): Promise<string[]> {
  const rows = await scope.orm
    .select({ id: sql<string>`${table.id}` })
    .from(table)
    .where(
      and(
        eq(table.tenantId, scope.tenantId),
        isNull(table.deletedDateTime),
        query.ids ? inArray(table.id, [...query.ids]) : undefined,
        query.after ? gt(table.id, query.after) : undefined,
      ),
    )
    .orderBy(asc(table.id))
    .limit(query.most)
  return rows.map(({ id }) => id)
}

/**
 * Objects that changed in a round, soft deletion included, and those that are gone for good, in the order of the
 * transactions that changed them last. With `columns` only objects of which one of these changed, or that came or went.
 */
export async function listChanged(
  scope: TenantScope,
  table: TrackedTable,
  kind: string,
  query: {
    since: Snapshot
    round: Pick<DeltaRound, 'until' | 'ids'>
    columns: readonly string[] | undefined
    after: { xid: string; id: string } | undefined
    most: number
  },
): Promise<Change[]> {
  const { since, round, columns, after, most } = query
  const conditions = (xid: PgColumn, id: PgColumn, more: SQL | undefined) =>
    and(
      isBetween(sql`${xid}`, since, round.until),
      round.ids ? inArray(id, [...round.ids]) : undefined,
      after ? sql`(${xid}, ${id}) > (${after.xid}::xid8, ${after.id}::uuid)` : undefined,
      more,
    )
  const touched = columns && isTouched(table.propertyXids, columns, since)
  const present = sql`select ${table.id} as id, ${table.changedXid} as xid, false as gone from ${table}
    where ${eq(table.tenantId, scope.tenantId)} and ${conditions(table.changedXid, table.id, touched)}
    order by ${table.changedXid}, ${table.id} limit ${most}`
  const { changedXid, id, tenantId } = removedObjects
  const gone = sql`select ${id} as id, ${changedXid} as xid, true as gone from ${removedObjects}
    where ${eq(tenantId, scope.tenantId)} and ${eq(removedObjects.kind, kind)} and ${conditions(changedXid, id, undefined)}
      and not exists (select 1 from ${table} where ${eq(table.tenantId, scope.tenantId)} and ${table.id} = ${id})
    order by ${changedXid}, ${id} limit ${most}`
  const rows = await scope.orm.execute<{ id: string; xid: string; gone: boolean }>(
    sql`select id, xid::text as xid, gone from ((${present}) union all (${gone})) as changes
      order by changes.xid, id limit ${most}`,
  )
  return rows.map((row) => ({ id: row.id, xid: row.xid, isGone: row.gone }))
}

/** Whether one of the columns, or whether the object is there, changed since. No property xids: never updated. */
function isTouched(propertyXids: PgColumn, columns: readonly string[], since: Snapshot): SQL {
  const names = ['', 'deleted_date_time', ...columns]
  const list = sql.join(
    names.map((name) => sql`${name}`),
    sql`, `,
  )
  return sql`(${propertyXids} is null or exists (
    select 1 from unnest(array[${list}]::text[]) as name
    where not pg_visible_in_snapshot((${propertyXids}->>name)::xid8, ${since}::pg_snapshot)))`
}
