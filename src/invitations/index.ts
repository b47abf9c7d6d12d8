import type postgres from 'postgres'
import type { Statistics } from '../platform/statistics.js'
import { createRowWriter } from './create-store.js'

export type { CreateRow } from './create-store.js'
export { expireInvitations } from './expire-invitations.js'
export { invitationResource } from './invitation-resource.js'
export type { GuestChanges } from './invite-with-additions.js'
export { blockMails, findInvitedAddress, listBlocks, unblockMails } from './mail-blocks.js'
export { createMailStore, type MailStore } from './mail-store.js'
export { revokeInvitationsOf } from './manage-invitation.js'
export { purgeMails } from './purge-mails.js'
export { recordDeliveryEvents } from './record-delivery.js'
export { default as invitationRoutes } from './routes.js'
export { sendInvitationMail } from './send-invitation-mail.js'
export { hasOpenInvitation, isStillInvited } from './store.js'
export { blockUrl, isBlockKey, readTicket, redeemUrl, ticketVersion } from './ticket.js'
export { default as webhookRoutes } from './webhook-routes.js'

/** The writer that all requests of this process share, so that their rows can travel together. */
export function createInvitationWriter(sql: postgres.Sql, statistics: Pick<Statistics, 'wrote'>) {
  return createRowWriter(sql, statistics)
}
