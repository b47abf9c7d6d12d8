import { GROUP } from './group-exchanges.js'

/** What an entity of a set holds when nothing is selected, and Graph's schema of it. */
export type Shape = {
  schema?: string
  names: readonly string[]
  /** Those of the names that Graph answers although its schema does not have them. */
  undeclared?: readonly string[]
  /** Our documented additions, which may be there as well. */
  additions?: readonly string[]
  /** Graph's ids of it are names. */
  isNamed?: true
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
export const FLOW_ADDITIONS = [
  'createdDateTime',
  'defaultLanguage',
  'isEnabled',
  'requestLifetimeDays',
  'requiresApproval',
  'termsOfUseUrl',
]
export const USER_FLOW = ['id', 'userFlowType', 'userFlowTypeVersion', 'apiConnectorConfiguration', ...FLOW_ADDITIONS]
export const ASSIGNMENT_ADDITIONS = ['defaultValue', 'validation']
export const ASSIGNMENT = [
  'id',
  'displayName',
  'isOptional',
  'requiresVerification',
  'userAttributeValues',
  'userInputType',
  ...ASSIGNMENT_ADDITIONS,
]
export const FLOW_ATTRIBUTE = ['id', 'displayName', 'description', 'userFlowAttributeType', 'dataType']
const PAGES: Shape = { schema: 'microsoft.graph.userFlowLanguagePage', names: ['id'], isNamed: true }
export const CONNECTOR_ADDITIONS = ['isFailOpen', 'circuit']
export const API_CONNECTOR = ['id', 'displayName', 'targetUrl', 'authenticationConfiguration', ...CONNECTOR_ADDITIONS]
/** Ours from end to end: somebody who waits for a yes. */
export const SIGN_UP_REQUEST = [
  '@odata.context',
  'id',
  'status',
  'email',
  'displayName',
  'identities',
  'answers',
  'applicationId',
  'createdDateTime',
  'expiresDateTime',
  'decidedDateTime',
  'decidedBy',
  'reason',
  'user',
]
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
  'identity/b2xUserFlows': {
    schema: 'microsoft.graph.b2xIdentityUserFlow',
    names: USER_FLOW,
    additions: FLOW_ADDITIONS,
    isNamed: true,
  },
  'identity/b2xUserFlows/userAttributeAssignments': {
    schema: 'microsoft.graph.identityUserFlowAttributeAssignment',
    names: ASSIGNMENT,
    additions: ASSIGNMENT_ADDITIONS,
    isNamed: true,
  },
  'identity/b2xUserFlows/languages': {
    schema: 'microsoft.graph.userFlowLanguageConfiguration',
    names: ['id', 'displayName', 'isEnabled'],
    isNamed: true,
  },
  'identity/b2xUserFlows/languages/defaultPages': PAGES,
  'identity/b2xUserFlows/languages/overridesPages': PAGES,
  'identity/userFlowAttributes': {
    schema: 'microsoft.graph.identityUserFlowAttribute',
    names: FLOW_ATTRIBUTE,
    isNamed: true,
  },
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
  'identity/b2xUserFlows/identityProviders': 'microsoft.graph.identityProvider',
}
/** Of structured values, which are no entities and have no id. */
export const VALUES: Record<string, string> = {
  'microsoft.graph.assignmentOrder': 'microsoft.graph.assignmentOrder',
  'identity/b2xUserFlows/apiConnectorConfiguration': 'microsoft.graph.userFlowApiConnectorConfiguration',
}
