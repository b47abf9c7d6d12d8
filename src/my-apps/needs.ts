import type { Reaction } from '../directory/index.js'
import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { Origins } from '../platform/origins.js'
import type { Policies } from '../policies/index.js'
import type { HomeRealms, StepTurn } from '../sign-in/index.js'
import type { Tenants } from '../tenants/index.js'
import type { RequestNeeds } from '../user-flows/index.js'

export type Needs = StepTurn['needs'] &
  RequestNeeds & {
    database: Database
    tenants: Tenants
    policies: Policies
    homeRealms: HomeRealms
    keys: Keys
    clock: () => Date
    newId: () => string
    origins: Origins
    /** Something changed that others may follow. */
    changed: (tenantId: string) => void
    /** What else happens when somebody is deleted. */
    onUserDeleted: Reaction[]
  }
