import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { type Assignment, applications, appRoleAssignments } from '../tables.js'

/** An assignment with what its ends are called. */
export type NamedAssignment = Assignment & { principalDisplayName: string; resourceDisplayName: string }

/** Whether its principal is there, and what it is called: one look-up a row, by the key. */
export const presentPrincipal = sql`lateral (
    select found.display_name from directory_principal(${appRoleAssignments.tenantId}, ${appRoleAssignments.principalId}) found
    where found.kind = ${appRoleAssignments.principalType}
    union all
    select a.display_name from ${applications} a
    where ${appRoleAssignments.principalType} = 'ServicePrincipal' and a.tenant_id = ${appRoleAssignments.tenantId}
      and a.service_principal_id = ${appRoleAssignments.principalId}
  ) as principal`

/** The same of the service principal whose role it is: one that is deleted hides its assignments. */
export const presentResource = sql`lateral (
    select r.display_name from ${applications} r
    where r.tenant_id = ${appRoleAssignments.tenantId} and r.service_principal_id = ${appRoleAssignments.resourceId}
    union all
    select 'Microsoft Graph' where ${appRoleAssignments.resourceId} = applications_graph_principal(${appRoleAssignments.tenantId})
  ) as resource`

const own = (scope: TenantScope) => eq(appRoleAssignments.tenantId, scope.tenantId)

/** Assignments by id, those left out whose principal or resource is deleted. */
export async function findAssignments(scope: TenantScope, ids: readonly string[]): Promise<NamedAssignment[]> {
  if (ids.length === 0) return []
  return scope.orm
    .select({
      tenantId: appRoleAssignments.tenantId,
      id: appRoleAssignments.id,
      resourceId: appRoleAssignments.resourceId,
      principalId: appRoleAssignments.principalId,
      principalType: appRoleAssignments.principalType,
      appRoleId: appRoleAssignments.appRoleId,
      createdDateTime: appRoleAssignments.createdDateTime,
      principalDisplayName: sql<string>`principal.display_name`,
      resourceDisplayName: sql<string>`resource.display_name`,
    })
    .from(appRoleAssignments)
    .innerJoin(presentPrincipal, sql`true`)
    .innerJoin(presentResource, sql`true`)
    .where(and(own(scope), inArray(appRoleAssignments.id, [...ids])))
}

/** What is present under an id that roles can be assigned to, but for service principals. */
export async function findAssignable(
  scope: TenantScope,
  id: string,
): Promise<{ principalType: 'User' | 'Group'; displayName: string } | undefined> {
  const [row] = await scope.orm.execute<{ kind: 'User' | 'Group'; display_name: string }>(
    sql`select kind, display_name from directory_principal(${scope.tenantId}::uuid, ${id}::uuid)`,
  )
  return row && { principalType: row.kind, displayName: row.display_name }
}

/** Whether the assignment is new. */
export async function insertAssignment(scope: TenantScope, assignment: Omit<Assignment, 'tenantId'>): Promise<boolean> {
  const rows = await scope.orm
    .insert(appRoleAssignments)
    .values({ ...assignment, tenantId: scope.tenantId })
    .onConflictDoNothing()
    .returning({ id: appRoleAssignments.id })
  return rows.length > 0
}

/** Inserts those that are not there. */
export async function insertAssignments(
  scope: TenantScope,
  assignments: readonly Omit<Assignment, 'tenantId'>[],
): Promise<void> {
  if (assignments.length === 0) return
  const rows = assignments.map((assignment) => ({ ...assignment, tenantId: scope.tenantId }))
  await scope.orm.insert(appRoleAssignments).values(rows).onConflictDoNothing()
}

export async function deleteAssignment(scope: TenantScope, id: string): Promise<void> {
  await scope.orm.delete(appRoleAssignments).where(and(own(scope), eq(appRoleAssignments.id, id)))
}

/** The ids of the roles that a principal has at a resource. */
export async function rolesAssigned(scope: TenantScope, principalId: string, resourceId: string): Promise<string[]> {
  const rows = await scope.orm
    .select({ appRoleId: appRoleAssignments.appRoleId })
    .from(appRoleAssignments)
    .where(and(own(scope), between(principalId, resourceId)))
  return rows.map(({ appRoleId }) => appRoleId)
}

/** Takes roles of a resource away from one principal. */
export async function deleteRolesOf(
  scope: TenantScope,
  principalId: string,
  resourceId: string,
  roleIds: readonly string[],
): Promise<void> {
  if (roleIds.length === 0) return
  await scope.orm
    .delete(appRoleAssignments)
    .where(and(own(scope), between(principalId, resourceId), inArray(appRoleAssignments.appRoleId, [...roleIds])))
}

/** Takes a role away from everybody. */
export async function deleteRoles(scope: TenantScope, resourceId: string, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length === 0) return
  await scope.orm
    .delete(appRoleAssignments)
    .where(
      and(
        own(scope),
        eq(appRoleAssignments.resourceId, resourceId),
        inArray(appRoleAssignments.appRoleId, [...roleIds]),
      ),
    )
}

/** Everything that is assigned at or to a service principal. */
export async function forgetAssignments(scope: TenantScope, principalId: string): Promise<void> {
  const isPart = or(eq(appRoleAssignments.resourceId, principalId), eq(appRoleAssignments.principalId, principalId))
  await scope.orm.delete(appRoleAssignments).where(and(own(scope), isPart))
}

function between(principalId: string, resourceId: string) {
  return and(eq(appRoleAssignments.principalId, principalId), eq(appRoleAssignments.resourceId, resourceId))
}
