import { and, eq, getTableColumns, type InferSelectModel, type SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { TenantScope } from './database.js'

type TenantTable = PgTable & { tenantId: PgColumn }

/** The rows of this organization that have these values. */
export function rowsWith<Table extends TenantTable>(
  scope: TenantScope,
  table: Table,
  values: Partial<InferSelectModel<Table>>,
): SQL | undefined {
  const columns: Record<string, PgColumn> = getTableColumns(table)
  const conditions = Object.entries(values).map(([name, value]) => {
    const column = columns[name]
    if (!column) throw new Error(`no column is called ${name}`)
    return eq(column, value)
  })
  return and(eq(table.tenantId, scope.tenantId), ...conditions)
}

/** Deletes them; whether there were any. */
export async function deleteRows<Table extends TenantTable>(
  scope: TenantScope,
  table: Table,
  values: Partial<InferSelectModel<Table>>,
): Promise<boolean> {
  const gone = await scope.orm
    .delete(table)
    .where(rowsWith(scope, table, values))
    .returning({ tenantId: table.tenantId })
  return gone.length > 0
}
