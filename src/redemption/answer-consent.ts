import { handleHash, newHandle, takesLocal, takesPasscode } from '../sign-in/index.js'
import type { Needs } from './needs.js'
import { type Due, dueOf, hasInvitation, type KnownInvitation, lookUp } from './situation.js'
import { decline } from './store.js'

/** How often acceptance is decided again because a policy changed between deciding and writing. */
const MOST_DECISIONS = 5

/** The stored form of no handle at all. */
const NO_SESSION = Buffer.alloc(0)

export type Acceptance =
  /** The guest is in; `session` is the handle that counts from now on. */
  | { outcome: 'accepted'; session: string; redirectUrl: string }
  /** Another step is due, `known` says which: somebody was faster, or a rule changed. */
  | { outcome: 'notDue'; known: KnownInvitation }
  | { outcome: 'gone' }
  /** Another present user is known by this identity; audit trail and history say so. */
  | { outcome: 'identityTaken'; known: KnownInvitation }

/** Accepts the invitation for the signed-in guest: decides, writes if nothing changed meanwhile, else decides again. */
export async function acceptInvitation(needs: Needs, first: Due): Promise<Acceptance> {
  let due = first
  for (let decisions = 1; ; decisions++) {
    const { tenant, demand, browser, hashes, now, link, invitation, homes } = due
    const newSession = newHandle()
    const outcome = await needs.redemptions.accept(tenant.id, {
      now,
      version: tenant.version,
      invitation: link.invitationId,
      user: invitation.userId,
      ticketVersion: link.ticketVersion,
      session: hashes.session ?? NO_SESSION,
      newSession: handleHash(needs.keys, browser, 'session', newSession),
      auditIds: [needs.newId(), needs.newId()],
      demand,
      takesPasscode: takesPasscode(homes),
      takesLocal: takesLocal(homes),
    })
    needs.changed(tenant.id)
    if (outcome === 'accepted') return { outcome, session: newSession, redirectUrl: invitation.redirectUrl }
    if (outcome === 'stale') needs.tenants.forget(tenant.id)
    const known = await lookUp(needs, link, browser)
    if (!hasInvitation(known)) return { outcome: 'gone' }
    if (outcome === 'identityTaken') return { outcome, known }
    if (outcome !== 'stale' || decisions >= MOST_DECISIONS || known.step.page !== 'consent')
      return { outcome: 'notDue', known }
    due = dueOf(known)
  }
}

/** Records the "no", which leaves invitation and guest as they are. False: declining was not due any more. */
export async function declineInvitation(
  needs: Pick<Needs, 'database' | 'newId' | 'changed'>,
  { tenant, hashes: { session }, now, link }: Due,
): Promise<boolean> {
  if (!session) return false
  const outcome = await decline(needs.database.sql, tenant.id, now, {
    invitationId: link.invitationId,
    session,
    auditId: needs.newId(),
  })
  needs.changed(tenant.id)
  return outcome === 'declined'
}
