import { findExisting, findGroups } from '../directory/index.js'
import type { Caller } from '../graph/caller.js'
import { changesNow } from '../platform/changes/store.js'
import type { TenantScope } from '../platform/database.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore, rememberedBy } from '../platform/idempotency/store.js'
import { newSecret } from '../platform/webhook-signature.js'
import { LOOK } from './change-signal.js'
import { refusals } from './errors.js'
import { openFeed } from './feed-store.js'
import type { Needs } from './needs.js'
import { recordChange } from './record-change.js'
import {
  isPermitted,
  MOST_SUBSCRIPTIONS,
  mayFollow,
  READ_PERMISSIONS,
  readChangeTypes,
  readExpiration,
  readResource,
  type Watched,
} from './rules.js'
import type { SubscriptionRequest } from './schema.js'
import { countSubscriptions, findSubscription, insertSubscription, type Owner } from './subscription-store.js'
import type { Subscription } from './tables.js'
import { validateEndpoint } from './validate-endpoint.js'

/**
 * Subscribes a client to changes (Graph: subscription-post-subscriptions), once both of its endpoints have said that
 * they want to be told. Everything that changes from here on is told, whoever commits when; what is being changed just
 * now may be. The secret is for this answer and never shown again, unless the same idempotency key asks once more.
 * @throws Refusal: a resource, change type, expiration or URL that will not do; no permission to read the resource; an
 * endpoint that does not validate; too many subscriptions.
 */
export async function createSubscription(
  needs: Needs,
  caller: Caller,
  wish: SubscriptionRequest,
  idempotent?: IdempotentRequest,
): Promise<{ subscription: Subscription; secret: Buffer }> {
  const watched = readResource(wish.resource)
  const changeType = readChangeTypes(wish.changeType, watched.collection)
  const expirationDateTime = readExpiration(new Date(wish.expirationDateTime), needs.clock())
  if (wish.includeResourceData) throw refusals.resourceDataUnsupported()
  mustBePermitted(caller, watched)
  const before = await needs.database.withTenant(caller.tenantId, async (scope) => {
    const id = idempotent && (await rememberedBy(scope, idempotent, needs.clock()))
    if (id !== undefined) return madeEarlier(needs, scope, caller, id)
    await mustExist(scope, watched)
    await mustHaveRoom(scope, caller)
    return undefined
  })
  if (before) return before
  await validateEndpoint(needs.egress, wish.notificationUrl, 'notificationUrl')
  if (wish.lifecycleNotificationUrl) {
    await validateEndpoint(needs.egress, wish.lifecycleNotificationUrl, 'lifecycleNotificationUrl')
  }

  const now = needs.clock()
  const id = needs.newId()
  const secret = newSecret()
  const made = await needs.database.withTenant(caller.tenantId, async (scope) => {
    const first = await madeBefore(scope, idempotent, id, now)
    if (first !== undefined) return madeEarlier(needs, scope, caller, first)
    await mustHaveRoom(scope, caller)
    const { snapshot, cluster } = await changesNow(scope)
    const subscription: Subscription = {
      tenantId: caller.tenantId,
      id,
      resource: wish.resource,
      collection: watched.collection,
      objectId: watched.objectId ?? null,
      watched: watched.watched,
      changeType,
      notificationUrl: wish.notificationUrl,
      lifecycleNotificationUrl: wish.lifecycleNotificationUrl ?? null,
      clientState: wish.clientState ?? null,
      latestSupportedTlsVersion: wish.latestSupportedTlsVersion ?? null,
      expirationDateTime,
      applicationId: caller.clientId,
      creatorKind: caller.kind,
      creatorId: caller.objectId,
      permissions: [...caller.permissions],
      secretSealed: needs.keys.seal('webhook-secret', secret),
      previousSecretSealed: null,
      previousSecretExpirationDateTime: null,
      sinceSnapshot: snapshot,
      createdDateTime: now,
      renewedDateTime: now,
      warnedDateTime: null,
      removedDateTime: null,
      changesWorkId: null,
      lifecycleWorkId: null,
    }
    await openFeed(scope, watched.collection, { snapshot, cluster, now })
    await insertSubscription(scope, subscription)
    await recordChange(needs, scope, caller, id, 'Create subscription', { resource: wish.resource })
    return { subscription, secret }
  })
  // A new feed is due, and of what is due already no change tells the scan.
  needs.signal.raise(LOOK)
  return made
}

/** What a request with this key made. @throws Refusal when it is over by now. */
async function madeEarlier(needs: Needs, scope: TenantScope, caller: Caller, id: string) {
  const subscription = await findSubscription(scope, ownerOf(caller), id, needs.clock())
  if (!subscription) throw refusals.notFound()
  return { subscription, secret: needs.keys.open('webhook-secret', subscription.secretSealed) }
}

/** Applications see what they made, people what they made with this application. */
export function ownerOf(caller: Caller): Owner {
  return { applicationId: caller.clientId, creatorId: caller.kind === 'user' ? caller.objectId : undefined }
}

/** @throws Refusal when the caller may not read what is watched, now. */
export function mustBePermitted(caller: Caller, { collection }: Pick<Watched, 'collection'>): void {
  if (!mayFollow(caller)) throw refusals.mayNotFollow()
  if (!isPermitted(collection, caller.permissions)) throw refusals.permissionMissing(READ_PERMISSIONS[collection])
}

async function mustExist(scope: TenantScope, { collection, objectId }: Watched): Promise<void> {
  if (objectId === undefined) return
  const isThere =
    collection === 'users'
      ? (await findExisting(scope, [objectId])).has(objectId)
      : (await findGroups(scope, [objectId])).length > 0
  if (!isThere) throw refusals.watchedNotFound(objectId)
}

async function mustHaveRoom(scope: TenantScope, caller: Caller): Promise<void> {
  const count = await countSubscriptions(scope, caller.clientId)
  if (count >= MOST_SUBSCRIPTIONS) throw refusals.tooMany(MOST_SUBSCRIPTIONS)
}
