import { sql } from 'drizzle-orm'
import {
  check,
  customType,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { AuditActor } from '../../audit/index.js'
import { foldedText } from '../../platform/columns.js'
import type { Visitor } from '../words.js'
import type { Answer, State } from './rules.js'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Sign-ups that wait for somebody's yes, and what became of them. */
export const signUpRequests = pgTable(
  'sign_up_requests',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    /** Graph's id of the flow: a request outlives the flow it came by. */
    flowId: text('flow_id').notNull(),
    state: text().$type<State>().notNull(),
    email: text().notNull(),
    emailFolded: foldedText('email_folded').notNull(),
    displayName: text('display_name'),
    issuer: text().notNull(),
    issuerAssignedId: text('issuer_assigned_id').notNull(),
    /** What the flow asked and what was answered, in the flow's own words of that moment. */
    answers: jsonb().$type<Answer[]>().notNull(),
    /** What the guest is made of. */
    visitor: jsonb().$type<Visitor>().notNull(),
    /** The browser that proved the identity last: it may look without a code. */
    browserHash: bytea('browser_hash'),
    createdDateTime: instant('created_date_time').notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
    decidedDateTime: instant('decided_date_time'),
    decidedBy: jsonb('decided_by').$type<AuditActor>(),
    reason: text(),
    /** The guest that approving made. */
    userId: uuid('user_id'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    // One at a time of a person in a flow; after a no there is none until an administrator deletes it.
    uniqueIndex('sign_up_requests_open')
      .on(table.tenantId, table.flowId, table.issuer, table.issuerAssignedId)
      .where(sql`state in ('pending', 'denied')`),
    index('sign_up_requests_of_flow').on(table.tenantId, table.flowId, table.id),
    index('sign_up_requests_waiting').on(table.tenantId, table.flowId, table.id).where(sql`state = 'pending'`),
    // Asked by browsers that nobody knows: without it they would have every request of a flow read.
    index('sign_up_requests_of_browser').on(table.tenantId, table.browserHash, table.id),
    index('sign_up_requests_of_mailbox').on(table.tenantId, table.emailFolded, table.id),
    index('sign_up_requests_due').on(table.tenantId, table.expiresDateTime).where(sql`state = 'pending'`),
    index('sign_up_requests_settled')
      .on(table.tenantId, table.decidedDateTime)
      .where(sql`state in ('approved', 'lapsed')`),
    check('sign_up_requests_state', sql`state in ('pending', 'approved', 'denied', 'lapsed')`),
    check('sign_up_requests_is_decided', sql`(state = 'pending') = (decided_date_time is null)`),
    check('sign_up_requests_has_guest', sql`(state = 'approved') = (user_id is not null)`),
  ],
)

/** Mails about requests; each is an outbox row of the same id. */
export const signUpMails = pgTable(
  'sign_up_mails',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    requestId: uuid('request_id').notNull(),
    /** The approver who is asked; null: the visitor is told what became of it. */
    approverId: uuid('approver_id'),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('sign_up_mails_to')
      .on(table.tenantId, table.approverId, table.createdDateTime)
      .where(sql`approver_id is not null`),
    index('sign_up_mails_about').on(table.tenantId, table.requestId),
  ],
)

export type RequestRow = typeof signUpRequests.$inferSelect
export type MailRow = typeof signUpMails.$inferSelect
