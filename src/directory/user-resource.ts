import type { Tenant } from '../tenants/index.js'
import type { Identity, UserRow } from './tables.js'

/** Properties of a user when no `$select` is given (Graph: user-get, "exactly 11"). */
export const DEFAULT_USER_PROPERTIES = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
] as const

export type UserFacts = { row: UserRow; identities: Identity[] }

type Reader = (facts: UserFacts) => unknown

const instant = (value: Date | null) => (value ? graphDateTime(value) : null)

/** Every property a user can be asked for, and where its value comes from. */
const READERS: Record<string, Reader> = {
  id: ({ row }) => row.id,
  displayName: ({ row }) => row.displayName,
  givenName: ({ row }) => row.givenName,
  surname: ({ row }) => row.surname,
  jobTitle: ({ row }) => row.jobTitle,
  mail: ({ row }) => row.mail,
  mobilePhone: ({ row }) => row.mobilePhone,
  businessPhones: ({ row }) => row.businessPhones,
  officeLocation: ({ row }) => row.officeLocation,
  preferredLanguage: ({ row }) => row.preferredLanguage,
  userPrincipalName: ({ row }) => row.userPrincipalName,
  userType: ({ row }) => row.userType,
  creationType: ({ row }) => row.creationType,
  externalUserState: ({ row }) => row.externalUserState,
  externalUserStateChangeDateTime: ({ row }) => instant(row.externalUserStateChangeDateTime),
  accountEnabled: ({ row }) => row.accountEnabled,
  mailNickname: ({ row }) => row.mailNickname,
  otherMails: ({ row }) => otherMailsOf(row),
  proxyAddresses: ({ row }) => (row.mail ? [`SMTP:${row.mail}`] : []),
  identities: ({ identities }) => identities,
  companyName: ({ row }) => row.companyName,
  department: ({ row }) => row.department,
  employeeId: ({ row }) => row.employeeId,
  city: ({ row }) => row.city,
  state: ({ row }) => row.state,
  country: ({ row }) => row.country,
  postalCode: ({ row }) => row.postalCode,
  streetAddress: ({ row }) => row.streetAddress,
  usageLocation: ({ row }) => row.usageLocation,
  createdDateTime: ({ row }) => instant(row.createdDateTime),
  deletedDateTime: ({ row }) => instant(row.deletedDateTime),
  signInSessionsValidFromDateTime: ({ row }) => instant(row.signInSessionsValidFromDateTime ?? row.createdDateTime),
}

/** Names that `$select` may hold. */
export const USER_PROPERTIES: readonly string[] = Object.keys(READERS)

/** A user in Graph's shape, with just the properties asked for; those that may not be read are null or empty. */
export function userResource(
  facts: UserFacts,
  properties: readonly string[],
  readable: 'everything' | { only: ReadonlySet<string> } = 'everything',
): Record<string, unknown> {
  const resource: Record<string, unknown> = {}
  for (const name of properties) {
    const value = READERS[name]?.(facts)
    const isShown = readable === 'everything' || readable.only.has(name)
    resource[name] = isShown ? value : Array.isArray(value) ? [] : null
  }
  return resource
}

/** Graph writes times without fractions of a second. */
export function graphDateTime(value: Date): string {
  return `${value.toISOString().slice(0, 19)}Z`
}

/** A guest's other mails are the invited address until somebody sets them. */
export function otherMailsOf(row: UserRow): string[] {
  if (row.otherMails) return row.otherMails
  return row.creationType === 'Invitation' && row.mail ? [row.mail] : []
}

/**
 * The identities of a user: what they accepted with, and the name in this organization, whose issuer is its domain
 * (Graph: objectIdentity; before redemption only that one).
 */
export function identitiesOf(
  tenant: Tenant,
  row: UserRow,
  stored: Pick<Identity, 'signInType' | 'issuer'>[],
): Identity[] {
  const byName = {
    signInType: 'userPrincipalName',
    issuer: tenant.initialDomain,
    issuerAssignedId: row.userPrincipalName,
  }
  const accepted = stored.map(({ signInType, issuer }) => ({ signInType, issuer, issuerAssignedId: null }))
  return [...accepted, byName]
}
