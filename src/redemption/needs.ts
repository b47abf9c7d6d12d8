import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { Origins } from '../platform/origins.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import type { TextSender } from '../platform/text-messages/text-message.js'
import type { Policies } from '../policies/index.js'
import type { BeginNeeds, HomeRealms, LocalNeeds, PasscodeWriter } from '../sign-in/index.js'
import type { Tenants } from '../tenants/index.js'
import type { RedemptionStore } from './store.js'

export type Needs = BeginNeeds &
  LocalNeeds & {
    database: Database
    tenants: Tenants
    policies: Policies
    keys: Keys
    clock: () => Date
    newId: () => string
    signal: WorkSignal
    /** Something changed that others may follow. */
    changed: (tenantId: string) => void
    origins: Origins
    redemptions: RedemptionStore
    passcodes: PasscodeWriter
    texts: TextSender | undefined
    homeRealms: HomeRealms
  }
