import { type ObjectChange, pageOfChanges } from '../directory/index.js'
import { isVisible, type Snapshot } from '../platform/changes/snapshot.js'
import { changesNow } from '../platform/changes/store.js'
import type { TenantScope } from '../platform/database.js'
import { aboutInvitation, aboutObject, lifecycle } from './content.js'
import {
  claimFeeds,
  closeFeed,
  deleteEvents,
  type InvitationEvent,
  listEvents,
  lockFeed,
  moveFeed,
} from './feed-store.js'
import type { Needs } from './needs.js'
import { insertDeadLetter, queueNotifications, TOPIC } from './notification-store.js'
import { type Collection, isGap } from './rules.js'
import { hasSubscriptions, listWatching, updateSubscription } from './subscription-store.js'
import type { Feed, Subscription } from './tables.js'

type ScanNeeds = Pick<Needs, 'database' | 'clock' | 'newId' | 'signal' | 'log'>

const FEEDS_AT_ONCE = 20
const LEASE_SECONDS = 15
/** Changes that one transaction passes on. */
const CHANGES = 500
/** Milliseconds between two looks at a collection that nobody asks for: whoever changes something does. */
const PAUSE_MS = 30_000

/** Passes on what changed in the collections that are due. Safe in many processes; returns how many it looked at. */
export async function scanFeeds(needs: ScanNeeds): Promise<number> {
  const due = await claimFeeds(needs.database.sql, FEEDS_AT_ONCE, LEASE_SECONDS)
  for (const { tenantId, collection } of due) {
    await scanFeed(needs, tenantId, collection).catch((error: unknown) =>
      needs.log.warn({ err: error, tenantId, collection }, 'changes could not be passed on, trying again'),
    )
  }
  return due.length
}

/**
 * Passes what changed in one collection since the last look on to its subscriptions. The place in the history moves in
 * the transaction that queues the notifications, so that no change is lost and none is told twice.
 */
export async function scanFeed(needs: ScanNeeds, tenantId: string, collection: Collection): Promise<void> {
  for (let more = true; more; ) {
    more = await needs.database.withTenant(tenantId, (scope) => scanOnce(needs, scope, collection))
    needs.signal.raise(TOPIC)
  }
}

/** True when there is more to pass on at once. */
async function scanOnce(needs: ScanNeeds, scope: TenantScope, collection: Collection): Promise<boolean> {
  const feed = await lockFeed(scope, collection)
  if (!feed) return false
  const watching = await listWatching(scope, collection, needs.clock())
  if (watching.length === 0 && !(await hasSubscriptions(scope, collection))) {
    await closeFeed(scope, collection)
    return false
  }
  const now = await changesNow(scope)
  if (now.cluster !== feed.cluster) return startAnew(needs, scope, feed, watching, now)
  await tellOfGap(needs, scope, feed, watching)
  if (collection === 'invitations') return passEventsOn(needs, scope, watching)
  if (!feed.round && feed.sinceSnapshot === now.snapshot) {
    await moveFeed(scope, collection, { lookedDateTime: needs.clock() }, PAUSE_MS)
    return false
  }
  return passChangesOn(needs, scope, feed, collection, watching, now.snapshot)
}

async function passChangesOn(
  needs: ScanNeeds,
  scope: TenantScope,
  feed: Feed,
  collection: 'users' | 'groups',
  watching: Subscription[],
  snapshot: Snapshot,
): Promise<boolean> {
  const until = feed.round?.until ?? snapshot
  const query = { since: feed.sinceSnapshot, until, after: feed.round?.after, most: CHANGES }
  const { changes, next } = await pageOfChanges(scope, collection, query)
  for (const subscription of watching) {
    const contents = changes
      .filter((change) => isFor(subscription, change))
      .map((change) => aboutObject(scope.tenantId, collection, change))
    await queueNotifications(scope, subscription.id, 'changes', contents, { ...needs, now: needs.clock() })
  }
  const to = next
    ? { round: { until, after: next } }
    : { sinceSnapshot: until, lookedDateTime: needs.clock(), round: null }
  await moveFeed(scope, collection, to, next ? 0 : PAUSE_MS)
  return next !== undefined
}

async function passEventsOn(needs: ScanNeeds, scope: TenantScope, watching: Subscription[]): Promise<boolean> {
  const events = await listEvents(scope, CHANGES)
  for (const subscription of watching) {
    const contents = events
      .filter((event) => isEventFor(subscription, event))
      .map((event) => aboutInvitation(scope.tenantId, event))
    await queueNotifications(scope, subscription.id, 'changes', contents, { ...needs, now: needs.clock() })
  }
  await deleteEvents(
    scope,
    events.map(({ sequence }) => sequence),
  )
  const isFull = events.length === CHANGES
  await moveFeed(scope, 'invitations', { lookedDateTime: needs.clock() }, isFull ? 0 : PAUSE_MS)
  return isFull
}

/** In a restored or promoted copy nobody can say what was told: clients hear that they may have missed something. */
async function startAnew(
  needs: ScanNeeds,
  scope: TenantScope,
  feed: Feed,
  watching: Subscription[],
  { snapshot, cluster }: { snapshot: Snapshot; cluster: string },
): Promise<boolean> {
  for (const subscription of watching) {
    await updateSubscription(scope, subscription.id, { sinceSnapshot: snapshot })
    await tellMissed(needs, scope, subscription, 'The database is a copy of the one whose changes were told before.')
  }
  const lookedDateTime = needs.clock()
  await moveFeed(scope, feed.collection, { sinceSnapshot: snapshot, cluster, lookedDateTime, round: null }, 0)
  return false
}

/**
 * After a time without workers in which removals were forgotten, what is still known is told as ever, and clients hear
 * that it may not be all: Graph's `missed`, upon which they ask `/delta`. Events of invitations are never forgotten.
 */
async function tellOfGap(needs: ScanNeeds, scope: TenantScope, feed: Feed, watching: Subscription[]): Promise<void> {
  const now = needs.clock()
  if (feed.collection === 'invitations' || !isGap(feed.lookedDateTime, now)) return
  for (const subscription of watching) {
    await tellMissed(
      needs,
      scope,
      subscription,
      'Nobody looked for changes for too long to know of all that was deleted.',
    )
  }
  await moveFeed(scope, feed.collection, { lookedDateTime: now }, 0)
}

/** A client without a lifecycle endpoint finds it among its dead letters. */
async function tellMissed(
  needs: ScanNeeds,
  scope: TenantScope,
  { id, lifecycleNotificationUrl }: Subscription,
  why: string,
): Promise<void> {
  const now = needs.clock()
  const missed = lifecycle('missed')
  if (lifecycleNotificationUrl) return queueNotifications(scope, id, 'lifecycle', [missed], { ...needs, now })
  const reason = `${why} There is no lifecycleNotificationUrl to tell it to; synchronize with delta.`
  await insertDeadLetter(scope, id, missed, { ...needs, now, reason })
}

function isFor(subscription: Subscription, change: ObjectChange): boolean {
  const { objectId, watched, changeType, sinceSnapshot } = subscription
  if (objectId !== null && objectId !== change.id) return false
  if (watched === 'members' && change.members.length === 0) return false
  if (!changeType.split(',').includes(change.isGone ? 'deleted' : 'updated')) return false
  return !isVisible(Number(change.xid), sinceSnapshot)
}

function isEventFor({ changeType, sinceSnapshot }: Subscription, event: InvitationEvent): boolean {
  if (!changeType.split(',').includes(event.event === 'invited' ? 'created' : 'updated')) return false
  return !isVisible(Number(event.changedXid), sinceSnapshot)
}
