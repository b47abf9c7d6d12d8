import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { lockSubscription, updateSubscription } from './subscription-store.js'
import { type Channel, type NotificationRow, notifications, type Subscription } from './tables.js'

export const TOPIC = 'notification'

const WORK_ID = { changes: 'changesWorkId', lifecycle: 'lifecycleWorkId' } as const

const of = (scope: TenantScope, subscriptionId: string, channel: Channel) =>
  and(
    eq(notifications.tenantId, scope.tenantId),
    eq(notifications.subscriptionId, subscriptionId),
    eq(notifications.channel, channel),
  )

/**
 * Appends notifications to a channel, in their order, and has them delivered. A channel has one outbox row at a time,
 * so that one process at a time delivers from it.
 */
export async function queueNotifications(
  scope: TenantScope,
  subscriptionId: string,
  channel: Channel,
  contents: Record<string, unknown>[],
  { newId, now }: { newId: () => string; now: Date },
): Promise<void> {
  if (contents.length === 0) return
  const subscription = await lockSubscription(scope, subscriptionId)
  if (!subscription || (channel === 'changes' && subscription.removedDateTime)) return
  await scope.orm.insert(notifications).values(
    contents.map((content) => ({
      tenantId: scope.tenantId,
      subscriptionId,
      channel,
      id: newId(),
      content,
      createdDateTime: now,
      queuedDateTime: now,
    })),
  )
  await openChannel(scope, subscription, channel, newId())
}

/** Has what waits in a channel delivered; `workId` is for the outbox row, unless there is one. */
async function openChannel(
  scope: TenantScope,
  { id, ...subscription }: Subscription,
  channel: Channel,
  workId: string,
): Promise<void> {
  if (subscription[WORK_ID[channel]] !== null) return
  await updateSubscription(scope, id, { [WORK_ID[channel]]: workId })
  await scope.orm.execute(
    sql`select outbox_add(${scope.tenantId}::uuid, ${TOPIC}, array[${workId}]::uuid[], array[${id}]::uuid[])`,
  )
}

/** Notes something that cannot be told, where its client can see it: among the dead letters. */
export async function insertDeadLetter(
  scope: TenantScope,
  subscriptionId: string,
  content: Record<string, unknown>,
  { newId, now, reason }: { newId: () => string; now: Date; reason: string },
): Promise<void> {
  const times = { createdDateTime: now, queuedDateTime: now, deadDateTime: now }
  const { tenantId } = scope
  await scope.orm
    .insert(notifications)
    .values({ tenantId, subscriptionId, channel: 'lifecycle', id: newId(), content, reason, ...times })
}

/**
 * Lets dead letters wait to be delivered again, for as long as new ones would; all of them unless `ids` are given.
 * They come before what is younger. Those of a channel that has no URL stay as they are. Returns how many it revived.
 */
export async function reviveDeadLetters(
  scope: TenantScope,
  subscription: Subscription,
  ids: readonly string[] | undefined,
  { newId, now }: { newId: () => string; now: Date },
): Promise<number> {
  const channels: Channel[] = subscription.lifecycleNotificationUrl === null ? ['changes'] : ['changes', 'lifecycle']
  const revived = await scope.orm
    .update(notifications)
    .set({ deadDateTime: null, reason: null, queuedDateTime: now })
    .where(
      and(
        eq(notifications.tenantId, scope.tenantId),
        eq(notifications.subscriptionId, subscription.id),
        inArray(notifications.channel, channels),
        isNotNull(notifications.deadDateTime),
        ids && inArray(notifications.id, [...ids]),
      ),
    )
    .returning({ channel: notifications.channel })
  for (const channel of channels) {
    if (revived.some((row) => row.channel === channel)) await openChannel(scope, subscription, channel, newId())
  }
  return revived.length
}

/** Which channel an outbox row delivers; undefined when it was replaced or its subscription is gone. */
export function channelOf(subscription: Subscription, workId: string): Channel | undefined {
  if (subscription.changesWorkId === workId) return 'changes'
  return subscription.lifecycleWorkId === workId ? 'lifecycle' : undefined
}

/** The oldest notifications that wait in a channel. */
export function listPending(
  scope: TenantScope,
  subscriptionId: string,
  channel: Channel,
  most: number,
): Promise<NotificationRow[]> {
  return scope.orm
    .select()
    .from(notifications)
    .where(and(of(scope, subscriptionId, channel), isNull(notifications.deadDateTime)))
    .orderBy(asc(notifications.sequence))
    .limit(most)
}

export async function deleteNotifications(
  scope: TenantScope,
  subscriptionId: string,
  channel: Channel,
  sequences: number[],
): Promise<void> {
  await scope.orm
    .delete(notifications)
    .where(and(of(scope, subscriptionId, channel), inArray(notifications.sequence, sequences)))
}

/** Gives up what waits since before `before`; returns how many that were. */
export async function giveUp(
  scope: TenantScope,
  subscriptionId: string,
  channel: Channel,
  { before, now, reason }: { before: Date; now: Date; reason: string },
): Promise<number> {
  const dead = await scope.orm
    .update(notifications)
    .set({ deadDateTime: now, reason: reason.slice(0, 500) })
    .where(
      and(
        of(scope, subscriptionId, channel),
        isNull(notifications.deadDateTime),
        lte(notifications.queuedDateTime, before),
      ),
    )
    .returning({ sequence: notifications.sequence })
  return dead.length
}

/**
 * Ends the outbox row of a channel in which nothing waits any more; false when something does. Whoever adds holds the
 * same lock, so nothing is left behind.
 */
export async function closeChannel(scope: TenantScope, subscriptionId: string, workId: string): Promise<boolean> {
  const subscription = await lockSubscription(scope, subscriptionId)
  const channel = subscription && channelOf(subscription, workId)
  if (channel) {
    const [waiting] = await listPending(scope, subscriptionId, channel, 1)
    if (waiting) return false
    await updateSubscription(scope, subscriptionId, { [WORK_ID[channel]]: null })
  }
  await scope.orm.execute(sql`delete from outbox where id = ${workId}`)
  return true
}

/** A delivery worked: the next failure begins anew with the shortest wait. */
export async function forgetFailures(scope: TenantScope, workId: string): Promise<void> {
  await scope.orm.execute(sql`update outbox set failures = 0 where id = ${workId} and failures > 0`)
}

/** Notifications of a subscription that were given up, the newest first. */
export function listDeadLetters(
  scope: TenantScope,
  subscriptionId: string,
  query: { before: number | undefined; most: number },
): Promise<NotificationRow[]> {
  return scope.orm
    .select()
    .from(notifications)
    .where(
      and(
        eq(notifications.tenantId, scope.tenantId),
        eq(notifications.subscriptionId, subscriptionId),
        isNotNull(notifications.deadDateTime),
        query.before === undefined ? undefined : lt(notifications.sequence, query.before),
      ),
    )
    .orderBy(desc(notifications.sequence))
    .limit(query.most)
}

/** Forgets dead letters from before `before`. */
export async function forgetDeadLetters(scope: TenantScope, before: Date): Promise<void> {
  await scope.orm
    .delete(notifications)
    .where(and(eq(notifications.tenantId, scope.tenantId), lte(notifications.deadDateTime, before)))
}
