export { addClientKey, addClientSecret } from './add-credential.js'
export { applicationResource } from './application-resource.js'
export { assignmentResource } from './assignments/assignment-resource.js'
export { assignRolesTo } from './assignments/change-assignments.js'
export { isSecretOf, renewSecret } from './check-secret.js'
export { countOutdatedSecrets } from './count-outdated-secrets.js'
export { createApplication } from './create-application.js'
export { deletedApplicationKinds } from './deleted-items/kinds.js'
export { federatedResource } from './federated/federated-resource.js'
export { createFederatedProof, type FederatedProof } from './federated/trust.js'
export { grantPermissions } from './grant-permissions.js'
export { logoAssetRoutes } from './logo-routes.js'
export { principalResource } from './principal-resource.js'
export { findPrincipal, graphPrincipal } from './principals-store.js'
export { default as applicationRoutes } from './routes.js'
export { isLive, mayReadApplications, stillGranted } from './rules.js'
export {
  type Client,
  findApplications,
  findClient,
  findClients,
  findRelyingParty,
  findTenantOfClient,
  type RelyingParty,
  type ToldGroups,
} from './store.js'
export { removeCredential, revokeApplicationTokens, setApplicationEnabled } from './withdraw-access.js'
