import type { AuditActor } from '../audit/index.js'
import type { Keys } from '../platform/crypto.js'
import type { Database, TenantScope } from '../platform/database.js'
import type { Tenants } from '../tenants/index.js'

/** What else happens, in the same transaction, when something befalls a user. */
export type Reaction = (scope: TenantScope, userId: string, now: Date, actor: AuditActor) => Promise<void>

/** What the use cases of people work with; each takes the part it needs. */
export type DirectoryNeeds = {
  database: Database
  tenants: Tenants
  keys: Keys
  clock: () => Date
  newId: () => string
  onUserDeleted: Reaction[]
  onUserDisabled: Reaction[]
  onSessionsRevoked: Reaction[]
  /** Before the rows of users go for good. */
  onUsersPurged: ((scope: TenantScope, userIds: readonly string[]) => Promise<void>)[]
}
