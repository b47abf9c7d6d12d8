import { findHolderOfAddress, isExternal } from '../directory/index.js'
import type { Caller } from '../graph/caller.js'
import type { ReadContext } from '../graph/odata/resource.js'
import type { Decision } from '../kernel/decision.js'
import { mayReadInvitationsOfOthers } from '../policies/index.js'
import { currentTenant, decide } from './create-invitation.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import type { InvitationRequest } from './schema.js'
import { blockedSince, findInvitation } from './store.js'
import { readWish } from './wish.js'

/** The id of an invitation the caller may know of; undefined when there is none. Guests know of those they made. */
export async function findVisibleInvitation({ scope, caller }: ReadContext, id: string): Promise<string | undefined> {
  const record = await findInvitation(scope, id)
  if (!record) return undefined
  return mayReadInvitationsOfOthers(caller) || record.inviterId === caller.objectId ? record.id : undefined
}

/** No user has this id: whoever holds the address counts. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

/**
 * What would happen to this invitation: every rule with its outcome. Writes nothing.
 * @throws Refusal when the request itself is malformed.
 */
export async function evaluateInvitation(needs: Needs, caller: Caller, request: InvitationRequest): Promise<Decision> {
  const tenant = await currentTenant(needs, caller)
  const wish = readWish(request, tenant.settings.invitationLifetimeDays, needs.clock())
  const decision = await decide(needs, tenant, caller, wish)
  // Who exists here is told only to those who may invite: they would learn it from the answer to that.
  if (decision.checks.some(({ name, outcome }) => name === 'allowInvitesFrom' && outcome === 'failed')) return decision
  const facts = await needs.database.withTenant(tenant.id, async (scope) => ({
    holder: await findHolderOfAddress(scope, wish.address.folded, NOBODY),
    isBlocked: (await blockedSince(scope, wish.address.folded)) !== undefined,
  }))
  const { holder } = facts
  const isInternal = holder !== undefined && !isExternal(holder)
  const collides = isInternal && wish.userId === undefined
  return {
    allowed: decision.allowed && !collides,
    checks: [
      ...decision.checks,
      {
        name: 'existingUser',
        outcome: collides ? 'failed' : 'passed',
        message: collides
          ? refusals.internalUser(holder.id).message
          : holder
            ? `The guest exists already (${holder.id}) and is invited again.`
            : 'A new guest is created.',
      },
      {
        name: 'mailDelivery',
        outcome: wish.send ? (facts.isBlocked ? 'failed' : 'passed') : 'notApplicable',
        message: facts.isBlocked
          ? 'The recipient has blocked invitation mails of this organization: the guest is created, no mail is sent.'
          : wish.send
            ? 'The invitation mail is sent.'
            : 'No mail was asked for.',
      },
    ],
  }
}
