import type { Static } from '@sinclair/typebox'
import type { Instant } from '../kernel/instant.js'
import type { Delivery, InvitationItem } from './schema.js'
import type { InvitationRecord } from './store.js'
import type { HistoryEntry } from './tables.js'

/** The status that holds at `now`: validity never waits for the job that writes it down. */
export function statusAt(record: Pick<InvitationRecord, 'status' | 'expiresDateTime'>, now: Instant): string {
  const lapsed = record.status === 'pending' && record.expiresDateTime !== null && record.expiresDateTime <= now
  switch (lapsed ? 'expired' : record.status) {
    case 'pending':
      return 'PendingAcceptance'
    case 'completed':
      return 'Completed'
    case 'expired':
      return 'Expired'
    case 'revoked':
      return 'Revoked'
    case 'error':
      return 'Error'
  }
}

/** What Graph answers of an invitation, field by field; the redeem link is added only for who made it. */
export function graphResource(record: InvitationRecord, now: Instant): InvitationItem {
  return {
    id: record.id,
    invitedUserDisplayName: record.invitedUserDisplayName,
    invitedUserEmailAddress: record.invitedUserEmailAddress,
    invitedUserType: record.invitedUserType,
    inviteRedirectUrl: record.inviteRedirectUrl,
    sendInvitationMessage: record.sendInvitationMessage,
    resetRedemption: record.resetRedemption,
    status: statusAt(record, now),
    invitedUserMessageInfo: messageInfoOf(record),
    invitedUser: { id: record.userId },
  }
}

export function messageInfoOf(record: InvitationRecord): InvitationItem['invitedUserMessageInfo'] {
  return {
    messageLanguage: record.messageLanguage,
    customizedMessageBody: record.customizedMessageBody,
    // Graph answers one empty recipient when there is none, and its clients' tests copy that.
    ccRecipients: [{ emailAddress: { name: record.ccName, address: record.ccAddress } }],
  }
}

/** What happened to an invitation, oldest first, in Graph's words for who did it. */
export function historyOf(record: InvitationRecord): NonNullable<InvitationItem['history']> {
  return record.history.map((entry) => ({
    event: entry.event,
    dateTime: new Date(entry.dateTime).toISOString(),
    actor: actorOf(entry.actor),
  }))
}

/** Null when no mail was ever asked for. */
export function deliveryOf(record: InvitationRecord): Static<typeof Delivery> | null {
  if (record.deliveryState === null) return null
  return {
    state: record.deliveryState,
    reason: record.deliveryReason,
    dateTime: record.deliveryDateTime?.toISOString() ?? null,
  }
}

/** Graph: identitySet. The service itself is an application without an id. */
function actorOf(actor: HistoryEntry['actor']) {
  const identity = { id: actor.id ?? null, displayName: actor.displayName ?? null }
  if (actor.kind === 'user') return { user: identity }
  return { application: actor.kind === 'service' ? { id: null, displayName: 'Vestibule' } : identity }
}
