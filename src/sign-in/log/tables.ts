import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { errorCodeSql } from './outcomes.js'

/** Whether a person was there (`i`) or not (`n`), as SQL (Graph: signInEventTypes). */
export const EVENT_KIND = sql.raw("(case when method = 'refreshToken' then 'n' else 'i' end)")

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
    // Lists are of what people were there for, or of what they were not.
    index('sign_ins_of_kind').on(table.tenantId, EVENT_KIND, table.id),
    // Of refreshes, to have few of them.
    index('sign_ins_refreshed')
      .on(table.tenantId, table.userId, table.createdDateTime)
      .where(sql`${table.method} = 'refreshToken'`),
    // Named anew whenever its column is, which happens with a new outcome: the index goes with the column.
    index('sign_ins_by_error').on(table.tenantId, table.errorCode, table.id).where(sql`${table.errorCode} <> 0`),
  ],
)

/**
 * When applications last tried to refresh tokens of somebody, and last did (Graph: signInActivity). Kept beside the lines,
 * which go after their days; written with a line, so a refresh that is none within its five minutes is not told here either.
 */
export const lastRefreshes = pgTable(
  'last_refreshes',
  {
    tenantId: uuid('tenant_id').notNull(),
    userId: uuid('user_id').notNull(),
    lastDateTime: timestamp('last_date_time', { withTimezone: true }).notNull(),
    /** The line that told of it. */
    lastLineId: uuid('last_line_id').notNull(),
    /** Null: it never came to a token. */
    succeededDateTime: timestamp('succeeded_date_time', { withTimezone: true }),
    succeededLineId: uuid('succeeded_line_id'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.userId] }),
    index('last_refreshes_last').on(table.tenantId, table.lastDateTime, table.userId),
    index('last_refreshes_succeeded').on(table.tenantId, table.succeededDateTime, table.userId),
  ],
)

/** Stands for whoever is nobody here, as in Entra's log. */
export const NOBODY = '00000000-0000-0000-0000-000000000000'
