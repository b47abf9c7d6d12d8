import type { Property } from '../graph/odata/resource.js'
import { refusals } from './errors.js'
import { EXTENSION_ATTRIBUTES } from './extension-attributes.js'
import { readSignInActivity, type SignInActivity } from './store.js'
import type { UserProfile, UserRow } from './tables.js'

type UserProperty = Property<UserRow>

const text = (read: (row: UserRow) => string | null): UserProperty => ({ type: 'Edm.String', read })
const instant = (read: (row: UserRow) => Date | null): UserProperty => ({
  type: 'Edm.DateTimeOffset',
  read: (row) => graphDateTime(read(row)),
})
/** Graph knows them, and this service has nothing behind them. */
const absent = (type: Property<UserRow>['type']): UserProperty => ({ type, read: () => null })
const absentList = (type: Property<UserRow>['type']): UserProperty => ({ type, isCollection: true, read: () => [] })

/** Of a single user only, as Graph has it: there they live in another store than the directory. */
const profileText = (name: keyof UserProfile): UserProperty => ({
  type: 'Edm.String',
  isSingleOnly: true,
  read: (row) => row.profile?.[name] ?? null,
})
const profileList = (name: keyof UserProfile): UserProperty => ({
  type: 'Edm.String',
  isCollection: true,
  isSingleOnly: true,
  read: (row) => row.profile?.[name] ?? [],
})
/** These two are never null in Graph's schema: a time that nobody set is the first there is. */
const profileTime = (name: 'birthday' | 'hireDate'): UserProperty => ({
  type: 'Edm.DateTimeOffset',
  isSingleOnly: true,
  read: (row) => row.profile?.[name] ?? '0001-01-01T00:00:00Z',
})

/** Properties of a user that nobody searches by: what is set is shown, what has no meaning here is null or empty. */
export const furtherProperties: Record<string, UserProperty> = {
  ageGroup: text((row) => row.ageGroup),
  consentProvidedForMinor: text((row) => row.consentProvidedForMinor),
  legalAgeGroupClassification: text(legalAgeGroupOf),
  employeeHireDate: instant((row) => row.employeeHireDate),
  employeeLeaveDateTime: instant((row) => row.employeeLeaveDateTime),
  employeeOrgData: {
    type: 'microsoft.graph.employeeOrgData',
    read: ({ employeeCostCenter: costCenter, employeeDivision: division }) =>
      costCenter === null && division === null ? null : { costCenter, division },
  },
  employeeType: text((row) => row.employeeType),
  faxNumber: text((row) => row.faxNumber),
  onPremisesExtensionAttributes: {
    type: 'microsoft.graph.onPremisesExtensionAttributes',
    read: extensionAttributesOf,
  },
  onPremisesImmutableId: text((row) => row.onPremisesImmutableId),
  passwordPolicies: text((row) => row.passwordPolicies),
  preferredDataLocation: text((row) => row.preferredDataLocation),
  securityIdentifier: text((row) => securityIdentifierOf(row.id)),
  showInAddressList: { type: 'Edm.Boolean', read: (row) => row.showInAddressList },

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

  assignedLicenses: absentList('microsoft.graph.assignedLicense'),
  assignedPlans: absentList('microsoft.graph.assignedPlan'),
  customSecurityAttributes: absent('microsoft.graph.customSecurityAttributeValue'),
  identityParentId: absent('Edm.String'),
  imAddresses: absentList('Edm.String'),
  isManagementRestricted: absent('Edm.Boolean'),
  isResourceAccount: absent('Edm.Boolean'),
  lastPasswordChangeDateTime: absent('Edm.DateTimeOffset'),
  licenseAssignmentStates: absentList('microsoft.graph.licenseAssignmentState'),
  onPremisesDistinguishedName: absent('Edm.String'),
  onPremisesDomainName: absent('Edm.String'),
  onPremisesLastSyncDateTime: absent('Edm.DateTimeOffset'),
  onPremisesProvisioningErrors: absentList('microsoft.graph.onPremisesProvisioningError'),
  onPremisesSamAccountName: absent('Edm.String'),
  onPremisesSecurityIdentifier: absent('Edm.String'),
  onPremisesSyncEnabled: absent('Edm.Boolean'),
  onPremisesUserPrincipalName: absent('Edm.String'),
  passwordProfile: absent('microsoft.graph.passwordProfile'),
  provisionedPlans: absentList('microsoft.graph.provisionedPlan'),
  serviceProvisioningErrors: absentList('microsoft.graph.serviceProvisioningError'),
  signInActivity: {
    type: 'microsoft.graph.signInActivity',
    // Graph: user-list, "requests with $top set higher than 500 return pages with up to 500 users".
    largestPage: 500,
    mustBeReadable(caller) {
      if (!caller.permissions.has('AuditLog.Read.All')) throw refusals.signInActivityNotReadable()
    },
    async load(rows, { scope }) {
      const activity = await readSignInActivity(
        scope,
        rows.map(({ id }) => id),
      )
      return ({ id }) => signInActivityOf(activity.get(id))
    },
  },
}

/**
 * Graph: signInActivity. People here sign in themselves, and successfully, or there is nothing to tell; applications that
 * refresh tokens on their behalf are told of whether they got any or not.
 */
function signInActivityOf(activity: SignInActivity | undefined): Record<string, string | null> | null {
  if (!activity) return null
  const { last, refreshed, succeeded } = activity
  return {
    lastSignInDateTime: graphDateTime(last?.at ?? null),
    lastSignInRequestId: last?.lineId ?? null,
    lastNonInteractiveSignInDateTime: graphDateTime(refreshed?.at ?? null),
    lastNonInteractiveSignInRequestId: refreshed?.lineId ?? null,
    lastSuccessfulSignInDateTime: graphDateTime(succeeded?.at ?? null),
    lastSuccessfulSignInRequestId: succeeded?.lineId ?? null,
  }
}

/** Graph writes times without fractions of a second. */
export function graphDateTime(value: Date | null): string | null {
  return value && `${value.toISOString().slice(0, 19)}Z`
}

/** Graph: legalAgeGroupClassification, which follows from the two properties an administrator sets. */
function legalAgeGroupOf({ ageGroup, consentProvidedForMinor }: UserRow): string | null {
  if (ageGroup !== 'Minor') return ageGroup
  switch (consentProvidedForMinor) {
    case 'Granted':
      return 'MinorWithParentalConsent'
    case 'Denied':
      return 'MinorWithoutParentalConsent'
    case 'NotRequired':
      return 'MinorNoParentalConsentRequired'
    default:
      return null
  }
}

/** All fifteen, as Graph answers them. */
function extensionAttributesOf({ extensionAttributes }: UserRow): Record<string, string | null> {
  return Object.fromEntries(EXTENSION_ATTRIBUTES.map((name) => [name, extensionAttributes?.[name] ?? null]))
}

/** Graph: a SID made of the four words of the object id. */
export function securityIdentifierOf(id: string): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  // The first three groups of a GUID are little-endian in its binary form.
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return `S-1-12-1-${[0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)).join('-')}`
}
