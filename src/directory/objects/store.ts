import { sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { groups } from '../groups/tables.js'
import { users } from '../tables.js'

/** Which of `ids` are present objects of the directory, and of which type; in the order of ids. */
export async function locateObjects(
  scope: TenantScope,
  ids: readonly string[],
): Promise<{ id: string; type: 'microsoft.graph.user' | 'microsoft.graph.group' }[]> {
  if (ids.length === 0) return []
  const wanted = sql`any (${`{${ids.join(',')}}`}::text::uuid[])`
  return scope.orm.execute<{ id: string; type: 'microsoft.graph.user' | 'microsoft.graph.group' }>(
    sql`select u.id, 'microsoft.graph.user' as type from ${users} u
        where u.tenant_id = ${scope.tenantId}::uuid and u.id = ${wanted} and u.deleted_date_time is null
      union all
      select g.id, 'microsoft.graph.group' from ${groups} g
        where g.tenant_id = ${scope.tenantId}::uuid and g.id = ${wanted} and g.deleted_date_time is null
      order by id`,
  )
}
