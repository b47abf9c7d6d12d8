import type { Instant } from '../kernel/instant.js'
import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { Policies } from '../policies/index.js'
import type { Tenants } from '../tenants/index.js'

/** What credentials are made and checked with. */
export type Needs = { keys: Keys; clock: () => Instant }

/** What the use cases behind the API draw on; each takes the part it needs. */
export type ChangeNeeds = Needs & {
  database: Database
  tenants: Tenants
  policies: Policies
  newId: () => string
}
