import { and, count, eq, inArray } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { federatedCredentials } from '../tables.js'

export type FederatedCredential = typeof federatedCredentials.$inferSelect

const own = (scope: TenantScope) => eq(federatedCredentials.tenantId, scope.tenantId)
const one = (scope: TenantScope, applicationId: string, id: string) =>
  and(own(scope), eq(federatedCredentials.applicationId, applicationId), eq(federatedCredentials.id, id))

export async function findFederated(scope: TenantScope, ids: readonly string[]): Promise<FederatedCredential[]> {
  if (ids.length === 0) return []
  return scope.orm
    .select()
    .from(federatedCredentials)
    .where(and(own(scope), inArray(federatedCredentials.id, [...ids])))
}

/** The credential of an application under a key of its path: its id, or its name. */
export async function findFederatedOf(
  scope: TenantScope,
  applicationId: string,
  key: { id: string } | { name: string },
): Promise<FederatedCredential | undefined> {
  const isIt = 'id' in key ? eq(federatedCredentials.id, key.id) : eq(federatedCredentials.name, key.name)
  const [row] = await scope.orm
    .select()
    .from(federatedCredentials)
    .where(and(own(scope), eq(federatedCredentials.applicationId, applicationId), isIt))
  return row
}

/** Everybody whose tokens prove an application. */
export function listFederated(scope: TenantScope, applicationId: string): Promise<FederatedCredential[]> {
  return scope.orm
    .select()
    .from(federatedCredentials)
    .where(and(own(scope), eq(federatedCredentials.applicationId, applicationId)))
}

export async function countFederated(scope: TenantScope, applicationId: string): Promise<number> {
  const [row] = await scope.orm
    .select({ total: count() })
    .from(federatedCredentials)
    .where(and(own(scope), eq(federatedCredentials.applicationId, applicationId)))
  return row?.total ?? 0
}

export async function insertFederated(scope: TenantScope, row: FederatedCredential): Promise<void> {
  await scope.orm.insert(federatedCredentials).values(row)
}

export async function updateFederated(
  scope: TenantScope,
  applicationId: string,
  id: string,
  changes: Partial<FederatedCredential>,
): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await scope.orm
    .update(federatedCredentials)
    .set(changes)
    .where(one(scope, applicationId, id))
}

export async function deleteFederated(scope: TenantScope, applicationId: string, id: string): Promise<void> {
  await scope.orm.delete(federatedCredentials).where(one(scope, applicationId, id))
}
