export { attributeResource } from './attributes/attribute-resource.js'
export {
  askConnector,
  type CallLimits,
  type ConnectorCalls,
  connectorResource,
  connectorRoutes,
  countOutdatedConnectors,
  countUnopenedConnectors,
  createConnectorCalls,
  sealConnectorsAnew,
} from './connectors/index.js'
export { flowsAsking } from './flows/asking-store.js'
export { assignmentResource as flowAssignmentResource } from './flows/assignment-resource.js'
export { flowResource } from './flows/flow-resource.js'
export { readUserFlow, userFlowOfApplication } from './flows/read-flow.js'
export { approversOf } from './flows/store.js'
export { createNeighbours, createSignUpAt } from './neighbours.js'
export {
  decideRequest,
  findForApprover,
  heldRequest,
  lapseRequests,
  listForApprover,
  MOST_REASON,
  mustApprove,
  type RequestNeeds,
  type RequestView,
  readReason,
  requestPages,
  requestResource,
  requestRoutes,
  SIGN_UP_MAIL,
  sendRequestMail,
} from './requests/index.js'
export { default as userFlowRoutes } from './routes.js'
export {
  createGuest,
  createSignUpDestination,
  purgeRuns,
  SIGN_UP,
  signUpRoutes,
} from './sign-up/index.js'
export type * from './words.js'
