import type { Caller } from '../graph/caller.js'
import type { TenantScope } from '../platform/database.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import { applicationToChange, principalToChange } from './application-to-change.js'
import { findAssignable } from './assignments/store.js'
import { refusals } from './errors.js'
import type { ChangeNeeds } from './needs.js'
import { countOwners, deleteOwner, insertOwner } from './owners-store.js'
import { findPrincipal } from './principals-store.js'
import { recordChange } from './record-changes.js'
import { MOST_OWNERS } from './rules.js'

/** Whose owners change: an application's or a service principal's. */
export type Owned = 'application' | 'servicePrincipal'

const ACTIVITIES = {
  application: ['Add owner to application', 'Remove owner from application'],
  servicePrincipal: ['Add owner to service principal', 'Remove owner from service principal'],
} as const

/**
 * Adds an owner, a user or a service principal (Graph: application-post-owners).
 * @throws Refusal: unknown object or owner, one who owns it already, more than a hundred, not the caller's.
 */
export async function addOwner(
  needs: Pick<ChangeNeeds, 'database' | 'clock' | 'newId'>,
  caller: Caller,
  owned: Owned,
  id: string,
  ownerId: string,
  idempotent?: IdempotentRequest,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    if (await madeBefore(scope, idempotent, id, needs.clock())) return
    await lock(scope, caller, owned, id)
    const ownerType = await kindOf(scope, ownerId)
    const count = (await countOwners(scope, id)) + 1
    if (count > MOST_OWNERS) throw refusals.tooManyOwners(count, MOST_OWNERS)
    if (!(await insertOwner(scope, { objectId: id, ownerId, ownerType }))) throw refusals.referenceExists('owners')
    await recordChange(needs, scope, caller, ACTIVITIES[owned][0], id, { ownerId })
  })
}

/** Removes an owner (Graph: application-delete-owners). @throws Refusal as above, and when there is no such owner. */
export async function removeOwner(
  needs: Pick<ChangeNeeds, 'database' | 'clock' | 'newId'>,
  caller: Caller,
  owned: Owned,
  id: string,
  ownerId: string,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    await lock(scope, caller, owned, id)
    if (!(await deleteOwner(scope, id, ownerId))) throw refusals.referenceNotFound(ownerId)
    await recordChange(needs, scope, caller, ACTIVITIES[owned][1], id, { ownerId })
  })
}

function lock(scope: TenantScope, caller: Caller, owned: Owned, id: string) {
  return owned === 'application' ? applicationToChange(scope, caller, id) : principalToChange(scope, caller, id)
}

async function kindOf(scope: TenantScope, id: string): Promise<'user' | 'servicePrincipal'> {
  if ((await findPrincipal(scope, id))?.application) return 'servicePrincipal'
  const found = await findAssignable(scope, id)
  if (!found) throw refusals.referenceNotFound(id)
  if (found.principalType !== 'User') throw refusals.ownerKind()
  return 'user'
}
