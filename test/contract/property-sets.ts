import { GROUP } from './group-exchanges.js'

/** What an entity of a set holds when nothing is selected, and Graph's schema of it. */
export type Shape = {
  schema?: string
  names: readonly string[]
  /** Those of the names that Graph answers although its schema does not have them. */
  undeclared?: readonly string[]
  /** Our documented additions, which may be there as well. */
  additions?: readonly string[]
}

/** Graph: user-get, "exactly 11". */
export const USER = [
  'businessPhones',
  'displayName',
  'givenName',
  'id',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
]
const INVITATION = [
  'id',
  'inviteRedirectUrl',
  'invitedUser',
  'invitedUserDisplayName',
  'invitedUserEmailAddress',
  'invitedUserMessageInfo',
  'invitedUserType',
  'resetRedemption',
  'sendInvitationMessage',
  'status',
]
/** What the answer to who invites holds: the link, too. */
export const INVITING = [...INVITATION, 'inviteRedeemUrl']
const INVITATION_ADDITIONS = [
  'contactUrl',
  'createdDateTime',
  'delivery',
  'expiresDateTime',
  'history',
  'lastSentDateTime',
  'redeemedDateTime',
  'sentCount',
]
/** Graph: subscription, every property there is. */
export const SUBSCRIPTION = [
  'applicationId',
  'changeType',
  'clientState',
  'creatorId',
  'encryptionCertificate',
  'encryptionCertificateId',
  'expirationDateTime',
  'id',
  'includeResourceData',
  'latestSupportedTlsVersion',
  'lifecycleNotificationUrl',
  'notificationQueryOptions',
  'notificationUrl',
  'notificationUrlAppId',
  'resource',
]
export const DOMAIN = [
  'authenticationType',
  'availabilityStatus',
  'id',
  'isAdminManaged',
  'isDefault',
  'isInitial',
  'isRoot',
  'isVerified',
  'manufacturer',
  'model',
  'passwordNotificationWindowInDays',
  'passwordValidityPeriodInDays',
  'state',
  'supportedServices',
]
export const ORGANIZATION = [
  'assignedPlans',
  'businessPhones',
  'city',
  'country',
  'countryLetterCode',
  'createdDateTime',
  'defaultUsageLocation',
  'deletedDateTime',
  'displayName',
  'id',
  'marketingNotificationEmails',
  'mobileDeviceManagementAuthority',
  'onPremisesLastSyncDateTime',
  'onPremisesSyncEnabled',
  'partnerTenantType',
  'postalCode',
  'preferredLanguage',
  'privacyProfile',
  'provisionedPlans',
  'securityComplianceNotificationMails',
  'securityComplianceNotificationPhones',
  'state',
  'street',
  'technicalNotificationMails',
  'tenantType',
  'verifiedDomains',
]
const CONNECTOR_ADDITIONS = ['isFailOpen', 'circuit']
export const API_CONNECTOR = ['id', 'displayName', 'targetUrl', 'authenticationConfiguration', ...CONNECTOR_ADDITIONS]
const bare = (names: readonly string[]) => names.filter((name) => !name.startsWith('@'))

/** facts: "live answers also show" these. */
const UNDECLARED = ['creationOptions']
const USERS: Shape = { schema: 'microsoft.graph.user', names: USER }
const GROUPS: Shape = { schema: 'microsoft.graph.group', names: bare(GROUP), undeclared: UNDECLARED }
const ROLES: Shape = {
  schema: 'microsoft.graph.directoryRole',
  names: ['deletedDateTime', 'description', 'displayName', 'id', 'roleTemplateId'],
}
export const SHAPES: Record<string, Shape> = {
  users: USERS,
  groups: GROUPS,
  directoryRoles: ROLES,
  invitations: {
    schema: 'microsoft.graph.invitation',
    names: [...INVITATION, ...INVITATION_ADDITIONS],
    additions: INVITATION_ADDITIONS,
  },
  subscriptions: { schema: 'microsoft.graph.subscription', names: SUBSCRIPTION },
  domains: { schema: 'microsoft.graph.domain', names: DOMAIN },
  organization: { schema: 'microsoft.graph.organization', names: ORGANIZATION },
  'identity/apiConnectors': {
    schema: 'microsoft.graph.identityApiConnector',
    names: API_CONNECTOR,
    additions: CONNECTOR_ADDITIONS,
  },
}
/** What only the answer to a creation holds. Who invites is told our additions if they use them. */
export const CREATED: Record<string, Shape> = {
  '/invitations': {
    schema: 'microsoft.graph.invitation',
    names: INVITING,
    additions: INVITATION_ADDITIONS,
  },
  '/subscriptions': {
    schema: 'microsoft.graph.subscription',
    names: [...SUBSCRIPTION, 'notificationSecret'],
    additions: ['notificationSecret'],
  },
}
export const BY_TYPE: Record<string, Shape> = {
  '#microsoft.graph.user': USERS,
  '#microsoft.graph.group': GROUPS,
  '#microsoft.graph.directoryRole': ROLES,
}
/** Of sets whose exchanges name the properties themselves. */
export const SCHEMAS: Record<string, string> = {
  'policies/authorizationPolicy': 'microsoft.graph.authorizationPolicy',
}
