import type { FlowAttribute } from '../words.js'

export type AttributeDataType = FlowAttribute['dataType']

/** Custom attributes of an organization. */
export const MOST_ATTRIBUTES = 100

/** Graph: identityUserFlowAttribute. `key` is what lists sort by. */
export type Attribute = {
  id: string
  key: string
  displayName: string
  description: string | null
  userFlowAttributeType: 'builtIn' | 'custom'
  dataType: AttributeDataType
}

/** Graph: identityBuiltInUserFlowAttribute; ids are the names of the properties that users have. */
export const BUILT_IN: readonly Attribute[] = [
  builtIn(1, 'city', 'City', 'The city in which the user is located.'),
  builtIn(2, 'country', 'Country/Region', 'The country or region in which the user is located.'),
  builtIn(3, 'displayName', 'Display Name', 'Display name of the user.'),
  builtIn(4, 'givenName', 'Given Name', "The user's given name (also known as first name)."),
  builtIn(5, 'jobTitle', 'Job Title', "The user's job title."),
  builtIn(6, 'postalCode', 'Postal Code', "The postal code of the user's address."),
  builtIn(7, 'state', 'State/Province', "The state or province in the user's address."),
  builtIn(8, 'streetAddress', 'Street Address', 'The street address where the user is located.'),
  builtIn(9, 'surname', 'Surname', "The user's surname (also known as family name or last name)."),
]

/** Before any id that was made, so that built-in attributes come first. */
function builtIn(place: number, id: string, displayName: string, description: string): Attribute {
  const key = `00000000-0000-0000-0000-00000000000${place}`
  return { id, key, displayName, description, userFlowAttributeType: 'builtIn', dataType: 'string' }
}

/** A built-in attribute, its name in whatever case: Graph's own samples write `City` and `city`. */
export function builtInAttribute(id: string): Attribute | undefined {
  return BUILT_IN.find((attribute) => attribute.id.toLowerCase() === id.toLowerCase())
}

/** What the last part of a custom attribute's name is made of; undefined when its display name has nothing for it. */
export function attributeName(displayName: string): string | undefined {
  const name = displayName.replaceAll(/[^A-Za-z0-9_]/g, '')
  return /^[A-Za-z]/.test(name) ? name : undefined
}
