import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { Origins } from '../platform/origins.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import type { Statistics } from '../platform/statistics.js'
import type { Policies } from '../policies/index.js'
import type { Tenants } from '../tenants/index.js'

export type Needs = {
  database: Database
  tenants: Tenants
  policies: Policies
  keys: Keys
  clock: () => Date
  newId: () => string
  signal: WorkSignal
  origins: Origins
  statistics: Pick<Statistics, 'wrote'>
}
