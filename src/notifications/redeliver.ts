import type { Caller } from '../graph/caller.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import { mustBePermitted, ownerOf } from './create-subscription.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { reviveDeadLetters, TOPIC } from './notification-store.js'
import type { Redelivery } from './schema.js'
import { findSubscription, lockSubscription } from './subscription-store.js'

/**
 * Sends dead letters of a subscription once more (addition), for another 4 hours; all of them unless `ids` are given.
 * Returns how many. The same request with the same idempotency key starts nothing again.
 * @throws Refusal: unknown or over, no permission now.
 */
export async function redeliver(
  needs: Pick<Needs, 'database' | 'clock' | 'newId' | 'signal'>,
  caller: Caller,
  id: string,
  { ids }: Redelivery,
  idempotent?: IdempotentRequest,
): Promise<number> {
  const revived = await needs.database.withTenant(caller.tenantId, async (scope) => {
    const now = needs.clock()
    const locked = await lockSubscription(scope, id)
    const subscription = locked && (await findSubscription(scope, ownerOf(caller), id, now))
    if (!subscription) throw refusals.notFound()
    mustBePermitted(caller, subscription)
    if (await madeBefore(scope, idempotent, id, now)) return 0
    return reviveDeadLetters(scope, subscription, ids, { newId: needs.newId, now })
  })
  if (revived > 0) needs.signal.raise(TOPIC)
  return revived
}
