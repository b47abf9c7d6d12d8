import type { ReadingPolicy } from '../graph/caller.js'

/** Graph: authorizationPolicy.allowInvitesFrom. */
export const ALLOW_INVITES_FROM = [
  'none',
  'adminsAndGuestInviters',
  'adminsGuestInvitersAndAllMembers',
  'everyone',
] as const
export type AllowInvitesFrom = (typeof ALLOW_INVITES_FROM)[number]

/** Role template ids of Graph: authorizationPolicy.guestUserRoleId. */
export const GUEST_USER_ROLES = {
  sameAsMembers: 'a0b1b346-4d3e-4e8b-98f8-753987be4970',
  limited: '10dae51f-b6af-4016-8d66-8c2a99b929b3',
  restricted: '2af84b1e-32c8-42b7-82bc-daa82404023b',
} as const

/** Graph: authorizationPolicy, as far as it is not constant. */
export type AuthorizationPolicy = {
  displayName: string
  description: string
  allowInvitesFrom: AllowInvitesFrom
  guestUserRoleId: string
  allowEmailVerifiedUsersToJoinOrganization: boolean
  allowedToSignUpEmailBasedSubscriptions: boolean
  allowedToUseSSPR: boolean
  allowUserConsentForRiskyApps: boolean | null
  blockMsolPowerShell: boolean
  defaultUserRolePermissions: {
    allowedToCreateApps: boolean
    allowedToCreateSecurityGroups: boolean
    allowedToCreateTenants: boolean
    allowedToReadBitlockerKeysForOwnedDevice: boolean
    allowedToReadOtherUsers: boolean
    permissionGrantPoliciesAssigned: string[]
  }
}

/** What an administrator changed of it. */
export type AuthorizationPolicyChange = Partial<Omit<AuthorizationPolicy, 'defaultUserRolePermissions'>> & {
  defaultUserRolePermissions?: Partial<AuthorizationPolicy['defaultUserRolePermissions']>
}

/** Which domains guests may come from: one list, allowed or blocked. Entries are names or `*.name`, in A-labels. */
export type InvitationDomainPolicy = {
  mode: 'any' | 'allowList' | 'blockList'
  domains: string[]
}

/** How much guests must prove when they sign in. The names are those of Graph's inbound trust. */
export type GuestAuthenticationPolicy = {
  /** Guests pass a second step. */
  isMfaRequired: boolean
  /** One that they passed at home counts (Graph: crossTenantAccessPolicyInboundTrust.isMfaAccepted). */
  isMfaAccepted: boolean
}

/** Graph: externalIdentitiesPolicy (beta). */
export type ExternalIdentitiesPolicy = {
  /** Whether guests may take their account out of the organization themselves. */
  allowExternalIdentitiesToLeave: boolean
}

/** Graph: authenticationFlowsPolicy. */
export type AuthenticationFlowsPolicy = {
  /** Whether people may come by themselves, by the flows that are set up (Graph: selfServiceSignUpAuthenticationFlowConfiguration). */
  selfServiceSignUp: { isEnabled: boolean }
}

/** All documents with every default filled in, and the version they were read at. */
export type Policies = {
  version: number
  authorization: AuthorizationPolicy
  invitationDomains: InvitationDomainPolicy
  guestAuthentication: GuestAuthenticationPolicy
  externalIdentities: ExternalIdentitiesPolicy
  authenticationFlows: AuthenticationFlowsPolicy
}

/** What an administrator changed of each document. */
export type StoredPolicies = {
  authorization: AuthorizationPolicyChange
  invitationDomains: Partial<InvitationDomainPolicy>
  guestAuthentication: Partial<GuestAuthenticationPolicy>
  externalIdentities: Partial<ExternalIdentitiesPolicy>
  authenticationFlows: Partial<AuthenticationFlowsPolicy>
}

/** Safe where Graph is permissive: members may invite, guests may not, and guests read only themselves. */
export const DEFAULT_AUTHORIZATION_POLICY: AuthorizationPolicy = {
  displayName: 'Authorization Policy',
  description: 'Used to manage authorization related settings across the company.',
  allowInvitesFrom: 'adminsGuestInvitersAndAllMembers',
  guestUserRoleId: GUEST_USER_ROLES.restricted,
  allowEmailVerifiedUsersToJoinOrganization: false,
  allowedToSignUpEmailBasedSubscriptions: false,
  allowedToUseSSPR: false,
  allowUserConsentForRiskyApps: false,
  blockMsolPowerShell: false,
  defaultUserRolePermissions: {
    allowedToCreateApps: false,
    allowedToCreateSecurityGroups: false,
    allowedToCreateTenants: false,
    allowedToReadBitlockerKeysForOwnedDevice: false,
    allowedToReadOtherUsers: true,
    permissionGrantPoliciesAssigned: [],
  },
}

export const DEFAULT_INVITATION_DOMAIN_POLICY: InvitationDomainPolicy = { mode: 'any', domains: [] }

export const DEFAULT_GUEST_AUTHENTICATION_POLICY: GuestAuthenticationPolicy = {
  isMfaRequired: false,
  isMfaAccepted: false,
}

/** As Entra has it: whoever was invited may go. */
export const DEFAULT_EXTERNAL_IDENTITIES_POLICY: ExternalIdentitiesPolicy = { allowExternalIdentitiesToLeave: true }

/** As Graph has it: nobody comes without an invitation until the organization says so. */
export const DEFAULT_AUTHENTICATION_FLOWS_POLICY: AuthenticationFlowsPolicy = {
  selfServiceSignUp: { isEnabled: false },
}

/** What the policy lets people read of each other, in the words of the directory's rules. */
export function readingPolicy({ guestUserRoleId, defaultUserRolePermissions }: AuthorizationPolicy): ReadingPolicy {
  const { sameAsMembers, limited } = GUEST_USER_ROLES
  const guests =
    guestUserRoleId === sameAsMembers ? 'sameAsMembers' : guestUserRoleId === limited ? 'limited' : 'restricted'
  return { guests, membersReadOthers: defaultUserRolePermissions.allowedToReadOtherUsers }
}

/** The documents in force where so much of them was changed. */
export function withDefaults(stored: StoredPolicies): Omit<Policies, 'version'> {
  return {
    authorization: {
      ...DEFAULT_AUTHORIZATION_POLICY,
      ...stored.authorization,
      defaultUserRolePermissions: {
        ...DEFAULT_AUTHORIZATION_POLICY.defaultUserRolePermissions,
        ...stored.authorization.defaultUserRolePermissions,
      },
    },
    invitationDomains: { ...DEFAULT_INVITATION_DOMAIN_POLICY, ...stored.invitationDomains },
    guestAuthentication: { ...DEFAULT_GUEST_AUTHENTICATION_POLICY, ...stored.guestAuthentication },
    externalIdentities: { ...DEFAULT_EXTERNAL_IDENTITIES_POLICY, ...stored.externalIdentities },
    authenticationFlows: { ...DEFAULT_AUTHENTICATION_FLOWS_POLICY, ...stored.authenticationFlows },
  }
}
