import { index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/**
 * Graph: signIn. A row for each try that proved somebody's identity or failed to. Ids are version 7: the primary key is
 * the order of time.
 */
export const signIns = pgTable(
  'sign_ins',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    createdDateTime: timestamp('created_date_time', { withTimezone: true }).notNull(),
    userId: uuid('user_id').notNull(),
    /** What was proved or was to be: an address, or what the provider calls the person. */
    identifier: text().notNull(),
    /** Who vouches: `mail` for a mailbox, else the id of an identity provider. */
    provider: text().notNull(),
    /** `emailOneTimePasscode`, `federated`, … as sessions have it. */
    method: text().notNull(),
    outcome: text().notNull(),
    clientAddress: text('client_address'),
    /** What it was for: the invitation, or the request of an application. */
    correlationId: uuid('correlation_id'),
    /** The application that asked; null for Vestibule's own pages. */
    applicationId: uuid('application_id'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('sign_ins_of_user').on(table.tenantId, table.userId, table.id),
  ],
)
