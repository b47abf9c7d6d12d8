import { handleHash, newHandle, passcodeHash, SESSION_MS } from '../sign-in/index.js'
import type { Needs } from './needs.js'
import type { Due } from './situation.js'

/**
 * Checks the code that was mailed to the invited address and signs this browser in, in one round trip. `session` is the
 * new handle, and counts only when the outcome is `ok`; the old one, if any, has ended then.
 */
export async function proveMailbox(
  needs: Pick<Needs, 'redemptions' | 'keys'>,
  { tenant, link, browser, hashes, now, invitation }: Due,
  browserHash: Buffer,
  code: string,
  client: string,
) {
  const session = newHandle()
  const tried = await needs.redemptions.prove(tenant.id, {
    now,
    invitation: link.invitationId,
    user: invitation.userId,
    ticketVersion: link.ticketVersion,
    browser: browserHash,
    codeHash: passcodeHash(needs.keys, tenant.id, browserHash, link.invitationId, code),
    session: handleHash(needs.keys, browser, 'session', session),
    oldSession: hashes.session,
    ends: new Date(now.getTime() + SESSION_MS),
    client,
  })
  return { ...tried, session }
}
