import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { errorCodeSql } from './outcomes.js'

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
    /** `NOBODY` when what was proved is nobody's here. */
    userId: uuid('user_id').notNull(),
    /** What was proved or was to be: an address, or what the provider calls the person. */
    identifier: text().notNull(),
    /** Who vouches: `mail` for a mailbox, `vestibule` for a second step, else the id of a provider or organization. */
    provider: text().notNull(),
    /** `emailOneTimePasscode`, `federated`, … as sessions have it; `refreshToken` where nobody was asked. */
    method: text().notNull(),
    outcome: text().notNull(),
    /** Follows from the outcome, so that failures are found. */
    errorCode: integer('error_code')
      .notNull()
      .generatedAlwaysAs(sql.raw(errorCodeSql('outcome'))),
    clientAddress: text('client_address'),
    /** What it was for: the invitation, or the request of an application. */
    correlationId: uuid('correlation_id'),
    /** The application that asked (`appId`), as it was called then; null for Vestibule's own pages. */
    applicationId: uuid('application_id'),
    applicationName: text('application_name'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('sign_ins_of_user').on(table.tenantId, table.userId, table.id),
    // Neither costs the ordinary line of a redemption anything.
    index('sign_ins_of_application')
      .on(table.tenantId, table.applicationId, table.id)
      .where(sql`${table.applicationId} is not null`),
    // Of refreshes, to have few of them.
    index('sign_ins_refreshed')
      .on(table.tenantId, table.userId, table.createdDateTime)
      .where(sql`${table.method} = 'refreshToken'`),
    index('sign_ins_failed').on(table.tenantId, table.errorCode, table.id).where(sql`${table.errorCode} <> 0`),
  ],
)

/** Stands for whoever is nobody here, as in Entra's log. */
export const NOBODY = '00000000-0000-0000-0000-000000000000'
