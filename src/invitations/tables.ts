import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { foldedText } from '../platform/columns.js'

const instant = (name: string) => timestamp(name, { withTimezone: true })

/** One line of an invitation's history, as stored. */
export type HistoryEntry = {
  event: string
  dateTime: string
  actor: { kind: string; id?: string; displayName?: string }
}

/** One invitation. Ids are version 7, so the primary key is also the order of creation that lists page by. */
export const invitations = pgTable(
  'invitations',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    userId: uuid('user_id').notNull(),
    invitedUserEmailAddress: text('invited_user_email_address').notNull(),
    addressFolded: foldedText('address_folded').notNull(),
    invitedUserDisplayName: text('invited_user_display_name'),
    invitedUserType: text('invited_user_type').notNull(),
    inviteRedirectUrl: text('invite_redirect_url').notNull(),
    sendInvitationMessage: boolean('send_invitation_message').notNull(),
    messageLanguage: text('message_language'),
    customizedMessageBody: text('customized_message_body'),
    ccName: text('cc_name'),
    ccAddress: text('cc_address'),
    contactUrl: text('contact_url'),
    resetRedemption: boolean('reset_redemption').notNull(),
    status: text().$type<'pending' | 'completed' | 'expired' | 'revoked' | 'error'>().notNull(),
    /** Part of what a ticket authenticates: raising it kills every link made before. */
    ticketVersion: integer('ticket_version').notNull().default(1),
    createdDateTime: instant('created_date_time').notNull(),
    expiresDateTime: instant('expires_date_time'),
    redeemedDateTime: instant('redeemed_date_time'),
    endedDateTime: instant('ended_date_time'),
    inviterKind: text('inviter_kind').$type<'user' | 'application'>().notNull(),
    inviterId: uuid('inviter_id').notNull(),
    inviterName: text('inviter_name').notNull(),
    inviterMail: text('inviter_mail'),
    sentCount: integer('sent_count').notNull().default(0),
    lastSentDateTime: instant('last_sent_date_time'),
    deliveryState: text('delivery_state'),
    deliveryReason: text('delivery_reason'),
    deliveryDateTime: instant('delivery_date_time'),
    history: jsonb().$type<HistoryEntry[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('invitations_of_user').on(table.tenantId, table.userId),
    index('invitations_by_address').on(table.tenantId, table.addressFolded, table.id),
    index('invitations_by_status').on(table.tenantId, table.status, table.id),
    index('invitations_lapsing').on(table.tenantId, table.expiresDateTime).where(sql`status = 'pending'`),
    check('invitations_status', sql`status in ('pending', 'completed', 'expired', 'revoked', 'error')`),
    check('invitations_redeemed', sql`(status = 'completed') = (redeemed_date_time is not null)`),
  ],
)

/** One mail about an invitation: what caps count and what delivery events refer to. Its id is the outbox row's. */
export const invitationMails = pgTable(
  'invitation_mails',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    invitationId: uuid('invitation_id').notNull(),
    recipientFolded: text('recipient_folded').notNull(),
    inviterId: uuid('inviter_id').notNull(),
    inviterKind: text('inviter_kind').notNull(),
    state: text().notNull(),
    stateDateTime: instant('state_date_time').notNull(),
    providerMessageId: text('provider_message_id'),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('invitation_mails_to').on(table.tenantId, table.recipientFolded, table.createdDateTime),
    index('invitation_mails_by_inviter').on(table.tenantId, table.inviterId, table.createdDateTime),
  ],
)

/** Addresses that want no invitation mail of this organization. */
export const mailBlocks = pgTable(
  'mail_blocks',
  {
    tenantId: uuid('tenant_id').notNull(),
    addressFolded: text('address_folded').notNull(),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.addressFolded] })],
)
