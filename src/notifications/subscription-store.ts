import { and, asc, count, eq, gt, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import type { Collection } from './rules.js'
import { notificationFeeds, notifications, type Subscription, subscriptions } from './tables.js'

const own = (scope: TenantScope) => eq(subscriptions.tenantId, scope.tenantId)
const present = isNull(subscriptions.removedDateTime)

/** Whose subscriptions: an application sees its own; in its name a person sees theirs. */
export type Owner = { applicationId: string; creatorId: string | undefined }

function ownedBy({ applicationId, creatorId }: Owner): SQL | undefined {
  return and(
    eq(subscriptions.applicationId, applicationId),
    creatorId ? eq(subscriptions.creatorId, creatorId) : undefined,
  )
}

export async function insertSubscription(scope: TenantScope, row: typeof subscriptions.$inferInsert): Promise<void> {
  await scope.orm.insert(subscriptions).values(row)
}

export async function countSubscriptions(scope: TenantScope, applicationId: string): Promise<number> {
  const [row] = await scope.orm
    .select({ total: count() })
    .from(subscriptions)
    .where(and(own(scope), present, eq(subscriptions.applicationId, applicationId)))
  return row?.total ?? 0
}

/** Subscriptions that are not over, in the order of their ids. */
export function listSubscriptions(
  scope: TenantScope,
  owner: Owner,
  query: { after: string | undefined; most: number; now: Date },
): Promise<Subscription[]> {
  return scope.orm
    .select()
    .from(subscriptions)
    .where(
      and(
        own(scope),
        present,
        gt(subscriptions.expirationDateTime, query.now),
        ownedBy(owner),
        query.after ? gt(subscriptions.id, query.after) : undefined,
      ),
    )
    .orderBy(asc(subscriptions.id))
    .limit(query.most)
}

export async function findSubscription(
  scope: TenantScope,
  owner: Owner,
  id: string,
  now: Date,
): Promise<Subscription | undefined> {
  const [row] = await scope.orm
    .select()
    .from(subscriptions)
    .where(
      and(own(scope), present, gt(subscriptions.expirationDateTime, now), eq(subscriptions.id, id), ownedBy(owner)),
    )
  return row
}

/** Any subscription, over or not, locked until the transaction ends: before its channels are touched. */
export async function lockSubscription(scope: TenantScope, id: string): Promise<Subscription | undefined> {
  const [row] = await scope.orm
    .select()
    .from(subscriptions)
    .where(and(own(scope), eq(subscriptions.id, id)))
    .for('no key update')
  return row
}

export async function updateSubscription(
  scope: TenantScope,
  id: string,
  changes: Partial<Omit<Subscription, 'tenantId' | 'id'>>,
): Promise<void> {
  await scope.orm
    .update(subscriptions)
    .set(changes)
    .where(and(own(scope), eq(subscriptions.id, id)))
}

/** Ends a subscription for its client: it is not listed, and no change is told to it any more. */
export async function removeSubscription(scope: TenantScope, id: string, now: Date): Promise<void> {
  await updateSubscription(scope, id, { removedDateTime: now })
  await scope.orm
    .delete(notifications)
    .where(
      and(
        eq(notifications.tenantId, scope.tenantId),
        eq(notifications.subscriptionId, id),
        eq(notifications.channel, 'changes'),
        isNull(notifications.deadDateTime),
      ),
    )
}

/** Those of a collection that are to be told of changes now. */
export function listWatching(scope: TenantScope, collection: Collection, now: Date): Promise<Subscription[]> {
  return scope.orm
    .select()
    .from(subscriptions)
    .where(
      and(own(scope), present, eq(subscriptions.collection, collection), gt(subscriptions.expirationDateTime, now)),
    )
    .orderBy(asc(subscriptions.id))
}

/** Those that may be due for a warning or have expired: not over, and with an end before `until` or unknown to us. */
export function listEnding(scope: TenantScope, until: Date): Promise<Subscription[]> {
  return scope.orm
    .select()
    .from(subscriptions)
    .where(and(own(scope), present, lte(subscriptions.expirationDateTime, until)))
    .orderBy(asc(subscriptions.id))
}

/** Forgets subscriptions that were over before `before`, with all that was not delivered to them. */
export async function forgetRemoved(scope: TenantScope, before: Date): Promise<void> {
  const old = scope.orm
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(and(own(scope), isNotNull(subscriptions.removedDateTime), lte(subscriptions.removedDateTime, before)))
  await scope.orm
    .delete(notifications)
    .where(and(eq(notifications.tenantId, scope.tenantId), sql`${notifications.subscriptionId} in ${old}`))
  await scope.orm
    .delete(subscriptions)
    .where(and(own(scope), isNotNull(subscriptions.removedDateTime), lte(subscriptions.removedDateTime, before)))
}

/** Organizations that anything may have to be told to or tidied up for. */
export async function listTenantsWithFeeds(orm: Pick<TenantScope['orm'], 'selectDistinct'>): Promise<string[]> {
  const rows = await orm.selectDistinct({ tenantId: notificationFeeds.tenantId }).from(notificationFeeds)
  return rows.map(({ tenantId }) => tenantId)
}

/** Whether a tenant has subscriptions of a collection, over or not: their feed is needed for as long. */
export async function hasSubscriptions(scope: TenantScope, collection: Collection): Promise<boolean> {
  const [row] = await scope.orm
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(and(own(scope), eq(subscriptions.collection, collection)))
    .limit(1)
  return row !== undefined
}

/** The sealed secrets of a tenant's subscriptions, of those that have news of their end to be told too. */
export function listSealedSecrets(
  scope: TenantScope,
): Promise<Pick<Subscription, 'id' | 'secretSealed' | 'previousSecretSealed'>[]> {
  return scope.orm
    .select({
      id: subscriptions.id,
      secretSealed: subscriptions.secretSealed,
      previousSecretSealed: subscriptions.previousSecretSealed,
    })
    .from(subscriptions)
    .where(own(scope))
    .orderBy(asc(subscriptions.id))
}
