import type { FlowAttribute } from '../words.js'

export type AttributeDataType = FlowAttribute['dataType']

/** Graph: identityBuiltInUserFlowAttribute; ids are the names of the properties that users have. */
export const BUILT_IN: readonly { id: string; displayName: string; description: string }[] = [
  { id: 'city', displayName: 'City', description: 'The city in which the user is located.' },
  { id: 'country', displayName: 'Country/Region', description: 'The country/region in which the user is located.' },
  { id: 'displayName', displayName: 'Display Name', description: 'Display Name of the User.' },
  { id: 'givenName', displayName: 'Given Name', description: "The user's given name (also known as first name)." },
  { id: 'jobTitle', displayName: 'Job Title', description: "The user's job title." },
  { id: 'postalCode', displayName: 'Postal Code', description: "The postal code of the user's address." },
  { id: 'state', displayName: 'State/Province', description: "The state or province in user's address." },
  { id: 'streetAddress', displayName: 'Street Address', description: 'The street address where the user is located.' },
  {
    id: 'surname',
    displayName: 'Surname',
    description: "The user's surname (also known as family name or last name).",
  },
]

/** A built-in attribute, its name in whatever case. */
export function builtInAttribute(id: string): (typeof BUILT_IN)[number] | undefined {
  return BUILT_IN.find((attribute) => attribute.id.toLowerCase() === id.toLowerCase())
}
