import { sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { groups } from '../groups/tables.js'
import { BUILT_IN_ROLES } from '../roles/built-in-roles.js'
import { users } from '../tables.js'

export type Located = {
  id: string
  type: 'microsoft.graph.user' | 'microsoft.graph.group' | 'microsoft.graph.directoryRole'
}

/** Which of `ids` are present objects of the directory, and of which type; in the order of ids. */
export async function locateObjects(scope: TenantScope, ids: readonly string[]): Promise<Located[]> {
  if (ids.length === 0) return []
  const wanted = sql`any (${`{${ids.join(',')}}`}::text::uuid[])`
  const roles = BUILT_IN_ROLES.filter(({ id }) => ids.includes(id))
  const found = await scope.orm.execute<Located>(
    sql`select u.id, 'microsoft.graph.user' as type from ${users} u
        where u.tenant_id = ${scope.tenantId}::uuid and u.id = ${wanted} and u.deleted_date_time is null
      union all
      select g.id, 'microsoft.graph.group' from ${groups} g
        where g.tenant_id = ${scope.tenantId}::uuid and g.id = ${wanted} and g.deleted_date_time is null`,
  )
  return [...found, ...roles.map(({ id }) => ({ id, type: 'microsoft.graph.directoryRole' as const }))].sort(byId)
}

function byId(one: Located, other: Located): number {
  return one.id < other.id ? -1 : 1
}
