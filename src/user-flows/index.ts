export {
  type CallLimits,
  type ConnectorCalls,
  connectorResource,
  connectorRoutes,
  createConnectorCalls,
  holdConnector,
} from './connectors/index.js'
export { flowsAsking } from './flows/asking-store.js'
export { readUserFlow, userFlowOfApplication } from './flows/read-flow.js'
export { approversOf } from './flows/store.js'
export type * from './words.js'
