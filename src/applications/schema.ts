import { type Static, type TSchema, Type } from '@sinclair/typebox'

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))
const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const text = (maxLength: number) => orNull(Type.String({ maxLength }))
const guid = () => Type.String({ format: 'uuid' })
const truth = () => orNull(Type.Boolean())
const instant = () => orNull(Type.String({ format: 'date-time' }))
/** Addresses are looked at by `rules.ts`, which can say what is wrong with one. */
const address = () => orNull(Type.String({ maxLength: 2_048 }))
const addresses = (rule = 'a list of at most 256 addresses') =>
  Type.Optional(Type.Array(Type.String({ maxLength: 2_048 }), { maxItems: 256, rule }))
const names = (maxItems: number, maxLength: number) =>
  Type.Array(Type.String({ minLength: 1, maxLength }), { maxItems, rule: `a list of at most ${maxItems} strings` })

/** Graph: appRole. */
const AppRole = Type.Object({
  id: guid(),
  allowedMemberTypes: Type.Array(Type.Union([Type.Literal('User'), Type.Literal('Application')]), {
    minItems: 1,
    maxItems: 2,
    uniqueItems: true,
  }),
  description: text(1_024),
  displayName: Type.String({ minLength: 1, maxLength: 256 }),
  isEnabled: Type.Optional(Type.Boolean()),
  value: orNull(
    Type.String({
      maxLength: 250,
      pattern: "^[\\w!#$%&'()*+,./:;<=>?@\\[\\]^`{|}~-]*$",
      rule: 'at most 250 characters without spaces',
    }),
  ),
  origin: readOnly(),
})
export type AppRole = Omit<Static<typeof AppRole>, 'origin'>

/** Graph: permissionScope. */
const PermissionScope = Type.Object({
  id: guid(),
  adminConsentDescription: text(1_024),
  adminConsentDisplayName: text(256),
  isEnabled: Type.Optional(Type.Boolean()),
  type: Type.Optional(Type.Union([Type.Literal('User'), Type.Literal('Admin')])),
  userConsentDescription: text(1_024),
  userConsentDisplayName: text(256),
  value: Type.String({
    minLength: 1,
    maxLength: 120,
    pattern: "^[\\w!#$%&'()*+,./:;<=>?@\\[\\]^`{|}~-]+$",
    rule: 'at most 120 characters without spaces',
  }),
  origin: readOnly(),
})

/** Graph: apiApplication. */
const Api = Type.Object({
  acceptMappedClaims: truth(),
  knownClientApplications: Type.Optional(Type.Array(guid(), { maxItems: 100 })),
  oauth2PermissionScopes: Type.Optional(Type.Array(PermissionScope, { maxItems: 500 })),
  preAuthorizedApplications: Type.Optional(
    Type.Array(
      Type.Object({ appId: guid(), delegatedPermissionIds: Type.Optional(Type.Array(guid(), { maxItems: 500 })) }),
      { maxItems: 100 },
    ),
  ),
  requestedAccessTokenVersion: orNull(Type.Integer({ minimum: 1, maximum: 2 })),
})
export type Api = Static<typeof Api>

/** Graph: webApplication. `backChannelLogoutUrl` is ours: where a signed logout token goes when a session ends. */
const Web = Type.Object({
  homePageUrl: address(),
  logoutUrl: address(),
  backChannelLogoutUrl: address(),
  redirectUris: addresses(),
  implicitGrantSettings: orNull(Type.Object({ enableAccessTokenIssuance: truth(), enableIdTokenIssuance: truth() })),
  redirectUriSettings: Type.Optional(
    Type.Array(Type.Object({ uri: address(), index: orNull(Type.Integer()) }), { maxItems: 256 }),
  ),
})
export type Web = Static<typeof Web>

const RedirectUris = Type.Object({ redirectUris: addresses() })
export type RedirectUris = Static<typeof RedirectUris>

/** Graph: requiredResourceAccess: what an application asks for. Asking grants nothing. */
const RequiredResourceAccess = Type.Object({
  resourceAppId: Type.String({ maxLength: 256 }),
  resourceAccess: Type.Optional(
    Type.Array(Type.Object({ id: guid(), type: Type.Union([Type.Literal('Scope'), Type.Literal('Role')]) }), {
      maxItems: 400,
    }),
  ),
})
export type RequiredResourceAccess = Static<typeof RequiredResourceAccess>

const Info = Type.Object({
  marketingUrl: address(),
  privacyStatementUrl: address(),
  supportUrl: address(),
  termsOfServiceUrl: address(),
  logoUrl: readOnly(),
})

const OptionalClaim = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 256 }),
  source: text(64),
  essential: Type.Optional(Type.Boolean()),
  additionalProperties: Type.Optional(names(50, 256)),
})
const optionalClaims = () => orNull(Type.Array(OptionalClaim, { maxItems: 50 }))
const OptionalClaims = Type.Object({
  idToken: optionalClaims(),
  accessToken: optionalClaims(),
  saml2Token: optionalClaims(),
})

const AUDIENCES = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
].map((name) => Type.Literal(name))

/** Graph: keyCredential. Without `key`, an entry stands for one that is there already (same `keyId`). */
const KeyCredential = Type.Object({
  customKeyIdentifier: text(256),
  displayName: text(90),
  endDateTime: instant(),
  startDateTime: instant(),
  keyId: orNull(guid()),
  key: text(16_384),
  type: text(64),
  usage: text(64),
})
export type KeyCredential = Static<typeof KeyCredential>

/** Graph: passwordCredential, as `addPassword` and `POST /applications` take it. The secret is ours to make. */
export const PasswordCredential = Type.Object({
  displayName: text(256),
  endDateTime: instant(),
  startDateTime: instant(),
  customKeyIdentifier: text(256),
  keyId: readOnly(),
  hint: readOnly(),
  secretText: readOnly(),
})
export type PasswordCredential = Static<typeof PasswordCredential>

const shared = {
  addIns: readOnly(),
  applicationTemplateId: readOnly(),
  createdByAppId: readOnly(),
  createdDateTime: readOnly(),
  deletedDateTime: readOnly(),
  disabledByMicrosoftStatus: readOnly(),
  id: readOnly(),
  isDisabled: readOnly(),
  tags: Type.Optional(names(100, 256)),
  tokenEncryptionKeyId: readOnly(),
  verifiedPublisher: readOnly(),
  notes: text(1_024),
}

const applicationProperties = {
  ...shared,
  api: orNull(Api),
  appId: readOnly(),
  appRoles: Type.Optional(Type.Array(AppRole, { maxItems: 1_200 })),
  certification: readOnly(),
  defaultRedirectUri: address(),
  description: text(1_024),
  groupMembershipClaims: text(256),
  identifierUris: addresses('a list of at most 256 identifiers'),
  info: orNull(Info),
  isDeviceOnlyAuthSupported: truth(),
  isFallbackPublicClient: truth(),
  keyCredentials: Type.Optional(Type.Array(KeyCredential, { maxItems: 20 })),
  logo: readOnly(),
  nativeAuthenticationApisEnabled: readOnly(),
  oauth2RequirePostResponse: readOnly(),
  optionalClaims: orNull(OptionalClaims),
  parentalControlSettings: readOnly(),
  publicClient: orNull(RedirectUris),
  publisherDomain: readOnly(),
  requestSignatureVerification: readOnly(),
  requiredResourceAccess: Type.Optional(Type.Array(RequiredResourceAccess, { maxItems: 50 })),
  samlMetadataUrl: readOnly(),
  serviceManagementReference: text(256),
  servicePrincipalLockConfiguration: readOnly(),
  signInAudience: Type.Optional(Type.Union(AUDIENCES)),
  spa: orNull(RedirectUris),
  web: orNull(Web),
}

/** Graph: application, what `POST /applications` takes. */
export const NewApplicationBody = Type.Object({
  displayName: Type.String({ minLength: 1, maxLength: 256 }),
  uniqueName: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  passwordCredentials: Type.Optional(Type.Array(PasswordCredential, { maxItems: 20 })),
  ...applicationProperties,
})
export type NewApplicationBody = Static<typeof NewApplicationBody>

/** Graph: application, what `PATCH` takes. `null` clears. */
export const ApplicationChanges = Type.Object({
  displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  uniqueName: readOnly(),
  passwordCredentials: readOnly(),
  ...applicationProperties,
})
export type ApplicationChanges = Static<typeof ApplicationChanges>

const principalProperties = {
  ...shared,
  accountEnabled: Type.Optional(Type.Boolean()),
  alternativeNames: Type.Optional(names(100, 256)),
  appDescription: readOnly(),
  appDisplayName: readOnly(),
  appOwnerOrganizationId: readOnly(),
  appRoleAssignmentRequired: Type.Optional(Type.Boolean()),
  appRoles: readOnly(),
  description: text(1_024),
  displayName: readOnly(),
  homepage: readOnly(),
  info: readOnly(),
  keyCredentials: readOnly(),
  loginUrl: address(),
  logoutUrl: readOnly(),
  notificationEmailAddresses: Type.Optional(names(10, 320)),
  oauth2PermissionScopes: readOnly(),
  passwordCredentials: readOnly(),
  preferredSingleSignOnMode: text(64),
  preferredTokenSigningKeyThumbprint: text(256),
  replyUrls: readOnly(),
  resourceSpecificApplicationPermissions: readOnly(),
  samlSingleSignOnSettings: readOnly(),
  servicePrincipalNames: readOnly(),
  servicePrincipalType: readOnly(),
  signInAudience: readOnly(),
}

/** Graph: servicePrincipal, what `POST /servicePrincipals` takes. */
export const NewPrincipalBody = Type.Object({ appId: guid(), ...principalProperties })
/** Graph: servicePrincipal, what `PATCH` takes. */
export const PrincipalChanges = Type.Object({
  appId: readOnly(),
  ...principalProperties,
  keyCredentials: Type.Optional(Type.Array(KeyCredential, { maxItems: 20 })),
})
export type PrincipalChanges = Static<typeof PrincipalChanges>

export const AddPassword = Type.Object({ passwordCredential: orNull(PasswordCredential) })
export const RemovePassword = Type.Object({ keyId: guid() })

/** Graph: application-addKey. Passwords are of keys that sign, and a certificate here is only held against. */
export const AddKey = Type.Object({
  keyCredential: KeyCredential,
  passwordCredential: Type.Optional(Type.Null()),
  proof: Type.String({ maxLength: 16_384 }),
})
export const RemoveKey = Type.Object({ keyId: guid(), proof: Type.String({ maxLength: 16_384 }) })
