import type { Decision } from '../kernel/decision.js'
import { type Instant, instantOf } from '../kernel/instant.js'
import { type Standing, standingOf } from '../kernel/standing.js'
import type { Home } from '../sign-in/index.js'
import type { InvitationView, View } from './store.js'

/** The page a link leads to now. */
export type Step =
  | { page: 'unknown' }
  | { page: 'revoked'; reason: 'revoked' | 'reset' }
  | { page: 'expired' }
  | { page: 'blocked'; reason: 'organization' | 'account' | 'ended' | 'domain' | 'identity' | 'noWay' }
  | { page: 'used' }
  | { page: 'wrongAccount' }
  | { page: 'start' }
  | { page: 'code' }
  /** Signed in, but the organization asks for more. */
  | { page: 'mfa' }
  | { page: 'consent' }
  /** Accepted before, and signed in: straight on to where the invitation points. */
  | { page: 'onward' }

export type Situation = View & {
  now: Instant
  organizationEnabled: boolean
  /** The version the presented ticket was made for. */
  ticketVersion: number
  /** The user the link names. */
  userId: string
  /** Whether the domain list still lets the invited address in; asked only of pending invitations. */
  mayRedeem: Decision
  /** Whether the session, if there is one, proves enough; false also while recovery codes wait to be kept. */
  provesEnough: boolean
  /** Where this guest may prove who they are (home realm discovery, or what they are known by). */
  homes: readonly Home[]
}

/**
 * What the guest sees next (design section 8). Pure, and the same for GET and POST: a POST does its work only when
 * this says that its step is due.
 */
export function nextStep(situation: Situation): Step {
  const { invitation, session, passcode, now } = situation
  if (!invitation || invitation.userId !== situation.userId) return { page: 'unknown' }
  if (situation.ticketVersion > invitation.ticketVersion) return { page: 'unknown' }
  if (situation.ticketVersion < invitation.ticketVersion) return { page: 'revoked', reason: 'reset' }
  if (!situation.organizationEnabled) return { page: 'blocked', reason: 'organization' }
  if (!invitation.guest) return { page: 'revoked', reason: 'revoked' }
  switch (invitation.status) {
    case 'revoked':
      return { page: 'revoked', reason: invitation.lastEvent === 'reset' ? 'reset' : 'revoked' }
    case 'expired':
      return { page: 'expired' }
    case 'error':
      return { page: 'unknown' }
    case 'pending':
    case 'completed':
  }
  const isPending = invitation.status === 'pending'
  if (isPending && invitation.expiresAt !== null && instantOf(invitation.expiresAt) <= now) return { page: 'expired' }
  // The address was taken off the guest since, a mistyped one say: whoever reads that mailbox is not the guest.
  if (isPending && !invitation.guest.addresses.includes(invitation.folded))
    return { page: 'revoked', reason: 'revoked' }
  const standing = guestStanding(invitation.guest, now)
  if (standing !== 'good') return { page: 'blocked', reason: standing === 'ended' ? 'ended' : 'account' }
  if (isPending && !situation.mayRedeem.allowed) return { page: 'blocked', reason: 'domain' }
  const takesPasscode = situation.homes.some(({ kind }) => kind === 'passcode')
  // What was proved here before a home spoke for the domain is no proof any more, until they are known by it.
  const isStale = session !== null && isNew(invitation.guest) && !stillCounts(session, situation.homes)
  if (!session || isStale) return wayIn(situation, takesPasscode && passcode?.live === true)
  const isGuest = session.userId === invitation.userId
  if (!isGuest && !isPending) return { page: 'used' }
  if (isPending && !(isGuest && session.folded === invitation.folded)) return { page: 'wrongAccount' }
  if (!situation.provesEnough) return { page: 'mfa' }
  return { page: isPending ? 'consent' : 'onward' }
}

/** Whether the way that somebody new signed in by is still one of theirs; what a home vouched for stays. */
function stillCounts({ method, issuer }: NonNullable<View['session']>, homes: readonly Home[]): boolean {
  if (isLocalMethod(method)) return homes.some(({ kind }) => kind === 'local')
  return issuer !== null || homes.some(({ kind }) => kind === 'passcode')
}

/** What an account at the organization itself is signed in to with. */
function isLocalMethod(method: string): boolean {
  return method === 'password' || method === 'fido2'
}

/** Whether who they are is still open: from their first redemption on it is not (design section 8.3). */
export function isNew(guest: NonNullable<NonNullable<View['invitation']>['guest']>): boolean {
  return guest.state !== 'Accepted'
}

function wayIn({ invitation, homes }: Situation, codeIsLive: boolean): Step {
  if (codeIsLive) return { page: 'code' }
  if (homes.length > 0) return { page: 'start' }
  // Accepted with another mailbox than this one: a code to it proves nobody (identities are issuer and subject).
  const isKnownElsewhere = invitation?.guest?.identities.some(({ issuer }) => issuer !== 'mail') ?? false
  return invitation?.status === 'completed' && !isKnownElsewhere
    ? { page: 'used' }
    : { page: 'blocked', reason: 'noWay' }
}

function guestStanding(guest: NonNullable<InvitationView['guest']>, now: Instant): Standing {
  const { accountEnabled, accessEndsAt } = guest
  return standingOf({ accountEnabled, accessEndsAt: accessEndsAt === null ? null : instantOf(accessEndsAt) }, now)
}
