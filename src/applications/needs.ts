import type { Instant } from '../kernel/instant.js'
import type { Keys } from '../platform/crypto.js'

/** What the use cases of this capability draw on. */
export type Needs = { keys: Keys; clock: () => Instant }
