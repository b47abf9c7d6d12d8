import { handleHash, newHandle, passcodeHash, SESSION_MS, type TryOutcome } from '../sign-in/index.js'
import type { Needs } from './needs.js'
import { hashesOf, type KnownInvitation } from './situation.js'
import { prove } from './store.js'

/**
 * Checks the code that was mailed to the invited address and signs this browser in, in one round trip. `session` is the
 * new handle, and counts only when the outcome is `ok`; the old one, if any, has ended then.
 */
export async function proveMailbox(
  needs: Pick<Needs, 'database' | 'keys'>,
  { tenant, browser, situation, link }: KnownInvitation,
  browserHash: Buffer,
  code: string,
): Promise<TryOutcome & { session: string }> {
  const session = newHandle()
  const tried = await prove(needs.database.sql, tenant.id, situation.now, {
    invitationId: link.invitationId,
    userId: situation.invitation.userId,
    browser: browserHash,
    codeHash: passcodeHash(needs.keys, tenant.id, browserHash, link.invitationId, code),
    session: handleHash(needs.keys, browser, 'session', session),
    oldSession: hashesOf(needs, browser).session,
    sessionEnds: new Date(situation.now.getTime() + SESSION_MS),
  })
  return { ...tried, session }
}
