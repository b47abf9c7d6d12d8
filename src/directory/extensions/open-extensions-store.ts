import { and, asc, count, eq, inArray } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { deleteRows, rowsWith } from '../../platform/tenant-rows.js'
import { type OpenExtension, openExtensions } from './tables.js'

const named = (scope: TenantScope, ownerId: string, name: string) =>
  rowsWith(scope, openExtensions, { ownerId, nameFolded: name.toLowerCase() })

/** What clients keep with these objects, in the order of names; for each object `most` at most. */
export async function readOpenExtensions(scope: TenantScope, ownerIds: readonly string[]): Promise<OpenExtension[]> {
  if (ownerIds.length === 0) return []
  return scope.orm
    .select()
    .from(openExtensions)
    .where(and(eq(openExtensions.tenantId, scope.tenantId), inArray(openExtensions.ownerId, [...ownerIds])))
    .orderBy(asc(openExtensions.ownerId), asc(openExtensions.nameFolded))
}

/** One of them, by its name in whatever case. */
export async function findOpenExtension(
  scope: TenantScope,
  ownerId: string,
  name: string,
): Promise<OpenExtension | undefined> {
  const [row] = await scope.orm
    .select()
    .from(openExtensions)
    .where(named(scope, ownerId, name))
  return row
}

/** How many a client keeps with an object. */
export async function countOfClient(scope: TenantScope, ownerId: string, appId: string): Promise<number> {
  const [row] = await scope.orm
    .select({ n: count() })
    .from(openExtensions)
    .where(rowsWith(scope, openExtensions, { ownerId, appId }))
  return row?.n ?? 0
}

export async function insertOpenExtension(scope: TenantScope, row: OpenExtension): Promise<void> {
  await scope.orm.insert(openExtensions).values(row)
}

/** Puts other content in the place of what was there; whether there was anything. */
export async function replaceContent(
  scope: TenantScope,
  ownerId: string,
  name: string,
  content: OpenExtension['content'],
): Promise<boolean> {
  const changed = await scope.orm
    .update(openExtensions)
    .set({ content })
    .where(named(scope, ownerId, name))
    .returning({ name: openExtensions.name })
  return changed.length > 0
}

/** Whether there was anything to delete. */
export function deleteOpenExtension(scope: TenantScope, ownerId: string, name: string): Promise<boolean> {
  return deleteRows(scope, openExtensions, { ownerId, nameFolded: name.toLowerCase() })
}

/** Of objects that are gone for good. */
export async function eraseOpenExtensions(scope: TenantScope, ownerIds: readonly string[]): Promise<void> {
  if (ownerIds.length === 0) return
  await scope.orm
    .delete(openExtensions)
    .where(and(eq(openExtensions.tenantId, scope.tenantId), inArray(openExtensions.ownerId, [...ownerIds])))
}
