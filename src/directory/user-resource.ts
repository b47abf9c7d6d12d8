import type { Tenant } from '../tenants/index.js'
import { shows, type View } from './rules.js'
import type { Identity, ShownIdentity, UserProfile, UserRow } from './tables.js'

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

export type UserFacts = { row: UserRow; identities: ShownIdentity[] }

type Reader = (facts: UserFacts) => unknown

const instant = (value: Date | null) => (value ? graphDateTime(value) : null)
const nothing = () => null
const none = () => []
const profileText = (name: keyof UserProfile) => (facts: UserFacts) => facts.row.profile?.[name] ?? null
const profileList = (name: keyof UserProfile) => (facts: UserFacts) => facts.row.profile?.[name] ?? []
/** Graph: Edm.DateTimeOffset without null, for which it answers this. */
const profileTime = (name: keyof UserProfile) => (facts: UserFacts) =>
  facts.row.profile?.[name] ?? '0001-01-01T00:00:00Z'

/** Every property a user can be asked for, and where its value comes from. */
const READERS: Record<string, Reader> = {
  id: ({ row }) => row.id,
  accountEnabled: ({ row }) => row.accountEnabled,
  ageGroup: ({ row }) => row.ageGroup,
  businessPhones: ({ row }) => row.businessPhones,
  city: ({ row }) => row.city,
  companyName: ({ row }) => row.companyName,
  consentProvidedForMinor: ({ row }) => row.consentProvidedForMinor,
  country: ({ row }) => row.country,
  createdDateTime: ({ row }) => instant(row.createdDateTime),
  creationType: ({ row }) => row.creationType,
  deletedDateTime: ({ row }) => instant(row.deletedDateTime),
  department: ({ row }) => row.department,
  displayName: ({ row }) => row.displayName,
  employeeHireDate: ({ row }) => instant(row.employeeHireDate),
  employeeId: ({ row }) => row.employeeId,
  employeeLeaveDateTime: ({ row }) => instant(row.employeeLeaveDateTime),
  employeeOrgData: ({ row: { employeeCostCenter: costCenter, employeeDivision: division } }) =>
    costCenter === null && division === null ? null : { costCenter, division },
  employeeType: ({ row }) => row.employeeType,
  externalUserState: ({ row }) => row.externalUserState,
  externalUserStateChangeDateTime: ({ row }) => instant(row.externalUserStateChangeDateTime),
  faxNumber: ({ row }) => row.faxNumber,
  givenName: ({ row }) => row.givenName,
  identities: ({ identities }) => identities,
  jobTitle: ({ row }) => row.jobTitle,
  legalAgeGroupClassification: ({ row }) => legalAgeGroupOf(row),
  mail: ({ row }) => row.mail,
  mailNickname: ({ row }) => row.mailNickname,
  mobilePhone: ({ row }) => row.mobilePhone,
  officeLocation: ({ row }) => row.officeLocation,
  onPremisesExtensionAttributes: ({ row }) => extensionAttributesOf(row),
  onPremisesImmutableId: ({ row }) => row.onPremisesImmutableId,
  otherMails: ({ row }) => otherMailsOf(row),
  passwordPolicies: ({ row }) => row.passwordPolicies,
  postalCode: ({ row }) => row.postalCode,
  preferredDataLocation: ({ row }) => row.preferredDataLocation,
  preferredLanguage: ({ row }) => row.preferredLanguage,
  proxyAddresses: ({ row }) => (row.mail ? [`SMTP:${row.mail}`] : []),
  showInAddressList: ({ row }) => row.showInAddressList,
  signInSessionsValidFromDateTime: ({ row }) => instant(row.signInSessionsValidFromDateTime ?? row.createdDateTime),
  state: ({ row }) => row.state,
  streetAddress: ({ row }) => row.streetAddress,
  surname: ({ row }) => row.surname,
  usageLocation: ({ row }) => row.usageLocation,
  userPrincipalName: ({ row }) => row.userPrincipalName,
  userType: ({ row }) => row.userType,

  // Only of a single user.
  aboutMe: profileText('aboutMe'),
  birthday: profileTime('birthday'),
  hireDate: profileTime('hireDate'),
  interests: profileList('interests'),
  mySite: profileText('mySite'),
  pastProjects: profileList('pastProjects'),
  preferredName: profileText('preferredName'),
  responsibilities: profileList('responsibilities'),
  schools: profileList('schools'),
  skills: profileList('skills'),

  // Graph knows them, and this service has nothing behind them: passwords, licences, an on-premises directory.
  assignedLicenses: none,
  assignedPlans: none,
  authorizationInfo: () => ({ certificateUserIds: [] }),
  customSecurityAttributes: nothing,
  identityParentId: nothing,
  imAddresses: none,
  isManagementRestricted: nothing,
  isResourceAccount: nothing,
  lastPasswordChangeDateTime: nothing,
  licenseAssignmentStates: none,
  onPremisesDistinguishedName: nothing,
  onPremisesDomainName: nothing,
  onPremisesLastSyncDateTime: nothing,
  onPremisesProvisioningErrors: none,
  onPremisesSamAccountName: nothing,
  onPremisesSecurityIdentifier: nothing,
  onPremisesSyncEnabled: nothing,
  onPremisesUserPrincipalName: nothing,
  passwordProfile: nothing,
  provisionedPlans: none,
  securityIdentifier: ({ row }) => securityIdentifierOf(row.id),
  serviceProvisioningErrors: none,
  signInActivity: nothing,
}

/** Names that `$select` may hold. */
export const USER_PROPERTIES: readonly string[] = Object.keys(READERS)

/** A user in Graph's shape, with just the properties asked for; what `view` does not show is null, or an empty list. */
export function userResource(
  facts: UserFacts,
  properties: readonly string[],
  view: View = 'everything',
): Record<string, unknown> {
  const resource: Record<string, unknown> = {}
  for (const name of properties) {
    const value = READERS[name]?.(facts)
    resource[name] = shows(view, name) ? value : Array.isArray(value) ? [] : null
  }
  return resource
}

/** Graph writes times without fractions of a second. */
export function graphDateTime(value: Date): string {
  return `${value.toISOString().slice(0, 19)}Z`
}

/** A guest's other mails are the invited address until somebody sets them. */
export function otherMailsOf(row: Pick<UserRow, 'otherMails' | 'creationType' | 'mail'>): string[] {
  if (row.otherMails) return row.otherMails
  return row.creationType === 'Invitation' && row.mail ? [row.mail] : []
}

/**
 * The identities of a user: what they accepted with, and the name in this organization, whose issuer is its domain
 * (Graph: objectIdentity; before redemption only that one). Of accounts made with an identity, it is shown whole.
 */
export function identitiesOf(
  tenant: Pick<Tenant, 'initialDomain'>,
  row: Pick<UserRow, 'userPrincipalName' | 'creationType'>,
  stored: readonly Identity[],
): ShownIdentity[] {
  const byName = {
    signInType: 'userPrincipalName',
    issuer: tenant.initialDomain,
    issuerAssignedId: row.userPrincipalName,
  }
  const isInvited = row.creationType === 'Invitation'
  const others = stored.map(({ signInType, issuer, issuerAssignedId }) => ({
    signInType,
    issuer,
    issuerAssignedId: isInvited ? null : issuerAssignedId,
  }))
  return [...others, byName]
}

/** Graph: legalAgeGroupClassification, which follows from the two properties an administrator sets. */
function legalAgeGroupOf({ ageGroup, consentProvidedForMinor }: UserRow): string | null {
  switch (ageGroup) {
    case 'Adult':
      return 'Adult'
    case 'NotAdult':
      return 'NotAdult'
    case 'Minor':
      if (consentProvidedForMinor === 'Granted') return 'MinorWithParentalConsent'
      if (consentProvidedForMinor === 'Denied') return 'MinorWithoutParentalConsent'
      return consentProvidedForMinor === 'NotRequired' ? 'MinorNoParentalConsentRequired' : null
    default:
      return null
  }
}

/** All fifteen, as Graph answers them. */
function extensionAttributesOf({ extensionAttributes }: UserRow): Record<string, string | null> {
  const entries = Array.from({ length: 15 }, (_, n) => {
    const name = `extensionAttribute${n + 1}`
    return [name, extensionAttributes?.[name] ?? null]
  })
  return Object.fromEntries(entries)
}

/** Graph: a SID made of the four words of the object id. */
export function securityIdentifierOf(id: string): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  // The first three groups of a GUID are little-endian in its binary form.
  const guid = Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ])
  return `S-1-12-1-${[0, 4, 8, 12].map((at) => guid.readUInt32LE(at)).join('-')}`
}
