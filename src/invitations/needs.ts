import type { Keys } from '../platform/crypto.js'
import type { Database, TenantScope } from '../platform/database.js'
import type { Logger } from '../platform/log.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import type { Policies } from '../policies/index.js'
import type { Tenants } from '../tenants/index.js'
import type { CreateRow } from './create-store.js'
import type { GuestChanges } from './invite-with-additions.js'

/** What the use cases of this capability work with; each takes the part it needs. */
export type Needs = {
  database: Database
  tenants: Tenants
  policies: Policies
  keys: Keys
  clock: () => Date
  newId: () => string
  signal: WorkSignal
  createRow: CreateRow
  log: Logger
  guestChanges: GuestChanges
  /** What else goes when a redemption is reset: it may be for another person from now on. */
  onRedemptionReset: ((scope: TenantScope, userId: string) => Promise<void>)[]
}
