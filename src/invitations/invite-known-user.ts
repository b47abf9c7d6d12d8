import {
  deleteIdentities,
  findHolderOfAddress,
  isExternal,
  lockUser,
  otherMailsOf,
  readDirectoryRoles,
  readOtherMails,
  replaceOtherMails,
  type UserRow,
  updateUser,
} from '../directory/index.js'
import type { Caller } from '../graph/caller.js'
import { parseEmailAddress } from '../kernel/email-address.js'
import type { TenantScope } from '../platform/database.js'
import { mayChangeSignIn, ROLES } from '../policies/index.js'
import { isCurrentVersion, type Tenant } from '../tenants/index.js'
import type { CreateOutcome, InvitationRow, Inviter } from './create-store.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { createWithin, endPending, lockInviter, raiseTicketVersions } from './store.js'
import type { Wish } from './wish.js'

/**
 * Invites a user named by `invitedUser.id`: resets a guest's redemption, turns an internal user into an external one,
 * or invites a guest again (Graph: invitation-post; spec: redemption reset). One transaction; id, user principal name,
 * groups and assignments stay.
 * @throws Refusal when the user is unknown, privileged, or the address is not theirs.
 */
export function inviteKnownUser(
  needs: Pick<Needs, 'database' | 'clock' | 'onRedemptionReset'>,
  caller: Caller,
  tenant: Tenant,
  wish: Wish,
  inviter: Inviter,
  row: InvitationRow,
): Promise<CreateOutcome> {
  return createdOrNothing(needs, tenant.id, (scope) =>
    inviteKnownUserWithin(needs, scope, caller, tenant, wish, inviter, row),
  )
}

/** Runs `create` in a transaction of its own, of which nothing stays unless an invitation was made. */
export async function createdOrNothing(
  needs: Pick<Needs, 'database'>,
  tenantId: string,
  create: (scope: TenantScope) => Promise<CreateOutcome>,
): Promise<CreateOutcome> {
  try {
    return await needs.database.withTenant(tenantId, async (scope) => {
      const outcome = await create(scope)
      if (outcome.outcome !== 'created') throw new RolledBack(outcome)
      return outcome
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.outcome
    throw error
  }
}

/** Nothing may stay of a change to a user whose invitation was not made: an outdated policy, a replayed request. */
class RolledBack extends Error {
  readonly outcome: CreateOutcome
  constructor(outcome: CreateOutcome) {
    super(`not created: ${outcome.outcome}`)
    this.outcome = outcome
  }
}

/** The same inside a transaction of the caller's. */
export async function inviteKnownUserWithin(
  needs: Pick<Needs, 'clock' | 'onRedemptionReset'>,
  scope: TenantScope,
  caller: Caller,
  tenant: Tenant,
  wish: Wish,
  inviter: Inviter,
  row: InvitationRow,
): Promise<CreateOutcome> {
  const now = needs.clock()
  // In the order in which every invitation takes its locks: version, inviter, guest.
  if (!(await isCurrentVersion(scope.orm, tenant.id, tenant.version))) return { outcome: 'stale' }
  if (inviter.inviterCap !== undefined) await lockInviter(scope, inviter.id)
  const user = await lockUser(scope, row.userId)
  if (!user) throw refusals.userNotFound(row.userId)
  const isGuest = isExternal(user)
  const known: InvitationRow = { ...row, userType: user.userType === 'Member' ? 'Member' : 'Guest' }
  if (wish.isReset) {
    if (!isGuest) throw refusals.resetOfInternalUser()
    await reset(scope, caller, user, wish, now)
    for (const reaction of needs.onRedemptionReset) await reaction(scope, user.id)
  } else if (!isGuest) {
    await convert(scope, caller, user, wish, now)
  } else if (!(await holdsAddress(scope, user, wish))) {
    throw refusals.resetAddressUnknown()
  }
  const outcome = await createWithin(scope, tenant.version, now, inviter, known, {
    isReset: wish.isReset,
    isConversion: !wish.isReset && !isGuest,
  })
  if (!outcome) throw new Error('creating an invitation answered nothing')
  return outcome.outcome === 'created' ? { ...outcome, userType: known.userType } : outcome
}

async function reset(scope: TenantScope, caller: Caller, user: UserRow, wish: Wish, now: Date): Promise<void> {
  await mustNotBePrivileged(scope, caller, user)
  if (!(await holdsAddress(scope, user, wish))) throw refusals.resetAddressUnknown()
  const holder = await findHolderOfAddress(scope, wish.address.folded, user.id)
  if (holder) throw refusals.addressTaken(holder.id)

  const others = [...new Set([...otherMailsOf(user), ...(user.mail ? [user.mail] : []), wish.address.text])]
  await updateUser(scope, user.id, {
    mail: wish.address.text,
    mailFolded: wish.address.folded,
    externalUserState: 'PendingAcceptance',
    externalUserStateChangeDateTime: now,
    // Whoever signed in with the old identity is out at once.
    signInSessionsValidFromDateTime: now,
  })
  await replaceOtherMails(
    scope,
    user.id,
    others.map((text) => ({ text, folded: parseEmailAddress(text)?.folded ?? text.toLowerCase() })),
  )
  await deleteIdentities(scope, user.id)
  const actor = { kind: caller.kind, id: caller.objectId, displayName: caller.displayName }
  // It locks them all, so it comes first.
  await raiseTicketVersions(scope, user.id)
  await endPending(scope, user.id, { status: 'revoked', event: 'reset', now, actor })
}

async function convert(scope: TenantScope, caller: Caller, user: UserRow, wish: Wish, now: Date): Promise<void> {
  if (!mayChangeSignIn(caller)) throw refusals.conversionNeedsAdministrator()
  await mustNotBePrivileged(scope, caller, user)
  if (user.mailFolded !== wish.address.folded) throw refusals.conversionNeedsMail()
  await updateUser(scope, user.id, {
    externalUserState: 'PendingAcceptance',
    externalUserStateChangeDateTime: now,
  })
}

async function mustNotBePrivileged(scope: TenantScope, caller: Caller, user: UserRow): Promise<void> {
  if (caller.directoryRoles.has(ROLES.globalAdministrator)) return
  const roles = await readDirectoryRoles(scope, user.id)
  if (roles.size > 0) throw refusals.privilegedTarget()
}

/** Graph: a new address must first be in the user's `mail` or `otherMails`. */
async function holdsAddress(scope: TenantScope, user: UserRow, { address }: Wish): Promise<boolean> {
  return user.mailFolded === address.folded || (await readOtherMails(scope, user.id)).includes(address.folded)
}
