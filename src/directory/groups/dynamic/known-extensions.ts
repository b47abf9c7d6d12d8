import type { TenantScope } from '../../../platform/database.js'
import { findExtensionProperties } from '../../extensions/store.js'
import { unsupportedProperty } from './rule-error.js'
import { parseRule } from './rule-parser.js'
import { extensionsOfRule } from './rule-tree.js'

/**
 * Directory extensions of a rule must be defined for users, with one value each: a rule asks about one.
 * @throws Refusal with the position of one that is not
 */
export async function mustKnowExtensions(scope: TenantScope, text: string): Promise<void> {
  const names = [...extensionsOfRule(parseRule(text))]
  if (names.length === 0) return
  const defined = await findExtensionProperties(scope, 'User', names)
  const known = new Set(defined.flatMap(({ nameFolded, isMultiValued }) => (isMultiValued ? [] : [nameFolded])))
  const stranger = names.find((name) => !known.has(name))
  if (stranger === undefined) return
  const at = text.toLowerCase().indexOf(stranger)
  throw unsupportedProperty(text.slice(at, at + stranger.length), at + 1 - 'user.'.length)
}
