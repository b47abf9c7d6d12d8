import { type SQL, sql } from 'drizzle-orm'
import { searchPositions } from './tables.js'

/** Before every row of a table. */
const BEGINNING = { xid: '0', id: '00000000-0000-0000-0000-000000000000' }

/**
 * Whether a row of `table` changed after the index last looked. Of a position from another cluster, restored with its
 * rows, nothing follows: transaction ids of two clusters cannot be compared.
 */
export function isAfterPosition(tenantId: string, table: string): SQL {
  const row = sql.identifier(table)
  const [xid, id] = [sql.identifier('changed_xid'), sql.identifier('object_id')]
  // Sub-selects as a whole: beside row security a bare `coalesce` keeps the comparison out of the index.
  const position = (
    column: SQL,
    beginning: SQL,
  ) => sql`(select coalesce((select ${column} from ${searchPositions} as position
    where position.tenant_id = ${tenantId} and position.source = ${table}
      and position.changed_xid < pg_snapshot_xmax(pg_current_snapshot())), ${beginning}))`
  return sql`((${row}.changed_xid, ${row}.id) > (
    ${position(sql`position.${xid}`, sql`${BEGINNING.xid}::xid8`)},
    ${position(sql`position.${id}`, sql`${BEGINNING.id}::uuid`)}))`
}
