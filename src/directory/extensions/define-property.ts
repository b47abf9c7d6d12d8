import { type TenantScope, violates } from '../../platform/database.js'
import { refusals } from './errors.js'
import { insertExtensionProperty } from './store.js'
import type { DataType, ExtensionProperty, ExtensionTarget } from './tables.js'
import { fullName } from './values.js'

/** Graph: extensionProperty, as an application makes one. `name` is the last part of its name. */
export type NewExtensionProperty = {
  appId: string
  name: string
  dataType: DataType
  isMultiValued?: boolean
  targetObjects: ExtensionTarget[]
}

/**
 * Defines a property that users or groups of the organization can have from now on (Graph:
 * application-post-extensionproperty). In the transaction of whoever calls. @throws Refusal: malformed or taken name
 */
export async function defineExtensionProperty(
  needs: { clock: () => Date; newId: () => string },
  scope: TenantScope,
  { appId, name, dataType, isMultiValued = false, targetObjects }: NewExtensionProperty,
): Promise<ExtensionProperty> {
  const full = fullName(appId, name)
  const row: ExtensionProperty = {
    tenantId: scope.tenantId,
    id: needs.newId(),
    appId,
    name: full,
    nameFolded: full.toLowerCase(),
    dataType,
    isMultiValued,
    targetObjects,
    createdDateTime: needs.clock(),
  }
  await insertExtensionProperty(scope, row).catch((error: unknown) => {
    if (violates(error, 'extension_properties_name')) throw refusals.propertyExists(full)
    throw error
  })
  return row
}
