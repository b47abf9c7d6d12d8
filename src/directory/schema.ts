import { type Static, Type } from '@sinclair/typebox'
import { EXTENSION_ATTRIBUTES } from './extension-attributes.js'
import { EXTENSIONS } from './extensions/schema.js'

const orNull = <T extends ReturnType<typeof Type.String | typeof Type.Boolean>>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]))
const text = (maxLength: number) => orNull(Type.String({ maxLength }))
const instant = () => orNull(Type.String({ format: 'date-time' }))
const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const texts = (maxItems: number, maxLength: number) =>
  Type.Optional(Type.Array(Type.String({ maxLength }), { maxItems }))
const oneOf = (...names: string[]) =>
  orNull(Type.String({ pattern: `^(${names.join('|')})$`, rule: names.map((name) => `'${name}'`).join(', ') }))

/** Graph: passwordProfile. Taken so that scripts written for Graph run; nobody signs in with a password, so none is kept. */
const PasswordProfile = Type.Optional(
  Type.Union([
    Type.Object({
      password: text(256),
      forceChangePasswordNextSignIn: orNull(Type.Boolean()),
      forceChangePasswordNextSignInWithMfa: orNull(Type.Boolean()),
    }),
    Type.Null(),
  ]),
)

const EmployeeOrgData = Type.Optional(
  Type.Union([Type.Object({ costCenter: text(64), division: text(64) }), Type.Null()]),
)

const ExtensionAttributes = Type.Optional(
  Type.Union([Type.Object(Object.fromEntries(EXTENSION_ATTRIBUTES.map((name) => [name, text(1_024)]))), Type.Null()]),
)

const UserPrincipalName = Type.Optional(Type.String({ maxLength: 1_024 }))

/** What may be written of a user, once and for all: on creating, on changing, and in an invitation. `null` clears. */
const writable = {
  accountEnabled: Type.Optional(Type.Boolean()),
  ageGroup: oneOf('Minor', 'NotAdult', 'Adult'),
  businessPhones: Type.Optional(
    Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1, rule: 'a list of at most one number' }),
  ),
  city: text(128),
  companyName: text(64),
  consentProvidedForMinor: oneOf('Granted', 'Denied', 'NotRequired'),
  country: text(128),
  department: text(64),
  displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  employeeHireDate: instant(),
  employeeId: text(16),
  employeeLeaveDateTime: instant(),
  employeeOrgData: EmployeeOrgData,
  employeeType: text(64),
  faxNumber: text(64),
  givenName: text(64),
  jobTitle: text(128),
  mail: Type.Optional(Type.String({ maxLength: 320 })),
  mobilePhone: text(64),
  officeLocation: text(128),
  onPremisesExtensionAttributes: ExtensionAttributes,
  onPremisesImmutableId: text(256),
  otherMails: Type.Optional(
    Type.Array(Type.String({ maxLength: 250 }), { maxItems: 250, rule: 'a list of at most 250 addresses' }),
  ),
  passwordPolicies: text(256),
  passwordProfile: PasswordProfile,
  postalCode: text(40),
  preferredDataLocation: text(16),
  preferredLanguage: Type.Optional(
    Type.Union([
      Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$', rule: 'a language tag such as en-US or de' }),
      Type.Null(),
    ]),
  ),
  showInAddressList: orNull(Type.Boolean()),
  state: text(128),
  streetAddress: text(1024),
  surname: text(64),
  usageLocation: Type.Optional(
    Type.Union([
      Type.String({ pattern: '^[A-Za-z]{2}$', rule: 'a country code of two letters (ISO 3166)' }),
      Type.Null(),
    ]),
  ),
  userType: Type.Optional(Type.Union([Type.Literal('Guest'), Type.Literal('Member')])),
}

/** What Graph keeps in a user's profile, apart from the directory. */
const profile = {
  aboutMe: text(4_096),
  birthday: instant(),
  hireDate: instant(),
  interests: texts(100, 256),
  mySite: text(2_048),
  pastProjects: texts(100, 256),
  preferredName: text(256),
  responsibilities: texts(100, 256),
  schools: texts(100, 256),
  skills: texts(100, 256),
}

const readOnlyProperties = Object.fromEntries(
  [
    'id',
    'createdDateTime',
    'creationType',
    'deletedDateTime',
    'externalUserState',
    'externalUserStateChangeDateTime',
    'imAddresses',
    'isManagementRestricted',
    'isResourceAccount',
    'lastPasswordChangeDateTime',
    'legalAgeGroupClassification',
    'onPremisesDistinguishedName',
    'onPremisesDomainName',
    'onPremisesLastSyncDateTime',
    'onPremisesProvisioningErrors',
    'onPremisesSamAccountName',
    'onPremisesSecurityIdentifier',
    'onPremisesSyncEnabled',
    'onPremisesUserPrincipalName',
    'proxyAddresses',
    'securityIdentifier',
    'signInActivity',
    'signInSessionsValidFromDateTime',
    'assignedLicenses',
    'assignedPlans',
    'licenseAssignmentStates',
    'provisionedPlans',
    'serviceProvisioningErrors',
  ].map((name) => [name, readOnly()]),
)

const Bound = Type.String({ maxLength: 1_024 })

/** Graph: user, as `PATCH` takes it. A guest's userPrincipalName is read-only: it is what the invitation made it. */
export const UserChanges = Type.Object(
  {
    ...writable,
    ...profile,
    mailNickname: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    userPrincipalName: UserPrincipalName,
    accessEndDateTime: Type.Optional(
      Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
        description: "Addition. When a guest's access ends; null: not by itself.",
      }),
    ),
    identities: readOnly(),
    ...readOnlyProperties,
  },
  EXTENSIONS,
)
export type UserChanges = Static<typeof UserChanges>

const ObjectIdentity = Type.Object({
  signInType: Type.String({ maxLength: 64 }),
  issuer: Type.Optional(Type.String({ maxLength: 512 })),
  issuerAssignedId: Type.Optional(Type.String({ maxLength: 256 })),
})

/**
 * Graph: user, as `POST` takes it. What Graph requires is asked for by the use case, in Graph's words; a password is
 * not required, since there is none.
 */
export const UserCreation = Type.Object(
  {
    ...writable,
    ...profile,
    mailNickname: Type.Optional(Type.String({ maxLength: 64 })),
    userPrincipalName: UserPrincipalName,
    identities: Type.Optional(
      Type.Array(ObjectIdentity, { maxItems: 10, description: 'How an external account signs in.' }),
    ),
    'manager@odata.bind': Type.Optional(Bound),
    'sponsors@odata.bind': Type.Optional(Type.Array(Bound, { maxItems: 20 })),
    ...readOnlyProperties,
  },
  EXTENSIONS,
)
export type UserCreation = Static<typeof UserCreation>

/** Addition to invitations: what may be said of the guest in the same call. Names and addresses are the invitation's. */
export const InvitedUserProperties = Type.Omit(
  Type.Object({ ...writable, ...profile }),
  ['mail', 'otherMails', 'passwordProfile', 'passwordPolicies', 'onPremisesImmutableId', 'userType'],
  EXTENSIONS,
)
export type InvitedUserProperties = Static<typeof InvitedUserProperties>
