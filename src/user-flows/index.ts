export { attributeResource } from './attributes/attribute-resource.js'
export {
  type CallLimits,
  type ConnectorCalls,
  connectorResource,
  connectorRoutes,
  createConnectorCalls,
  holdConnector,
} from './connectors/index.js'
export { flowsAsking } from './flows/asking-store.js'
export { assignmentResource as flowAssignmentResource } from './flows/assignment-resource.js'
export { flowResource } from './flows/flow-resource.js'
export { readUserFlow, userFlowOfApplication } from './flows/read-flow.js'
export { approversOf } from './flows/store.js'
export { default as userFlowRoutes } from './routes.js'
export type * from './words.js'
