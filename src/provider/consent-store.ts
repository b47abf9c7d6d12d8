import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { permissionGrants } from './tables.js'

const own = (scope: TenantScope) => eq(permissionGrants.tenantId, scope.tenantId)

/** Adds permissions to what an application may do for one person, or for everybody when `principalId` is null. */
export async function addConsent(
  scope: TenantScope,
  consent: { id: string; clientId: string; principalId: string | null; scopes: string[]; createdDateTime: Date },
): Promise<void> {
  const all = sql`array(select distinct unnest(${permissionGrants.scopes} || excluded.scopes))`
  await scope.orm
    .insert(permissionGrants)
    .values({ tenantId: scope.tenantId, ...consent })
    .onConflictDoUpdate({
      target: [permissionGrants.tenantId, permissionGrants.clientId, permissionGrants.principalId],
      set: { scopes: all },
    })
}

/** What an application may do for one person at the moment, by their own consent and by everybody's. */
export async function consentedTo(scope: TenantScope, principalId: string, userId: string): Promise<string[]> {
  const rows = await scope.orm
    .selectDistinct({ name: sql<string>`unnest(${permissionGrants.scopes})` })
    .from(permissionGrants)
    .where(
      and(
        own(scope),
        eq(permissionGrants.clientId, principalId),
        or(isNull(permissionGrants.principalId), eq(permissionGrants.principalId, userId)),
      ),
    )
  return rows.map(({ name }) => name)
}

export type PermissionGrant = typeof permissionGrants.$inferSelect

export async function findPermissionGrants(scope: TenantScope, ids: readonly string[]): Promise<PermissionGrant[]> {
  if (ids.length === 0) return []
  return scope.orm
    .select()
    .from(permissionGrants)
    .where(and(own(scope), inArray(permissionGrants.id, [...ids])))
}

export async function insertPermissionGrant(
  scope: TenantScope,
  grant: Omit<PermissionGrant, 'tenantId'>,
): Promise<void> {
  await scope.orm.insert(permissionGrants).values({ ...grant, tenantId: scope.tenantId })
}

export async function updatePermissionGrant(scope: TenantScope, id: string, scopes: string[]): Promise<void> {
  await scope.orm
    .update(permissionGrants)
    .set({ scopes })
    .where(and(own(scope), eq(permissionGrants.id, id)))
}

export async function deletePermissionGrant(scope: TenantScope, id: string): Promise<void> {
  await scope.orm.delete(permissionGrants).where(and(own(scope), eq(permissionGrants.id, id)))
}
