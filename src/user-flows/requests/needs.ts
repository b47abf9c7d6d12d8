import type { Keys } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import type { WorkSignal } from '../../platform/outbox/relay.js'
import type { Policies } from '../../policies/index.js'
import type { Tenants } from '../../tenants/index.js'
import type { CreateGuest } from '../words.js'

/** What the use cases of requests work with; each takes the part it needs. */
export type RequestNeeds = {
  database: Database
  tenants: Tenants
  policies: Policies
  keys: Keys
  clock: () => Date
  newId: () => string
  signal: WorkSignal
  /** What makes the guest of a visitor, the same that the run does when nobody is asked. */
  createGuest: CreateGuest
}
