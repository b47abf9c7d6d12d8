export { readingPolicy } from './documents.js'
export { mustReadPolicies } from './must-read.js'
export { createPolicies, type Policies } from './policies.js'
export { default as policyRoutes } from './routes.js'
export {
  mayChangeSignIn,
  mayInvite,
  mayManageInvitationsOfOthers,
  mayReadInvitationsOfOthers,
  mayRedeem,
  provesEnough,
  ROLES,
  type SecondStepDemand,
  secondStepDemand,
} from './rules.js'
