import { EXTENSION_ATTRIBUTES } from './extension-attributes.js'
import type { users } from './tables.js'
import type { SearchedChanges } from './values-store.js'

type Columns = Partial<typeof users.$inferInsert>

/** Columns of users that `$filter` finds through `directory_values`, which have no index of their own. */
export const SEARCHED_COLUMNS = [
  'ageGroup',
  'businessPhones',
  'companyName',
  'consentProvidedForMinor',
  'employeeCostCenter',
  'employeeDivision',
  'employeeHireDate',
  'employeeLeaveDateTime',
  'employeeType',
  'faxNumber',
  'jobTitle',
  'mobilePhone',
  'officeLocation',
  'onPremisesImmutableId',
  'passwordPolicies',
  'postalCode',
  'preferredLanguage',
  'showInAddressList',
  'streetAddress',
] as const satisfies readonly (keyof Columns)[]

/** What a user is found by, as far as columns that are being written decide it. Of extension attributes all are. */
export function searchedColumns(columns: Columns): SearchedChanges {
  const changes: Record<string, string[]> = {}
  for (const name of SEARCHED_COLUMNS) {
    const value = columns[name]
    if (value !== undefined) changes[name] = formsOf(value)
  }
  const attributes = columns.extensionAttributes
  if (attributes !== undefined) {
    for (const name of EXTENSION_ATTRIBUTES) changes[name] = formsOf(attributes?.[name] ?? null)
  }
  return changes
}

function formsOf(value: string | boolean | Date | string[] | null): string[] {
  if (value === null) return []
  // As `parseDateTime` writes times: with microseconds, which a Date has none of.
  if (value instanceof Date) return [value.toISOString().replace('Z', '000Z')]
  return [value].flat().map((each) => String(each).toLowerCase())
}
