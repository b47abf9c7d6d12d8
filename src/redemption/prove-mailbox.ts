import { handleHash, newHandle, passcodeHash, SESSION_MS, type TryOutcome } from '../sign-in/index.js'
import type { Needs } from './needs.js'
import { hashesOf, type KnownInvitation } from './situation.js'

/**
 * Checks the code that was mailed to the invited address and signs this browser in, in one round trip. `session` is the
 * new handle, and counts only when the outcome is `ok`; the old one, if any, has ended then.
 */
export async function proveMailbox(
  needs: Pick<Needs, 'redemptions' | 'keys'>,
  { tenant, browser, situation, link }: KnownInvitation,
  browserHash: Buffer,
  code: string,
): Promise<TryOutcome & { session: string }> {
  const session = newHandle()
  const tried = await needs.redemptions.prove(tenant.id, {
    now: situation.now,
    invitation: link.invitationId,
    user: situation.invitation.userId,
    browser: browserHash,
    codeHash: passcodeHash(needs.keys, tenant.id, browserHash, link.invitationId, code),
    session: handleHash(needs.keys, browser, 'session', session),
    oldSession: hashesOf(needs, browser).session,
    ends: new Date(situation.now.getTime() + SESSION_MS),
  })
  return { ...tried, session }
}
