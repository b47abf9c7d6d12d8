import { recordAudit } from '../audit/index.js'
import { lockUser } from '../directory/index.js'
import type { Caller } from '../graph/caller.js'
import { enforce } from '../kernel/decision.js'
import { parseEmailAddress } from '../kernel/email-address.js'
import { DAY_MS, later } from '../kernel/instant.js'
import type { TenantScope } from '../platform/database.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import { mayInvite, mayManageInvitationsOfOthers, mayReadInvitationsOfOthers } from '../policies/index.js'
import { isCurrentVersion, type Tenant, type TenantSettings } from '../tenants/index.js'
import { currentTenant, MOST_DECISIONS } from './create-invitation.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { statusAt } from './resource.js'
import {
  blockedSince,
  endPending,
  findInvitation,
  type InvitationRecord,
  lastMailOf,
  lockInvitation,
  lockInviter,
  queueMail,
  recentMails,
} from './store.js'

/** Seconds between two mails of one invitation. */
const COOL_DOWN_SECONDS = 60

type ManageNeeds = Pick<Needs, 'database' | 'tenants' | 'policies' | 'clock' | 'newId' | 'signal'>

/**
 * Sends the mail of a pending invitation once more (design: additions), if its guest may still be invited by this
 * caller. The links of earlier mails stay good.
 * @throws Refusal: not found; somebody else's (403); completed, expired or revoked (400); a policy that says no (403);
 * within 60 s, or over a cap (429); blocked by its recipient (403).
 */
export async function resendInvitation(
  needs: ManageNeeds,
  caller: Caller,
  id: string,
  idempotent?: IdempotentRequest,
): Promise<InvitationRecord> {
  for (let turn = 1; ; turn++) {
    const tenant = await currentTenant(needs, caller)
    const policies = await needs.policies.of(tenant)
    const resent = await needs.database.withTenant(tenant.id, (scope) =>
      resend(needs, scope, { caller, tenant, policies, id, idempotent }),
    )
    if (resent !== 'stale') {
      needs.signal.raise('invitation.mail')
      return resent
    }
    if (turn === MOST_DECISIONS) throw refusals.changedMeanwhile()
    needs.tenants.forget(tenant.id)
  }
}

type Resend = {
  caller: Caller
  tenant: Tenant
  policies: Awaited<ReturnType<Needs['policies']['of']>>
  id: string
  idempotent: IdempotentRequest | undefined
}

async function resend(
  needs: ManageNeeds,
  scope: TenantScope,
  { caller, tenant, policies, id, idempotent }: Resend,
): Promise<InvitationRecord | 'stale'> {
  const now = needs.clock()
  // Version, inviter, guest: in the order in which every invitation takes its locks.
  if (!(await isCurrentVersion(scope.orm, tenant.id, tenant.version))) return 'stale'
  if (await madeBefore(scope, idempotent, id, now)) {
    const resentBefore = found(await findInvitation(scope, id), id)
    mustManage(caller, resentBefore)
    return resentBefore
  }
  if (inviterCapOf(caller, tenant.settings) !== null) await lockInviter(scope, caller.objectId)
  const invitation = await lockWithGuest(scope, id)
  mustManage(caller, invitation)
  mustBePending(invitation, now)
  mustBeAllowed(policies, tenant, caller, invitation)
  await mustNotBeTooSoon(scope, invitation, now)
  await mustBeWithinCaps(scope, caller, invitation, tenant.settings, now)
  if (await blockedSince(scope, invitation.addressFolded)) throw refusals.recipientBlocked()

  await queueMail(scope, invitation, {
    id: needs.newId(),
    now,
    actor: actorOf(caller),
    inviterId: caller.objectId,
    inviterKind: caller.kind,
  })
  await audit(needs, scope, caller, invitation, 'Resend external user invite', now)
  return found(await findInvitation(scope, id), id)
}

/**
 * Withdraws an invitation and every other pending one of its guest; their links answer 410. Guest, id and groups stay.
 * Doing it again changes nothing.
 * @throws Refusal when it is unknown, somebody else's (403) or was accepted.
 */
export async function revokeInvitation(needs: ManageNeeds, caller: Caller, id: string): Promise<void> {
  const tenant = await currentTenant(needs, caller)
  await needs.database.withTenant(tenant.id, async (scope) => {
    const now = needs.clock()
    // Its own row is locked with the guest's others: only what holds the guest completes any of them.
    await lockGuestOf(scope, id)
    const invitation = found(await findInvitation(scope, id), id)
    mustManage(caller, invitation)
    if (invitation.status === 'completed') throw refusals.completed('revoked')
    const ended = await endPending(scope, invitation.userId, {
      status: 'revoked',
      event: 'revoked',
      now,
      actor: actorOf(caller),
    })
    if (ended > 0) await audit(needs, scope, caller, invitation, 'Revoke external user invite', now)
  })
}

/** Ends what is pending of a user who is being deleted, in the same transaction: no restored link comes back to life. */
export async function revokeInvitationsOf(
  scope: TenantScope,
  userId: string,
  now: Date,
  actor: { kind: string; id?: string; displayName?: string },
): Promise<void> {
  await endPending(scope, userId, { status: 'revoked', event: 'revoked', now, actor })
}

/** Guest first, then invitation: the order in which redemption locks them. */
async function lockWithGuest(scope: TenantScope, id: string): Promise<InvitationRecord> {
  await lockGuestOf(scope, id)
  return found(await lockInvitation(scope, id), id)
}

async function lockGuestOf(scope: TenantScope, id: string): Promise<void> {
  const { userId } = found(await findInvitation(scope, id), id)
  await lockUser(scope, userId)
}

/** An invitation of somebody else is for administrators and applications; guests do not even know of it. */
function mustManage(caller: Caller, invitation: InvitationRecord): void {
  if (invitation.inviterId === caller.objectId || mayManageInvitationsOfOthers(caller)) return
  throw mayReadInvitationsOfOthers(caller) ? refusals.notYours() : refusals.notFound(invitation.id)
}

function found(record: InvitationRecord | undefined, id: string): InvitationRecord {
  if (!record) throw refusals.notFound(id)
  return record
}

function mustBePending(invitation: InvitationRecord, now: Date): void {
  const status = statusAt(invitation, now)
  if (status === 'Completed') throw refusals.completed('resent')
  if (status !== 'PendingAcceptance') throw refusals.ended(status.toLowerCase())
}

/**
 * A resent mail asks the guest in anew, so whoever may not invite them now does not resend either. What the guest
 * becomes, a member or somebody who was reset, was decided when the invitation was made.
 */
function mustBeAllowed(
  policies: Resend['policies'],
  tenant: Tenant,
  caller: Caller,
  invitation: InvitationRecord,
): void {
  const invitee = parseEmailAddress(invitation.invitedUserEmailAddress)
  if (!invitee) throw new Error('an invitation holds an address that is none')
  enforce(
    mayInvite(policies, tenant.domains, {
      inviter: caller,
      invitee,
      invitedUserType: 'Guest',
      resetRedemption: false,
    }),
  )
}

async function mustNotBeTooSoon(scope: TenantScope, invitation: InvitationRecord, now: Date): Promise<void> {
  const last = await lastMailOf(scope, invitation)
  const wait = last ? last.getTime() + COOL_DOWN_SECONDS * 1_000 - now.getTime() : 0
  if (wait > 0) throw refusals.resentTooSoon(Math.ceil(wait / 1_000))
}

async function mustBeWithinCaps(
  scope: TenantScope,
  caller: Caller,
  invitation: InvitationRecord,
  settings: TenantSettings,
  now: Date,
): Promise<void> {
  const since = later(now, -DAY_MS)
  const refuse = (reason: 'recipientLimit' | 'inviterLimit', cap: number, times: Date[]) => {
    const oldest = times.at(-1)
    if (times.length < cap) return
    const wait = oldest ? oldest.getTime() + DAY_MS - now.getTime() : DAY_MS
    throw refusals.mailLimit(reason, cap, Math.max(1, Math.ceil(wait / 1_000)))
  }
  const perRecipient = settings.mailsPerRecipientAndDay
  refuse(
    'recipientLimit',
    perRecipient,
    await recentMails(scope, { recipient: invitation.addressFolded }, since, perRecipient),
  )
  const perInviter = inviterCapOf(caller, settings)
  if (perInviter === null) return
  refuse('inviterLimit', perInviter, await recentMails(scope, { inviterId: caller.objectId }, since, perInviter))
}

function inviterCapOf(caller: Caller, settings: TenantSettings): number | null {
  return caller.kind === 'user' ? settings.mailsPerInviterAndDay : settings.mailsPerApplicationAndDay
}

function actorOf(caller: Caller) {
  return { kind: caller.kind, id: caller.objectId, displayName: caller.displayName }
}

async function audit(
  needs: ManageNeeds,
  scope: TenantScope,
  caller: Caller,
  invitation: InvitationRecord,
  activityDisplayName: string,
  now: Date,
): Promise<void> {
  await recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: now,
    activityDisplayName,
    category: 'UserManagement',
    loggedByService: 'Invited Users',
    initiatedBy: actorOf(caller),
    targetId: invitation.userId,
    additionalDetails: { invitationId: invitation.id },
  })
}
