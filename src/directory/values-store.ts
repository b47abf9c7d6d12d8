import { and, eq, inArray } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { directoryValues } from './tables.js'
import { searchable } from './values-resource.js'

/** Values by property, in lower case: what an object has by them from now on. */
export type SearchedChanges = Readonly<Record<string, readonly string[]>>

/** Replaces what `$filter` finds an object by, for the properties named; the others stay as they are. */
export async function replaceSearchedValues(
  scope: TenantScope,
  objectId: string,
  changes: SearchedChanges,
  isNew = false,
): Promise<void> {
  const { tenantId, orm } = scope
  const properties = Object.keys(changes)
  if (properties.length === 0) return
  if (!isNew) {
    await orm
      .delete(directoryValues)
      .where(
        and(
          eq(directoryValues.tenantId, tenantId),
          eq(directoryValues.objectId, objectId),
          inArray(directoryValues.property, properties),
        ),
      )
  }
  const rows = Object.entries(changes).flatMap(([property, values]) =>
    [...new Set(values.map(searchable))].map((value) => ({ tenantId, property, value, objectId })),
  )
  if (rows.length > 0) await orm.insert(directoryValues).values(rows)
}

/** Forgets objects that are gone for good. */
export async function eraseSearchedValues(scope: TenantScope, objectIds: readonly string[]): Promise<void> {
  if (objectIds.length === 0) return
  await scope.orm
    .delete(directoryValues)
    .where(and(eq(directoryValues.tenantId, scope.tenantId), inArray(directoryValues.objectId, [...objectIds])))
}
