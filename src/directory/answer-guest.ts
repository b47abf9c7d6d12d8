import type { TenantScope } from '../platform/database.js'
import { extensionChange } from './extensions/change-values.js'
import { findExtensionProperties } from './extensions/store.js'
import { extensionsIn } from './extensions/values.js'
import { type SelfServiceGuest, selfServiceRow } from './self-service-guest.js'
import { updateUser } from './store.js'
import type { UserRow } from './tables.js'
import { replaceSearchedValues } from './values-store.js'

/**
 * Gives somebody who was invited what they answered when they asked to come by themselves. What is known of them already
 * stays: whoever invited them said so. For whoever has locked them. Answers with the names of what changed.
 */
export async function answerForGuest(scope: TenantScope, user: UserRow, guest: SelfServiceGuest): Promise<string[]> {
  const { columns } = selfServiceRow(guest)
  // Who is invited without a name is called by their address until they have one.
  const isUnnamed = [guest.address.local, guest.address.text].includes(user.displayName)
  const isOpen = (name: string) =>
    name === 'displayName' ? isUnnamed : (user as Readonly<Record<string, unknown>>)[name] === null
  const answered = Object.fromEntries(Object.entries(columns).filter(([name]) => isOpen(name)))
  const extensions = await openExtensions(scope, user, guest.properties)
  const change = await extensionChange(scope, 'User', extensions, user.extensionValues)
  await updateUser(scope, user.id, { ...answered, ...(change && { extensionValues: change.extensionValues }) })
  if (change) await replaceSearchedValues(scope, user.id, change.searched)
  return [...Object.keys(answered), ...Object.keys(extensions)]
}

/** Answers that are values of extensions which still are there, and of which the user has none. */
async function openExtensions(
  scope: TenantScope,
  { extensionValues }: UserRow,
  properties: SelfServiceGuest['properties'],
): Promise<Record<string, unknown>> {
  const given = extensionsIn(properties)
  const known = await findExtensionProperties(scope, 'User', Object.keys(given))
  const open = known.filter(({ id }) => extensionValues?.[id] === undefined).map(({ nameFolded }) => nameFolded)
  return Object.fromEntries(Object.entries(given).filter(([name]) => open.includes(name.toLowerCase())))
}
