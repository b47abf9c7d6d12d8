import { findClient } from '../applications/index.js'
import { readSubjectIn } from '../directory/index.js'
import { later } from '../kernel/instant.js'
import { standingOf } from '../kernel/standing.js'
import type { TenantScope } from '../platform/database.js'
import { EgressFailed, EgressRefused } from '../platform/egress/egress.js'
import { endWork, postponeWork, releaseWork } from '../platform/outbox/store.js'
import type { Work } from '../platform/queue.js'
import { signatureHeaders } from '../platform/webhook-signature.js'
import { readingPolicy } from '../policies/index.js'
import { consentedTo } from '../provider/index.js'
import { bodyOf, lifecycle } from './content.js'
import type { Needs } from './needs.js'
import {
  channelOf,
  closeChannel,
  deleteNotifications,
  forgetFailures,
  giveUp,
  listPending,
  queueNotifications,
  TOPIC,
} from './notification-store.js'
import { BATCH, GIVE_UP_AFTER_MS, isPermitted, mayFollow, retryAfter } from './rules.js'
import { secretsOf } from './secrets.js'
import { lockSubscription, removeSubscription } from './subscription-store.js'
import type { Channel, NotificationRow, Subscription } from './tables.js'

/** Milliseconds in which an endpoint answers 2xx (Graph: 3 s, lately 10 s). */
const TIMEOUT_MS = 10_000
/** Requests one after another before other subscriptions get their turn. */
const REQUESTS_IN_A_ROW = 20

/**
 * Delivers what waits in one channel of a subscription, in its order and up to a hundred in a request, until nothing
 * waits or a request fails. The outbox row is leased to one process at a time, so the order holds; after a crash the
 * last request may come twice, with the same `webhook-id`. What fails for 4 hours becomes a dead letter.
 */
export async function deliverNotifications(needs: Needs, work: Work): Promise<void> {
  const { database } = needs
  let { failures } = work
  for (let turn = 0; turn < REQUESTS_IN_A_ROW; turn++) {
    const next = await database.withTenant(work.tenantId, (scope) => nextDelivery(needs, scope, work))
    if (next === 'gone') return endWork(database.sql, work.id)
    if (next === 'nothing') {
      if (await database.withTenant(work.tenantId, (scope) => closeChannel(scope, work.subjectId, work.id))) return
      continue
    }
    if (next === 'forbidden') {
      await withdraw(needs, work)
      continue
    }
    const problem = await send(needs, next)
    if (problem !== undefined) return recordFailure(needs, work, next, { reason: problem, failures })
    await database.withTenant(work.tenantId, (scope) => recordSuccess(scope, work, next))
    failures = 0
  }
  // Others wait; this one is due again at once.
  await releaseWork(database.sql, [work])
}

type Delivery = { subscription: Subscription; channel: Channel; url: string; rows: NotificationRow[] }

async function nextDelivery(
  needs: Needs,
  scope: TenantScope,
  work: Work,
): Promise<Delivery | 'gone' | 'nothing' | 'forbidden'> {
  const subscription = await lockSubscription(scope, work.subjectId)
  const channel = subscription && channelOf(subscription, work.id)
  if (!channel) return 'gone'
  const rows = await listPending(scope, subscription.id, channel, BATCH)
  if (rows.length === 0) return 'nothing'
  if (channel === 'lifecycle') {
    const url = subscription.lifecycleNotificationUrl
    return url === null ? 'nothing' : { subscription, channel, url, rows }
  }
  if (subscription.removedDateTime || subscription.expirationDateTime <= needs.clock()) {
    await removeSubscription(scope, subscription.id, subscription.removedDateTime ?? needs.clock())
    return 'nothing'
  }
  // Asked for every request: a client that lost the permission gets nothing more, whatever waits.
  if (!(await mayStillFollow(needs, scope, subscription))) return 'forbidden'
  return { subscription, channel, url: subscription.notificationUrl, rows }
}

/** Whether its creator may still read what the subscription watches: by the grants and policies of today, and still being there. */
async function mayStillFollow(needs: Needs, scope: TenantScope, subscription: Subscription): Promise<boolean> {
  const { tenantId, applicationId, creatorKind, creatorId, collection } = subscription
  const client = await findClient(needs.database.sql, tenantId, applicationId)
  if (!client?.accountEnabled) return false
  if (creatorKind === 'application') return isPermitted(collection, client.permissions)
  const person = await readSubjectIn(scope, creatorId)
  if (!person || standingOf(person, needs.clock()) !== 'good') return false
  const consented = new Set(await consentedTo(scope, client.servicePrincipalId, creatorId))
  if (
    !isPermitted(
      collection,
      subscription.permissions.filter((name) => consented.has(name)),
    )
  )
    return false
  const tenant = await needs.tenants.find(tenantId)
  if (!tenant) return false
  const reading = readingPolicy((await needs.policies.of(tenant)).authorization)
  const { userType, directoryRoles } = person
  return mayFollow({ kind: 'user', userType, directoryRoles, reading })
}

/** Ends a subscription whose client may not read any more, and tells it so, which says nothing of anybody. */
async function withdraw(needs: Needs, work: Work): Promise<void> {
  await needs.database.withTenant(work.tenantId, async (scope) => {
    const subscription = await lockSubscription(scope, work.subjectId)
    if (!subscription || subscription.removedDateTime) return
    const now = needs.clock()
    await removeSubscription(scope, subscription.id, now)
    if (subscription.lifecycleNotificationUrl === null) return
    await queueNotifications(scope, subscription.id, 'lifecycle', [lifecycle('subscriptionRemoved')], { ...needs, now })
  })
  needs.signal.raise(TOPIC)
}

/** Sends one request; returns what went wrong, in words for the dead letter. */
async function send(needs: Needs, { subscription, url, rows }: Delivery): Promise<string | undefined> {
  const tenant = await needs.tenants.find(subscription.tenantId)
  if (!tenant?.enabled) return 'The organization is disabled.'
  const body = bodyOf(subscription, rows)
  const now = needs.clock()
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    ...signatureHeaders(secretsOf(needs.keys, subscription, now), `${rows[0]?.id}.${rows.length}`, now, body),
  }
  try {
    const { status } = await needs.egress.post(url, { headers, body, timeoutMs: TIMEOUT_MS })
    return status >= 200 && status < 300 ? undefined : `The endpoint answered ${status}.`
  } catch (error) {
    if (error instanceof EgressFailed || error instanceof EgressRefused) return error.message
    throw error
  }
}

async function recordSuccess(scope: TenantScope, work: Work, { subscription, channel, rows }: Delivery): Promise<void> {
  await deleteNotifications(
    scope,
    subscription.id,
    channel,
    rows.map(({ sequence }) => sequence),
  )
  await forgetFailures(scope, work.id)
}

async function recordFailure(
  needs: Needs,
  work: Work,
  { subscription, channel }: Delivery,
  { reason, failures }: { reason: string; failures: number },
): Promise<void> {
  needs.log.info({ subscription: subscription.id, channel, reason }, 'notifications not delivered')
  await needs.database.withTenant(work.tenantId, async (scope) => {
    // Before its notifications, as everybody does.
    await lockSubscription(scope, subscription.id)
    const now = needs.clock()
    const before = later(now, -GIVE_UP_AFTER_MS)
    const dead = await giveUp(scope, subscription.id, channel, { before, now, reason })
    if (dead > 0 && channel === 'changes' && subscription.lifecycleNotificationUrl) {
      await queueNotifications(scope, subscription.id, 'lifecycle', [lifecycle('missed')], { ...needs, now })
    }
  })
  await postponeWork(needs.database.sql, work.id, retryAfter(failures, Math.random()))
}
