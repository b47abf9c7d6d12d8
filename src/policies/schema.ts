import { type Static, Type } from '@sinclair/typebox'
import { ALLOW_INVITES_FROM, GUEST_USER_ROLES } from './documents.js'

const flag = () => Type.Optional(Type.Boolean())
const ids = Object.values(GUEST_USER_ROLES)

const DefaultUserRolePermissions = Type.Object({
  allowedToCreateApps: flag(),
  allowedToCreateSecurityGroups: flag(),
  allowedToCreateTenants: flag(),
  allowedToReadBitlockerKeysForOwnedDevice: flag(),
  allowedToReadOtherUsers: flag(),
  permissionGrantPoliciesAssigned: Type.Optional(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 20 })),
})

/** Graph: authorizationPolicy, as it is changed. */
export const AuthorizationPolicyChanges = Type.Object({
  allowInvitesFrom: Type.Optional(Type.Union(ALLOW_INVITES_FROM.map((value) => Type.Literal(value)))),
  guestUserRoleId: Type.Optional(
    Type.String({
      pattern: `^(${ids.join('|')})$`,
      rule: `one of ${ids.join(', ')} (same as members, limited, restricted)`,
    }),
  ),
  displayName: Type.Optional(Type.String({ maxLength: 256 })),
  description: Type.Optional(Type.String({ maxLength: 1_024 })),
  allowEmailVerifiedUsersToJoinOrganization: flag(),
  allowedToSignUpEmailBasedSubscriptions: flag(),
  allowedToUseSSPR: flag(),
  allowUserConsentForRiskyApps: flag(),
  blockMsolPowerShell: flag(),
  defaultUserRolePermissions: Type.Optional(DefaultUserRolePermissions),
  id: Type.Optional(Type.Unknown({ readOnly: true })),
  deletedDateTime: Type.Optional(Type.Unknown({ readOnly: true })),
})
export type AuthorizationPolicyChanges = Static<typeof AuthorizationPolicyChanges>

export const AuthorizationPolicyResource = Type.Object(
  {
    '@odata.context': Type.String(),
    id: Type.String(),
    allowInvitesFrom: Type.String(),
    guestUserRoleId: Type.String(),
  },
  { additionalProperties: true },
)

/** Addition: which domains guests may come from. */
export const InvitationDomainPolicyBody = Type.Object({
  mode: Type.Union([Type.Literal('any'), Type.Literal('allowList'), Type.Literal('blockList')]),
  domains: Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 2_000 })),
})

/** Addition: how much guests must prove when they sign in. */
export const GuestAuthenticationPolicyChanges = Type.Object({
  isMfaRequired: flag(),
  isMfaAccepted: flag(),
})

export const GuestAuthenticationPolicyResource = Type.Object({
  '@odata.context': Type.String(),
  isMfaRequired: Type.Boolean({ description: 'Guests pass a second step when they sign in.' }),
  isMfaAccepted: Type.Boolean({ description: 'A second step that their home provider vouches for counts.' }),
})

/** Addition to v1.0 (Graph beta: externalIdentitiesPolicy). */
export const ExternalIdentitiesPolicyChanges = Type.Object({
  allowExternalIdentitiesToLeave: flag(),
  // Beta has it; nothing here keeps data of guests who were deleted longer than others.
  allowDeletedIdentitiesDataRemoval: Type.Optional(Type.Literal(false)),
  id: Type.Optional(Type.Unknown({ readOnly: true })),
  deletedDateTime: Type.Optional(Type.Unknown({ readOnly: true })),
  displayName: Type.Optional(Type.Unknown({ readOnly: true })),
  description: Type.Optional(Type.Unknown({ readOnly: true })),
})

export const ExternalIdentitiesPolicyResource = Type.Object({
  '@odata.context': Type.String(),
  id: Type.String(),
  deletedDateTime: Type.Null(),
  displayName: Type.String(),
  description: Type.String(),
  allowDeletedIdentitiesDataRemoval: Type.Boolean(),
  allowExternalIdentitiesToLeave: Type.Boolean({ description: 'Guests may leave the organization themselves.' }),
})

/** Graph: authenticationFlowsPolicy, as it is changed. */
export const AuthenticationFlowsPolicyChanges = Type.Object({
  selfServiceSignUp: Type.Optional(Type.Object({ isEnabled: Type.Boolean() })),
  id: Type.Optional(Type.Unknown({ readOnly: true })),
  deletedDateTime: Type.Optional(Type.Unknown({ readOnly: true })),
  displayName: Type.Optional(Type.Unknown({ readOnly: true })),
  description: Type.Optional(Type.Unknown({ readOnly: true })),
})

export const AuthenticationFlowsPolicyResource = Type.Object({
  '@odata.context': Type.String(),
  id: Type.String(),
  displayName: Type.String(),
  description: Type.String(),
  selfServiceSignUp: Type.Object({
    isEnabled: Type.Boolean({ description: 'People may sign up by themselves, by the flows that are set up.' }),
  }),
})

export const InvitationDomainPolicyResource = Type.Object({
  '@odata.context': Type.String(),
  mode: Type.String(),
  domains: Type.Array(Type.String()),
})
