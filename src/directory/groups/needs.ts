import type { Database } from '../../platform/database.js'
import type { WorkSignal } from '../../platform/outbox/relay.js'
import type { Policies } from '../../policies/index.js'
import type { Tenants } from '../../tenants/index.js'

/** What the use cases of groups work with; each takes the part it needs. */
export type GroupNeeds = {
  database: Database
  tenants: Tenants
  policies: Policies
  clock: () => Date
  newId: () => string
  signal: WorkSignal
}
