import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { directoryRoleAssignments, users } from '../tables.js'

/** The first `most` people who hold one of these directory roles, by Graph's template ids. */
export async function holdersOfRoles(scope: TenantScope, roleIds: readonly string[], most: number): Promise<string[]> {
  const ofTenant = and(
    eq(directoryRoleAssignments.tenantId, scope.tenantId),
    inArray(directoryRoleAssignments.roleTemplateId, [...roleIds]),
    isNull(users.deletedDateTime),
  )
  const rows = await scope.orm
    .selectDistinct({ id: users.id })
    .from(directoryRoleAssignments)
    .innerJoin(users, and(eq(users.tenantId, scope.tenantId), eq(users.id, directoryRoleAssignments.principalId)))
    .where(ofTenant)
    .orderBy(asc(users.id))
    .limit(most)
  return rows.map(({ id }) => id)
}
