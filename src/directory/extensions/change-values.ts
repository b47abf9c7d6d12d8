import type { TenantScope } from '../../platform/database.js'
import type { SearchedChanges } from '../values-store.js'
import { findExtensionProperties } from './store.js'
import type { ExtensionTarget, ExtensionValues } from './tables.js'
import { changedValues, extensionsIn, searchedForms } from './values.js'

export type ExtensionChange = {
  /** What the object has then. */
  extensionValues: ExtensionValues | null
  /** What it is found by. */
  searched: SearchedChanges
}

/**
 * What a body says of the directory extensions of an object; undefined when it speaks of none.
 * @throws Refusal: an extension that this organization has not defined for such objects, or a value it does not take.
 */
export async function extensionChange(
  scope: TenantScope,
  target: ExtensionTarget,
  body: object,
  before?: ExtensionValues | null,
): Promise<ExtensionChange | undefined> {
  const given = extensionsIn(body)
  const names = Object.keys(given)
  if (names.length === 0) return undefined
  const definitions = await findExtensionProperties(scope, target, names)
  const { values, touched } = changedValues(definitions, before, given)
  const searched = touched.map(({ id, dataType }) => [id, searchedForms(dataType, values?.[id])] as const)
  return { extensionValues: values, searched: Object.fromEntries(searched) }
}
