export {
  ALLOW_INVITES_FROM,
  type AuthorizationPolicy,
  GUEST_USER_ROLES,
  type InvitationDomainPolicy,
  type Policies as PolicyDocuments,
} from './documents.js'
export { createPolicies, type Policies } from './policies.js'
export { default as policyRoutes } from './routes.js'
export { type Inviter, mayChangeSignIn, mayInvite, mayRedeem, ROLES } from './rules.js'
