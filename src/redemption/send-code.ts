import { type PasscodeWish, passcodeRequest } from '../sign-in/index.js'
import type { Needs } from './needs.js'
import type { Due } from './situation.js'

/** Has a code mailed to the invited address if the invitation takes one and no limit forbids it now, in one round trip. */
export async function sendCode(
  needs: Pick<Needs, 'redemptions' | 'keys' | 'newId' | 'signal'>,
  { tenant, link, now, invitation }: Due,
  browser: Buffer,
  wish: Pick<PasscodeWish, 'language' | 'client'>,
) {
  const flow = { tenantId: tenant.id, browser, subject: invitation.id, now }
  const { address, folded, userId } = invitation
  const outcome = await needs.redemptions.send(tenant.id, {
    ...passcodeRequest(needs, flow, { ...wish, address, folded }),
    user: userId,
    ticketVersion: link.ticketVersion,
  })
  if (outcome.outcome === 'sent') needs.signal.raise('passcode.mail')
  return outcome
}
