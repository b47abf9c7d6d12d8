import type { Instant } from '../../kernel/instant.js'
import type { Keys } from '../../platform/crypto.js'
import type { Database, TenantScope } from '../../platform/database.js'
import type { Egress } from '../../platform/egress/egress.js'
import type { Logger } from '../../platform/log.js'
import type { ConnectorCalls } from './calls.js'

/** What the use cases of this capability work with; each takes the part it needs. */
export type ConnectorNeeds = {
  database: Database
  keys: Keys
  clock: () => Instant
  newId: () => string
  egress: Egress
  log: Logger
  connectorCalls: ConnectorCalls
  /** Ids of the user flows that ask a connector. */
  flowsAsking: (scope: TenantScope, connectorId: string) => Promise<readonly string[]>
}
