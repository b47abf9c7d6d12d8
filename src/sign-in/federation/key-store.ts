import { and, desc, eq, gt, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { samlKeys } from './tables.js'

export type SamlKeyRow = typeof samlKeys.$inferSelect

/** Keys whose certificate is valid at `now`, the newest first. */
export function readSamlKeys(scope: TenantScope, now: Date): Promise<SamlKeyRow[]> {
  return scope.orm
    .select()
    .from(samlKeys)
    .where(and(eq(samlKeys.tenantId, scope.tenantId), gt(samlKeys.expiresDateTime, now)))
    .orderBy(desc(samlKeys.createdDateTime))
}

/** One process at a time makes a key for an organization, to the end of the transaction. */
export async function lockSamlKeys(scope: TenantScope): Promise<void> {
  await scope.orm.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`saml keys ${scope.tenantId}`}, 0))`)
}

export async function insertSamlKey(scope: TenantScope, row: Omit<SamlKeyRow, 'tenantId'>): Promise<void> {
  await scope.orm.insert(samlKeys).values({ ...row, tenantId: scope.tenantId })
}

/** The keys of an organization, those with an expired certificate too. */
export function listAllSamlKeys(scope: TenantScope): Promise<SamlKeyRow[]> {
  return scope.orm.select().from(samlKeys).where(eq(samlKeys.tenantId, scope.tenantId))
}

export async function updateSamlKey(
  scope: TenantScope,
  id: string,
  changes: Pick<SamlKeyRow, 'privateKeySealed'>,
): Promise<void> {
  await scope.orm
    .update(samlKeys)
    .set(changes)
    .where(and(eq(samlKeys.tenantId, scope.tenantId), eq(samlKeys.id, id)))
}
