import { facts, shortDateTime } from './text.js'

/** An invitation as the API answers it, as far as commands look at it. */
export type Invitation = {
  id: string
  status: string
  invitedUserEmailAddress: string
  invitedUserDisplayName?: string | null
  invitedUserType: string
  inviteRedirectUrl: string
  inviteRedeemUrl?: string
  invitedUser: { id: string }
  createdDateTime?: string
  expiresDateTime?: string | null
  redeemedDateTime?: string | null
  sentCount?: number
  delivery?: { state: string; reason: string | null } | null
  history?: { event: string; dateTime: string; actor: Record<string, { displayName?: string | null } | undefined> }[]
}

/** `sent`, `bounced: mailbox unknown`, or a dash when no mail was asked for. */
export function deliveryText({ delivery }: Pick<Invitation, 'delivery'>): string {
  if (!delivery) return '-'
  return delivery.reason ? `${delivery.state}: ${delivery.reason}` : delivery.state
}

/** An invitation for people, with its history. */
export function describe(invitation: Invitation): string {
  const history = invitation.history?.map(({ event, dateTime, actor }) => {
    const who = actor['user']?.displayName ?? actor['application']?.displayName
    return [shortDateTime(dateTime), who ? `${event} (${who})` : event] as const
  })
  return [
    `${facts([
      ['id', invitation.id],
      ['address', invitation.invitedUserEmailAddress],
      ['name', invitation.invitedUserDisplayName ?? undefined],
      ['type', invitation.invitedUserType],
      ['user', invitation.invitedUser.id],
      ['status', invitation.status],
      ['mail', deliveryText(invitation)],
      ['created', shortDateTime(invitation.createdDateTime)],
      ['expires', invitation.expiresDateTime === null ? 'never' : shortDateTime(invitation.expiresDateTime)],
      ['redeemed', invitation.redeemedDateTime ? shortDateTime(invitation.redeemedDateTime) : undefined],
      ['redirect', invitation.inviteRedirectUrl],
    ])}`,
    ...(history && history.length > 0 ? ['History\n', facts(history)] : []),
  ].join('')
}

/** How an invitation ended, as far as somebody who waits for it is concerned. */
export type Ending = 'accepted' | 'declined' | 'expired' | 'revoked' | 'bounced'

/** The ending of an invitation, or undefined while there is something to wait for. */
export function endingOf({ status, delivery, history = [] }: Invitation): Ending | undefined {
  if (status === 'Completed') return 'accepted'
  if (status === 'Expired') return 'expired'
  if (status === 'Revoked') return 'revoked'
  // Declining leaves the invitation pending, because the guest may think again; whoever waits has an answer.
  if (history.some(({ event }) => event === 'declined')) return 'declined'
  const isLost = delivery?.state === 'bounced' || delivery?.state === 'failed'
  return isLost || status === 'Error' ? 'bounced' : undefined
}
