import { and, asc, eq, inArray } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { directoryValues } from '../tables.js'
import { type ExtensionProperty, type ExtensionTarget, extensionProperties } from './tables.js'

const own = (scope: TenantScope) => eq(extensionProperties.tenantId, scope.tenantId)

/** Extension properties that this type of object has, of these names in whatever case. */
export async function findExtensionProperties(
  scope: TenantScope,
  target: ExtensionTarget,
  names: readonly string[],
): Promise<ExtensionProperty[]> {
  const folded = [...new Set(names.map((name) => name.toLowerCase()))]
  if (folded.length === 0) return []
  const found = await scope.orm
    .select()
    .from(extensionProperties)
    .where(and(own(scope), inArray(extensionProperties.nameFolded, folded)))
  return found.filter(({ targetObjects }) => targetObjects.includes(target))
}

/** Those of the organization, of one application or of all of them, in the order in which they were made. */
export function listExtensionProperties(scope: TenantScope, appId?: string): Promise<ExtensionProperty[]> {
  return scope.orm
    .select()
    .from(extensionProperties)
    .where(and(own(scope), appId === undefined ? undefined : eq(extensionProperties.appId, appId)))
    .orderBy(asc(extensionProperties.id))
}

export async function insertExtensionProperty(scope: TenantScope, row: ExtensionProperty): Promise<void> {
  await scope.orm.insert(extensionProperties).values(row)
}

/** Takes a definition of an application away, and nobody is found by it any more; whether there was one. */
export async function deleteExtensionProperty(scope: TenantScope, appId: string, id: string): Promise<boolean> {
  const gone = await scope.orm
    .delete(extensionProperties)
    .where(and(own(scope), eq(extensionProperties.appId, appId), eq(extensionProperties.id, id)))
    .returning({ id: extensionProperties.id })
  if (gone.length === 0) return false
  await scope.orm
    .delete(directoryValues)
    .where(and(eq(directoryValues.tenantId, scope.tenantId), eq(directoryValues.property, id)))
  return true
}
