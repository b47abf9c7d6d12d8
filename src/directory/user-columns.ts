import type { InvitedUserProperties, UserChanges, UserCreation } from './schema.js'
import type { UserChanges as StoredChanges } from './store.js'
import type { UserProfile, UserRow } from './tables.js'

/** Any body that says something of a user. */
export type Given = UserChanges | UserCreation | InvitedUserProperties

const PLAIN = [
  'accountEnabled',
  'ageGroup',
  'businessPhones',
  'city',
  'companyName',
  'consentProvidedForMinor',
  'country',
  'department',
  'displayName',
  'employeeId',
  'employeeType',
  'faxNumber',
  'givenName',
  'jobTitle',
  'mobilePhone',
  'officeLocation',
  'postalCode',
  'preferredDataLocation',
  'preferredLanguage',
  'showInAddressList',
  'state',
  'streetAddress',
  'surname',
  'usageLocation',
] as const

/** Of accounts of the organization, so not part of an invitation. */
const NOT_OF_GUESTS = ['onPremisesImmutableId', 'passwordPolicies', 'userType'] as const

const TIMES = ['employeeHireDate', 'employeeLeaveDateTime'] as const

/** Properties of Graph's user profile, which exist on a single user only. */
export const PROFILE_PROPERTIES = [
  'aboutMe',
  'birthday',
  'hireDate',
  'interests',
  'mySite',
  'pastProjects',
  'preferredName',
  'responsibilities',
  'schools',
  'skills',
] as const satisfies readonly (keyof UserProfile)[]

/**
 * The columns that a body sets, addresses and names apart: those are for use cases to check. What a body does not name
 * stays as it is in `before`, inside its nested objects too (Graph: PATCH merges complex values).
 */
export function columnsOf(given: Given, before?: Pick<UserRow, 'extensionAttributes' | 'profile'>): StoredChanges {
  const columns: Record<string, unknown> = {}
  for (const name of PLAIN) if (given[name] !== undefined) columns[name] = given[name]
  for (const name of TIMES) {
    const value = given[name]
    if (value !== undefined) columns[name] = value === null ? null : new Date(value)
  }
  for (const name of NOT_OF_GUESTS) {
    const value = name in given ? (given as UserChanges)[name] : undefined
    if (value !== undefined) columns[name] = value
  }
  const organization = given.employeeOrgData
  if (organization !== undefined) {
    if (organization?.costCenter !== undefined || organization === null) {
      columns['employeeCostCenter'] = organization?.costCenter ?? null
    }
    if (organization?.division !== undefined || organization === null) {
      columns['employeeDivision'] = organization?.division ?? null
    }
  }
  const attributes = given.onPremisesExtensionAttributes
  if (attributes !== undefined) columns['extensionAttributes'] = merged(before?.extensionAttributes, attributes)
  const profile = Object.fromEntries(PROFILE_PROPERTIES.map((name) => [name, given[name]]))
  if (Object.values(profile).some((value) => value !== undefined)) {
    columns['profile'] = merged(before?.profile, profile)
  }
  return columns
}

/** `null` takes a value away, an absent one leaves it. Null when nothing is left. */
function merged(before: object | null | undefined, changes: Record<string, unknown> | null): object | null {
  if (changes === null) return null
  const said = Object.entries(changes).filter(([, value]) => value !== undefined)
  const kept = Object.entries({ ...before, ...Object.fromEntries(said) }).filter(([, value]) => value !== null)
  return kept.length === 0 ? null : Object.fromEntries(kept)
}
