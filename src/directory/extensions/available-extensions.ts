import type { Entity, ReadContext } from '../../graph/odata/resource.js'
import { listExtensionProperties } from './store.js'
import type { ExtensionProperty } from './tables.js'

/**
 * Everything that applications of the organization have defined (Graph: getAvailableExtensionProperties). None of it
 * comes from elsewhere, so whoever asks for what is synchronized gets nothing.
 */
export async function availableExtensions({ scope }: ReadContext, isSynced: boolean | undefined): Promise<Entity[]> {
  if (isSynced) return []
  return (await listExtensionProperties(scope)).map(shownDefinition)
}

/** Graph: extensionProperty. */
export function shownDefinition({ id, name, dataType, isMultiValued, targetObjects }: ExtensionProperty): Entity {
  return {
    '@odata.type': '#microsoft.graph.extensionProperty',
    id,
    deletedDateTime: null,
    appDisplayName: null,
    dataType,
    isMultiValued,
    isSyncedFromOnPremises: false,
    name,
    targetObjects,
  }
}
