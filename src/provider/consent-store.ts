import { sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { permissionGrants } from './tables.js'

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
