import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { Egress } from '../platform/egress/egress.js'
import type { Logger } from '../platform/log.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import type { Policies } from '../policies/index.js'
import type { Tenants } from '../tenants/index.js'

/** What the use cases of this capability work with; each takes the part it needs. */
export type Needs = {
  database: Database
  tenants: Tenants
  policies: Policies
  keys: Keys
  clock: () => Date
  newId: () => string
  signal: WorkSignal
  egress: Egress
  log: Logger
}
