import { findExisting, isThereFor } from '../directory/index.js'
import type { Caller } from '../graph/caller.js'
import type { Decision } from '../kernel/decision.js'
import { enforce } from '../kernel/decision.js'
import { Refusal } from '../kernel/refusal.js'
import { keyRefusals } from '../platform/idempotency/errors.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { rememberedBy } from '../platform/idempotency/store.js'
import { mayInvite } from '../policies/index.js'
import type { Tenant } from '../tenants/index.js'
import type { CreateOutcome, InvitationRow, Inviter } from './create-store.js'
import { refusals } from './errors.js'
import { inviteKnownUser } from './invite-known-user.js'
import { inviteWithAdditions } from './invite-with-additions.js'
import type { Needs } from './needs.js'
import type { InvitationRequest } from './schema.js'
import { findInvitation, type InvitationRecord } from './store.js'
import { guestNickname, readWish, type Wish } from './wish.js'

/** What was made, as far as the answer needs it. */
export type Created = {
  wish: Wish
  invitationId: string
  userId: string
  userType: 'Guest' | 'Member'
  accepted: boolean
  suppressed: string | null
}

/** How often a decision is made again because a policy changed between deciding and writing. */
export const MOST_DECISIONS = 5

/**
 * Invites somebody (Graph: invitation-post): understand, decide, write in one round trip. With an idempotency key that
 * was used before, answers what the first request made.
 * @throws Refusal for a malformed wish, a policy that says no, an address of an internal user, a reused key.
 */
export async function createInvitation(
  needs: Needs,
  caller: Caller,
  request: InvitationRequest,
  idempotent?: IdempotentRequest,
): Promise<Created | { replayed: InvitationRecord }> {
  try {
    return await decideAndWrite(needs, caller, request, idempotent)
  } catch (error) {
    // What is refused now may have been allowed when the first request came: its answer stays good for 24 hours.
    const replayed = error instanceof Refusal && idempotent ? await madeBefore(needs, caller, idempotent) : undefined
    if (!replayed) throw error
    return { replayed }
  }
}

async function decideAndWrite(
  needs: Needs,
  caller: Caller,
  request: InvitationRequest,
  idempotent: IdempotentRequest | undefined,
): Promise<Created | { replayed: InvitationRecord }> {
  for (let turn = 1; ; turn++) {
    const now = needs.clock()
    const tenant = await currentTenant(needs, caller)
    const wish = readWish(request, tenant.settings.invitationLifetimeDays, now)
    const decision = await decide(needs, tenant, caller, wish)
    enforce(decision)
    await mustKnowSponsors(needs, caller, wish)

    const inviter = inviterOf(tenant, caller)
    const row = toRow(needs, caller, wish, idempotent)
    const outcome = await write(needs, caller, tenant, wish, inviter, row, now)
    if (outcome.outcome === 'stale' && turn < MOST_DECISIONS) {
      needs.tenants.forget(tenant.id)
      continue
    }
    return answer(needs, tenant, wish, outcome, idempotent)
  }
}

/** The one statement that all share, unless the wish is about somebody known or says more of the guest. */
function write(
  needs: Needs,
  caller: Caller,
  tenant: Tenant,
  wish: Wish,
  inviter: Inviter,
  row: InvitationRow,
  now: Date,
): Promise<CreateOutcome> {
  const { additions } = wish
  if (additions) return inviteWithAdditions(needs, caller, tenant, { ...wish, additions }, inviter, row)
  if (wish.userId) return inviteKnownUser(needs, caller, tenant, wish, inviter, row)
  return needs.createRow(tenant.id, tenant.version, now, inviter, row)
}

/** The policies' answer for this wish, each rule with its outcome. */
export async function decide(
  needs: Pick<Needs, 'policies'>,
  tenant: Tenant,
  caller: Caller,
  wish: Wish,
): Promise<Decision> {
  return mayInvite(await needs.policies.of(tenant), tenant.domains, {
    inviter: caller,
    invitee: wish.address,
    invitedUserType: wish.userType,
    resetRedemption: wish.isReset,
  })
}

/** The caller's tenant; a token outlives it only until the next look. */
export async function currentTenant(needs: Pick<Needs, 'tenants'>, caller: Caller): Promise<Tenant> {
  const tenant = await needs.tenants.find(caller.tenantId)
  if (!tenant?.enabled) throw refusals.tenantDisabled()
  return tenant
}

/** Every sponsor that was named must exist, and be there for the caller. @throws Refusal naming the first that does not. */
export async function mustKnowSponsors(needs: Pick<Needs, 'database'>, caller: Caller, wish: Wish): Promise<void> {
  if (!wish.sponsorIds || wish.sponsorIds.length === 0) return
  const ids = wish.sponsorIds
  const known = await needs.database.withTenant(caller.tenantId, (scope) => findExisting(scope, ids))
  const unknown = ids.find((id) => !known.has(id) || !isThereFor(caller, id))
  if (unknown !== undefined) throw refusals.sponsorUnknown(unknown)
}

/** @throws Refusal when the key belongs to another request. */
function madeBefore(
  needs: Pick<Needs, 'database' | 'clock'>,
  caller: Caller,
  idempotent: IdempotentRequest,
): Promise<InvitationRecord | undefined> {
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const id = await rememberedBy(scope, idempotent, needs.clock())
    return id === undefined ? undefined : findInvitation(scope, id)
  })
}

async function answer(
  needs: Needs,
  tenant: Tenant,
  wish: Wish,
  outcome: CreateOutcome,
  idempotent: IdempotentRequest | undefined,
): Promise<Created | { replayed: InvitationRecord }> {
  switch (outcome.outcome) {
    case 'created':
      if (outcome.mailed) needs.signal.raise('invitation.mail')
      return {
        wish,
        invitationId: outcome.invitationId,
        userId: outcome.userId,
        userType: outcome.userType ?? wish.userType,
        accepted: outcome.state === 'Accepted',
        suppressed: outcome.suppressed,
      }
    case 'replayed': {
      if (outcome.requestHash !== idempotent?.requestHash.toString('hex')) throw keyRefusals.keyReused()
      const replayed = await needs.database.withTenant(tenant.id, (scope) =>
        findInvitation(scope, outcome.invitationId),
      )
      if (!replayed) throw new Error('an idempotency key names an invitation that is gone')
      return { replayed }
    }
    case 'internal':
      throw refusals.internalUser(outcome.userId)
    case 'internalBlocked':
      throw refusals.internalUserBlocked(outcome.userId)
    case 'gone':
    case 'stale':
      throw refusals.changedMeanwhile()
  }
}

function inviterOf({ settings, initialDomain }: Tenant, caller: Caller): Inviter {
  const perApplication = settings.mailsPerApplicationAndDay ?? undefined
  return {
    kind: caller.kind,
    id: caller.objectId,
    name: caller.displayName,
    mail: caller.mail,
    recipientCap: settings.mailsPerRecipientAndDay,
    inviterCap: caller.kind === 'user' ? settings.mailsPerInviterAndDay : perApplication,
    initialDomain,
  }
}

function toRow(needs: Needs, caller: Caller, wish: Wish, idempotent: IdempotentRequest | undefined): InvitationRow {
  const { newId } = needs
  const sponsors = wish.sponsorIds ?? (caller.kind === 'user' ? [caller.objectId] : [])
  return {
    id: newId(),
    userId: wish.userId ?? newId(),
    mailId: newId(),
    addAuditId: newId(),
    inviteAuditId: newId(),
    sponsorAuditId: sponsors.length > 0 ? newId() : undefined,
    address: wish.address.text,
    folded: wish.address.folded,
    displayName: wish.displayName ?? wish.address.local,
    givenDisplayName: wish.displayName,
    userType: wish.userType,
    nickname: guestNickname(wish.address),
    redirectUrl: wish.redirectUrl,
    send: wish.send,
    language: wish.language,
    message: wish.message,
    ccName: wish.cc?.name,
    ccAddress: wish.cc?.address,
    contactUrl: wish.contactUrl,
    expiresAt: wish.expiresAt?.toISOString(),
    sponsors,
    sponsorsGiven: wish.sponsorIds !== undefined,
    keyHash: idempotent?.keyHash.toString('hex'),
    requestHash: idempotent?.requestHash.toString('hex'),
  }
}
