import { sql } from 'drizzle-orm'
import { index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Every mail of a service that keeps its mail to itself. Outside row security: its pages show all tenants' mail. */
export const mailboxMessages = pgTable(
  'mailbox_messages',
  {
    /** The outbox row the mail came from, so that sending it twice shows it once. */
    id: uuid().primaryKey(),
    tenantId: uuid('tenant_id').notNull(),
    /** Bare addresses. */
    to: text().array().notNull(),
    cc: text().array().notNull(),
    /** With the name, as people read it. */
    from: text().notNull(),
    replyTo: text('reply_to'),
    subject: text().notNull(),
    html: text().notNull(),
    text: text().notNull(),
    headers: jsonb().$type<Record<string, string>>().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    // Ascending: read backwards it is newest first, in the order of nulls that a plain `desc` asks for.
    index('mailbox_messages_newest').on(table.createdAt, table.id),
    index('mailbox_messages_to').on(sql`lower(${table.to}[1])`),
  ],
)
