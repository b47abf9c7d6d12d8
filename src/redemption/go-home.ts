import { parseEmailAddress } from '../kernel/email-address.js'
import { type Begun, beginFlow, type Elsewhere, flowLog } from '../sign-in/index.js'
import type { Needs } from './needs.js'
import type { Due } from './situation.js'

/** What a flow is told about the link it began at. */
export const PURPOSE = 'redemption'

/** Sends a guest to their home; they come back to the link. */
export function goHome(
  needs: Needs,
  due: Due,
  {
    goingOn,
    ...to
  }: {
    home: Elsewhere
    origin: string
    browserHash: Buffer
    client: string
    chooseAccount: boolean
    /** The sign-in to an application that accepting goes on with. */
    goingOn: string | undefined
  },
): Promise<Begun> {
  const { tenant, link, invitation } = due
  const address = parseEmailAddress(invitation.address)
  return beginFlow(needs, {
    ...to,
    tenant,
    address: address && { text: address.text, domain: address.domain },
    purpose: {
      kind: PURPOSE,
      invitationId: link.invitationId,
      userId: link.userId,
      ticketVersion: link.ticketVersion,
      address: invitation.address,
      ...flowLog({ correlationId: link.invitationId }),
      ...(goingOn !== undefined && { goingOn }),
    },
  })
}
