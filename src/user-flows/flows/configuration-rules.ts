import type { QueryRules } from '../../graph/odata/query-options.js'
import type { Relation } from '../../graph/odata/resource.js'
import { connectorResource } from '../connectors/index.js'
import { SLOTS } from './change-connectors.js'

/** Its own links are read from the flow, so there is nothing to be loaded for a page. */
const slot: Relation = {
  type: connectorResource.type,
  isCollection: false,
  targets: () => [connectorResource],
  load: async () => new Map(),
}

/** What `GET …/apiConnectorConfiguration` understands: which of its two connectors to show. */
export const configurationRules: QueryRules = {
  type: 'microsoft.graph.userFlowApiConnectorConfiguration',
  resource: 'UserFlowApiConnectorConfiguration',
  options: new Set(['select', 'expand']),
  // It has its connectors and nothing else, so that `$select` names them and shows none of them by itself.
  properties: new Set(SLOTS),
  expandsSeveral: true,
  relations: { postFederationSignup: slot, postAttributeCollection: slot },
}
