import type { Caller } from '../graph/caller.js'
import type { Precondition } from '../graph/preferences.js'
import type { TenantScope } from '../platform/database.js'
import { mustBePermitted, ownerOf } from './create-subscription.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { recordChange } from './record-change.js'
import { readExpiration } from './rules.js'
import type { SubscriptionChanges } from './schema.js'
import { versionOf } from './subscription-resource.js'
import { findSubscription, lockSubscription, removeSubscription, updateSubscription } from './subscription-store.js'
import type { Subscription } from './tables.js'
import { validateEndpoint } from './validate-endpoint.js'

type ChangeNeeds = Pick<Needs, 'database' | 'clock' | 'egress' | 'newId'>

/**
 * Renews a subscription, or gives it another endpoint, which is validated first (Graph: subscription-update).
 * @throws Refusal: unknown or over, an expiration too far away, an endpoint that does not validate, no permission now,
 * another version than `If-Match` names.
 */
export async function changeSubscription(
  needs: ChangeNeeds,
  caller: Caller,
  id: string,
  changes: SubscriptionChanges,
  mustBe: Precondition,
): Promise<Subscription> {
  const { tenantId } = caller
  const find = (scope: TenantScope) => findSubscription(scope, ownerOf(caller), id, needs.clock())
  const known = await needs.database.withTenant(tenantId, find)
  if (!known) throw refusals.notFound()
  mustBePermitted(caller, known)
  const { expirationDateTime, notificationUrl } = changes
  const expiration = expirationDateTime && readExpiration(new Date(expirationDateTime), needs.clock())
  if (notificationUrl) await validateEndpoint(needs.egress, notificationUrl, 'notificationUrl')
  return needs.database.withTenant(tenantId, async (scope) => {
    await lockSubscription(scope, id)
    const now = needs.clock()
    const present = await find(scope)
    if (!present) throw refusals.notFound()
    mustBe(versionOf(present))
    await updateSubscription(scope, id, {
      ...authorizedBy(caller),
      ...(expiration && { expirationDateTime: expiration, renewedDateTime: now, warnedDateTime: null }),
      ...(notificationUrl && { notificationUrl }),
    })
    await recordChange(needs, scope, caller, id, 'Update subscription', { properties: Object.keys(changes) })
    const changed = await find(scope)
    if (!changed) throw refusals.notFound()
    return changed
  })
}

/**
 * Confirms that the client may still read what it watches (Graph: subscription-reauthorize).
 * @throws Refusal: unknown or over, no permission now.
 */
export async function reauthorizeSubscription(needs: ChangeNeeds, caller: Caller, id: string): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const known = await findSubscription(scope, ownerOf(caller), id, needs.clock())
    if (!known) throw refusals.notFound()
    mustBePermitted(caller, known)
    await updateSubscription(scope, id, authorizedBy(caller))
    await recordChange(needs, scope, caller, id, 'Reauthorize subscription')
  })
}

/**
 * Ends a subscription; what waits for it is dropped (Graph: subscription-delete).
 * @throws Refusal: unknown or over, another version than `If-Match` names.
 */
export async function deleteSubscription(
  needs: ChangeNeeds,
  caller: Caller,
  id: string,
  mustBe: Precondition,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    await lockSubscription(scope, id)
    const now = needs.clock()
    const present = await findSubscription(scope, ownerOf(caller), id, now)
    if (!present) throw refusals.notFound()
    mustBe(versionOf(present))
    await removeSubscription(scope, id, now)
    await recordChange(needs, scope, caller, id, 'Delete subscription')
  })
}

/** Who answers for the subscription from now on: its creator, or whoever of the application renewed it. */
function authorizedBy(caller: Caller): Pick<Subscription, 'creatorKind' | 'creatorId' | 'permissions'> {
  return { creatorKind: caller.kind, creatorId: caller.objectId, permissions: [...caller.permissions] }
}
