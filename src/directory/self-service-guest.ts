import { parseDateTime } from '../graph/date-time.js'
import type { EmailAddress } from '../kernel/email-address.js'
import { searchedColumns } from './searched-columns.js'
import type { Identity } from './tables.js'
import { searchable } from './values-resource.js'

/** Properties of users that people who sign up by themselves may be asked for (Graph: built-in identityUserFlowAttribute). */
const SELF_SERVICE_PROPERTIES = [
  'city',
  'companyName',
  'country',
  'department',
  'displayName',
  'employeeId',
  'givenName',
  'jobTitle',
  'mobilePhone',
  'officeLocation',
  'postalCode',
  'preferredLanguage',
  'state',
  'streetAddress',
  'surname',
  'usageLocation',
] as const

type Value = string | number | boolean | readonly string[]

/** Somebody who came by themselves, proved who they are and answered what was asked. */
export type SelfServiceGuest = {
  id: string
  address: EmailAddress
  identity: Identity
  /** By the names of users' properties and of directory extensions; others are passed over. */
  properties: Readonly<Record<string, unknown>>
}

/** The same as the statement that makes the user takes it (`directory_add_self_service_guest`). */
export type SelfServiceRow = {
  id: string
  signInType: string
  issuer: string
  subject: string
  address: string
  folded: string
  nickname: string
  columns: Record<string, string>
  /** Columns that `$filter` finds by rows of their own. */
  searched: { property: string; value: string }[]
  /** `moment`: what a value is found by where the extension is of times. */
  extensions: { name: string; value: Value; forms: string[]; moment: string | undefined }[]
}

const EXTENSION = /^extension_[0-9a-f]{32}_\w{1,128}$/i

/** A guest as a row. Without any name they are called by their address, as guests who were invited without one are. */
export function selfServiceRow({ id, address, identity, properties }: SelfServiceGuest): SelfServiceRow {
  const columns: Record<string, string> = {}
  for (const name of SELF_SERVICE_PROPERTIES) {
    const value = properties[name]
    if (typeof value === 'string' && value.trim() !== '') columns[name] = value.trim()
  }
  const { givenName = '', surname = '' } = columns
  columns['displayName'] ??= [givenName, surname].join(' ').trim() || address.text
  return {
    id,
    signInType: identity.signInType,
    issuer: identity.issuer,
    subject: identity.issuerAssignedId,
    address: address.text,
    folded: address.folded,
    nickname: `${address.local}_${address.domain}#EXT#`,
    columns,
    searched: Object.entries(searchedColumns(columns)).flatMap(([property, forms]) =>
      forms.map((form) => ({ property, value: searchable(form) })),
    ),
    extensions: Object.entries(properties).flatMap(([name, value]) =>
      EXTENSION.test(name) && isValue(value) ? [{ name: name.toLowerCase(), value, ...foundBy(value) }] : [],
    ),
  }
}

function isValue(value: unknown): value is Value {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => typeof item === 'string')
  return typeof value === 'boolean' || Number.isSafeInteger(value) || (typeof value === 'string' && value !== '')
}

function foundBy(value: Value): Pick<SelfServiceRow['extensions'][number], 'forms' | 'moment'> {
  const forms = typeof value === 'object' ? value : [value]
  return {
    forms: [...new Set(forms.map((each) => searchable(String(each).toLowerCase())))],
    moment: typeof value === 'string' ? parseDateTime(value) : undefined,
  }
}
