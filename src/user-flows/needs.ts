import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import type { Tenants } from '../tenants/index.js'

/** What setting flows up works with; each use case takes the part it needs. */
export type FlowNeeds = {
  database: Database
  tenants: Tenants
  keys: Keys
  clock: () => Date
  newId: () => string
  signal: WorkSignal
}
