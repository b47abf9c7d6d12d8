import type { InvitedUserProperties } from '../directory/index.js'
import type { Caller } from '../graph/caller.js'
import type { TenantScope } from '../platform/database.js'
import { isCurrentVersion, type Tenant } from '../tenants/index.js'
import type { CreateOutcome, InvitationRow, Inviter } from './create-store.js'
import { createdOrNothing, inviteKnownUserWithin } from './invite-known-user.js'
import type { Needs } from './needs.js'
import { createWithin } from './store.js'
import type { Additions, Wish } from './wish.js'

/** What the directory does for an invitation that says more of its guest. Each refuses a caller who may not. */
export type GuestChanges = {
  setProperties(scope: TenantScope, caller: Caller, userId: string, properties: InvitedUserProperties): Promise<void>
  /** `isNew`: this invitation made the guest, so whoever may invite may say until when. */
  setAccessEnd(scope: TenantScope, caller: Caller, userId: string, at: Date | null, isNew: boolean): Promise<void>
  addMembers(scope: TenantScope, groupIds: string[], userId: string, caller: Caller): Promise<void>
  assignRoles(
    scope: TenantScope,
    assignments: readonly { resourceId: string; appRoleId: string }[],
    userId: string,
    caller: Caller,
  ): Promise<void>
}

/**
 * Invites somebody, says of them what is to be said, puts them into groups and assigns them roles of
 * applications, all or nothing. Not for the hot path:
 * one transaction of several statements, while a plain invitation is one statement that shares its round trip.
 * @throws Refusal of any part: a permission for it is missing, a value is wrong, a group or role is not there.
 */
export function inviteWithAdditions(
  needs: Pick<Needs, 'database' | 'clock' | 'guestChanges' | 'onRedemptionReset'>,
  caller: Caller,
  tenant: Tenant,
  wish: Wish & { additions: Additions },
  inviter: Inviter,
  row: InvitationRow,
): Promise<CreateOutcome> {
  return createdOrNothing(needs, tenant.id, async (scope) => {
    const outcome = await create(needs, scope, caller, tenant, wish, inviter, row)
    if (outcome.outcome !== 'created') return outcome
    const { properties, groupIds, assignments, accessEndsAt } = wish.additions
    if (accessEndsAt !== undefined) {
      const isNew = wish.userId === undefined && outcome.userId === row.userId
      await needs.guestChanges.setAccessEnd(scope, caller, outcome.userId, accessEndsAt, isNew)
    }
    if (properties) await needs.guestChanges.setProperties(scope, caller, outcome.userId, properties)
    if (groupIds) await needs.guestChanges.addMembers(scope, groupIds, outcome.userId, caller)
    if (assignments) await needs.guestChanges.assignRoles(scope, assignments, outcome.userId, caller)
    return outcome
  })
}

async function create(
  needs: Pick<Needs, 'clock' | 'onRedemptionReset'>,
  scope: TenantScope,
  caller: Caller,
  tenant: Tenant,
  wish: Wish,
  inviter: Inviter,
  row: InvitationRow,
): Promise<CreateOutcome> {
  if (wish.userId) return inviteKnownUserWithin(needs, scope, caller, tenant, wish, inviter, row)
  if (!(await isCurrentVersion(scope.orm, tenant.id, tenant.version))) return { outcome: 'stale' }
  const outcome = await createWithin(scope, tenant.version, needs.clock(), inviter, row)
  if (!outcome) throw new Error('creating an invitation answered nothing')
  return outcome
}
