import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { makePgArray } from 'drizzle-orm/pg-core'
import type postgres from 'postgres'
import type { Orm, TenantScope } from '../platform/database.js'
import type { Collection } from './rules.js'
import { type Feed, notificationEvents, notificationFeeds } from './tables.js'

const of = (scope: TenantScope, collection: Collection) =>
  and(eq(notificationFeeds.tenantId, scope.tenantId), eq(notificationFeeds.collection, collection))

/** Feeds that are due, leased for `leaseSeconds`; those that another process is looking at are skipped. */
export async function claimFeeds(
  sql: postgres.Sql,
  most: number,
  leaseSeconds: number,
): Promise<{ tenantId: string; collection: Collection }[]> {
  return sql`
    select tenant_id as "tenantId", collection
    from notifications_claim_feeds(${most}, make_interval(secs => ${leaseSeconds}))`
}

/**
 * Makes the feed of a collection when it has none. The row is locked either way, so that a feed that nobody needed a
 * moment ago is not taken away under a new subscription.
 */
export async function openFeed(
  scope: TenantScope,
  collection: Collection,
  { snapshot, cluster, now }: { snapshot: string; cluster: string; now: Date },
): Promise<void> {
  await scope.orm
    .insert(notificationFeeds)
    .values({ tenantId: scope.tenantId, collection, sinceSnapshot: snapshot, lookedDateTime: now, cluster })
    .onConflictDoUpdate({
      target: [notificationFeeds.tenantId, notificationFeeds.collection],
      set: { nextLookAt: sql`${notificationFeeds.nextLookAt}` },
    })
}

export async function lockFeed(scope: TenantScope, collection: Collection): Promise<Feed | undefined> {
  const [row] = await scope.orm.select().from(notificationFeeds).where(of(scope, collection)).for('update')
  return row
}

/** Moves a feed on. The next look is in `pauseMs`. */
export async function moveFeed(
  scope: TenantScope,
  collection: Collection,
  to: Partial<Pick<Feed, 'sinceSnapshot' | 'lookedDateTime' | 'cluster' | 'round'>>,
  pauseMs: number,
): Promise<void> {
  await scope.orm
    .update(notificationFeeds)
    .set({ ...to, nextLookAt: sql`now() + ${pauseMs}::float8 * interval '1 millisecond'` })
    .where(of(scope, collection))
}

/**
 * Makes the feeds of tenants due now; returns whether any was not. Waits for a look that is going on, so that either
 * that one sees what was committed before this, or there is another.
 */
export async function makeFeedsDue(orm: Pick<Orm, 'execute'>, tenantIds: readonly string[]): Promise<boolean> {
  // Locked in one order, as several processes do this at once.
  const due = await orm.execute(sql`
    with f as (
      select tenant_id, collection from notification_feeds
      where tenant_id = any(${makePgArray([...tenantIds])}::uuid[]) and next_look_at > now()
      order by tenant_id, collection for update)
    update notification_feeds d set next_look_at = now() from f
    where d.tenant_id = f.tenant_id and d.collection = f.collection`)
  return due.count > 0
}

export async function closeFeed(scope: TenantScope, collection: Collection): Promise<void> {
  await scope.orm.delete(notificationFeeds).where(of(scope, collection))
  if (collection === 'invitations') {
    await scope.orm.delete(notificationEvents).where(eq(notificationEvents.tenantId, scope.tenantId))
  }
}

export type InvitationEvent = {
  sequence: number
  objectId: string
  event: string
  eventDateTime: Date
  changedXid: string
}

/** The oldest events of invitations that are to be told. */
export function listEvents(scope: TenantScope, most: number): Promise<InvitationEvent[]> {
  return scope.orm
    .select({
      sequence: notificationEvents.sequence,
      objectId: notificationEvents.objectId,
      event: notificationEvents.event,
      eventDateTime: notificationEvents.eventDateTime,
      changedXid: sql<string>`${notificationEvents.changedXid}::text`,
    })
    .from(notificationEvents)
    .where(eq(notificationEvents.tenantId, scope.tenantId))
    .orderBy(asc(notificationEvents.sequence))
    .limit(most)
}

export async function deleteEvents(scope: TenantScope, sequences: number[]): Promise<void> {
  if (sequences.length === 0) return
  await scope.orm
    .delete(notificationEvents)
    .where(and(eq(notificationEvents.tenantId, scope.tenantId), inArray(notificationEvents.sequence, sequences)))
}
