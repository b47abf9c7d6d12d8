export {
  type CallLimits,
  type ConnectorCalls,
  connectorResource,
  connectorRoutes,
  createConnectorCalls,
} from './connectors/index.js'
