import type { Caller } from '../graph/caller.js'
import { ownerOf } from './create-subscription.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { listDeadLetters } from './notification-store.js'
import { findSubscription, listSubscriptions } from './subscription-store.js'
import type { NotificationRow, Subscription } from './tables.js'

type ReadNeeds = Pick<Needs, 'database' | 'clock'>

/** One of the caller's subscriptions. @throws Refusal: unknown, somebody else's, or over. */
export async function readSubscription(needs: ReadNeeds, caller: Caller, id: string): Promise<Subscription> {
  const now = needs.clock()
  const found = await needs.database.withTenant(caller.tenantId, (scope) =>
    findSubscription(scope, ownerOf(caller), id, now),
  )
  if (!found) throw refusals.notFound()
  return found
}

/** The caller's subscriptions after one of them, and whether more follow. */
export async function pageOfSubscriptions(
  needs: ReadNeeds,
  caller: Caller,
  { after, most }: { after: string | undefined; most: number },
): Promise<{ value: Subscription[]; hasMore: boolean }> {
  const query = { after, most: most + 1, now: needs.clock() }
  const rows = await needs.database.withTenant(caller.tenantId, (scope) =>
    listSubscriptions(scope, ownerOf(caller), query),
  )
  return { value: rows.slice(0, most), hasMore: rows.length > most }
}

/** Notifications that could not be delivered within 4 hours, the newest first. @throws Refusal: not the caller's. */
export async function pageOfDeadLetters(
  needs: ReadNeeds,
  caller: Caller,
  id: string,
  { before, most }: { before: number | undefined; most: number },
): Promise<{ value: NotificationRow[]; hasMore: boolean }> {
  await readSubscription(needs, caller, id)
  const rows = await needs.database.withTenant(caller.tenantId, (scope) =>
    listDeadLetters(scope, id, { before, most: most + 1 }),
  )
  return { value: rows.slice(0, most), hasMore: rows.length > most }
}
