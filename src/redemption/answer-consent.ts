import { handleHash, newHandle, SESSION_MS } from '../sign-in/index.js'
import type { Needs } from './needs.js'
import { hashesOf, hasInvitation, type KnownInvitation, lookUp } from './situation.js'
import { decline } from './store.js'

/** How often acceptance is decided again because a policy changed between deciding and writing. */
const MOST_DECISIONS = 5

export type Acceptance =
  /** The guest is in; `session` is the handle that counts from now on. */
  | { outcome: 'accepted'; session: string; redirectUrl: string }
  /** Another step is due, `known` says which: somebody was faster, or a rule changed. */
  | { outcome: 'notDue'; known: KnownInvitation }
  | { outcome: 'gone' }

/** Accepts the invitation for the signed-in guest: decides, writes if nothing changed meanwhile, else decides again. */
export async function acceptInvitation(needs: Needs, first: KnownInvitation): Promise<Acceptance> {
  let known = first
  for (let decisions = 1; ; decisions++) {
    const { tenant, browser, situation, link } = known
    const { session } = hashesOf(needs, browser)
    if (known.step.page !== 'consent' || !session) return { outcome: 'notDue', known }
    const newSession = newHandle()
    const { outcome } = await needs.redemptions.accept(tenant.id, {
      now: situation.now,
      version: tenant.version,
      invitation: link.invitationId,
      user: situation.invitation.userId,
      ticketVersion: link.ticketVersion,
      session,
      newSession: handleHash(needs.keys, browser, 'session', newSession),
      ends: new Date(situation.now.getTime() + SESSION_MS),
      auditIds: [needs.newId(), needs.newId()],
    })
    if (outcome === 'accepted') return { outcome, session: newSession, redirectUrl: situation.invitation.redirectUrl }
    if (outcome === 'stale') needs.tenants.forget(tenant.id)
    const found = await lookUp(needs, link, browser)
    if (!hasInvitation(found)) return { outcome: 'gone' }
    known = found
    if (outcome !== 'stale' || decisions >= MOST_DECISIONS) return { outcome: 'notDue', known }
  }
}

/** Records the "no", which leaves invitation and guest as they are. False: declining was not due any more. */
export async function declineInvitation(
  needs: Pick<Needs, 'database' | 'keys' | 'newId'>,
  { tenant, browser, situation, link }: KnownInvitation,
): Promise<boolean> {
  const { session } = hashesOf(needs, browser)
  if (!session) return false
  const { outcome } = await decline(needs.database.sql, tenant.id, situation.now, {
    invitationId: link.invitationId,
    session,
    auditId: needs.newId(),
  })
  return outcome === 'declined'
}
