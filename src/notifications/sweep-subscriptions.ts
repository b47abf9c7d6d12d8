import { DAY_MS, later } from '../kernel/instant.js'
import { lifecycle } from './content.js'
import type { Needs } from './needs.js'
import { forgetDeadLetters, queueNotifications, TOPIC } from './notification-store.js'
import { GIVE_UP_AFTER_MS, warningTime } from './rules.js'
import { sealSecretsAnew } from './secrets.js'
import {
  forgetRemoved,
  listEnding,
  listTenantsWithFeeds,
  removeSubscription,
  updateSubscription,
} from './subscription-store.js'
import type { Subscription } from './tables.js'

/** How long dead letters can be looked at. */
const DEAD_LETTERS_MS = 7 * DAY_MS

type SweepNeeds = Pick<Needs, 'database' | 'keys' | 'clock' | 'newId' | 'signal'>

/**
 * Tells clients that their subscriptions end soon, ends those that have expired, forgets what is over, and lets
 * secrets outlive a change of `VESTIBULE_SECRET`. Only tidying up: an expired subscription is neither shown nor told anything, whether this ran or not.
 */
export async function sweepSubscriptions(needs: SweepNeeds): Promise<void> {
  for (const tenantId of await listTenantsWithFeeds(needs.database.orm)) await sweepTenant(needs, tenantId)
}

async function sweepTenant(needs: SweepNeeds, tenantId: string): Promise<void> {
  await needs.database.withTenant(tenantId, async (scope) => {
    const now = needs.clock()
    const tell = async ({ id, lifecycleNotificationUrl }: Subscription, event: Parameters<typeof lifecycle>[0]) => {
      if (lifecycleNotificationUrl === null) return
      await queueNotifications(scope, id, 'lifecycle', [lifecycle(event)], { ...needs, now })
    }
    for (const subscription of await listEnding(scope, later(now, DAY_MS))) {
      const { id, expirationDateTime, renewedDateTime, warnedDateTime } = subscription
      if (expirationDateTime <= now) {
        await removeSubscription(scope, id, now)
        await tell(subscription, 'subscriptionRemoved')
      } else if (warnedDateTime === null && warningTime(renewedDateTime, expirationDateTime) <= now) {
        await updateSubscription(scope, id, { warnedDateTime: now })
        await tell(subscription, 'reauthorizationRequired')
      }
    }
    await forgetDeadLetters(scope, later(now, -DEAD_LETTERS_MS))
    // Until then the news of its end may still be under way.
    await forgetRemoved(scope, later(now, -2 * GIVE_UP_AFTER_MS))
  })
  // On its own: every transaction takes its subscriptions in the order of their ids.
  await needs.database.withTenant(tenantId, (scope) => sealSecretsAnew(scope, needs.keys))
  needs.signal.raise(TOPIC)
}
