import { type SQL, sql } from 'drizzle-orm'
import { directoryRoleAssignments } from '../../tables.js'
import { groupMembers } from '../tables.js'

/** What an item of these lists is called in their conditions, whatever the list is cast to. */
export const HELD = sql.raw('held.id')

/** Ids of the groups that something is in, without a detour or by way of others too. */
export function groupsHolding(tenantId: string, memberId: string, way: 'direct' | 'transitive'): SQL {
  return way === 'direct'
    ? sql`select m.group_id from ${groupMembers} m where m.tenant_id = ${tenantId}::uuid and m.member_id = ${memberId}::uuid`
    : sql`select group_id from directory_groups_of(${tenantId}::uuid, ${memberId}::uuid)`
}

/** Ids of the roles that something holds; transitively also by way of the groups it is in (Graph: role-assignable groups). */
export function rolesHeld(tenantId: string, memberId: string, way: 'direct' | 'transitive'): SQL {
  const holders = way === 'direct' ? sql`` : sql` union all ${groupsHolding(tenantId, memberId, way)}`
  return sql`select a.role_template_id from ${directoryRoleAssignments} a where a.tenant_id = ${tenantId}::uuid
    and a.principal_id = any (array(select ${memberId}::uuid${holders}))`
}
