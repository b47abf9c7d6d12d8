import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  foreignKey,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { JWK } from 'jose'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Graph: application together with its servicePrincipal in the same tenant. */
export const applications = pgTable(
  'applications',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    /** OAuth's `client_id`. */
    appId: uuid('app_id').notNull(),
    servicePrincipalId: uuid('service_principal_id').notNull(),
    displayName: text('display_name').notNull(),
    accountEnabled: boolean('account_enabled').notNull().default(true),
    /** Graph's names of the application permissions that are granted. */
    permissions: text().array().notNull().default(sql`'{}'`),
    /** Tokens minted before this instant are refused. Only ever raised. */
    tokensValidFrom: instant('tokens_valid_from'),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('applications_app_id').on(table.tenantId, table.appId),
    uniqueIndex('applications_service_principal').on(table.tenantId, table.servicePrincipalId),
  ],
)

/** Graph: passwordCredential and keyCredential. Of a secret only its HMAC and first three characters are kept. */
export const applicationCredentials = pgTable(
  'application_credentials',
  {
    tenantId: uuid('tenant_id').notNull(),
    applicationId: uuid('application_id').notNull(),
    keyId: uuid('key_id').notNull(),
    kind: text({ enum: ['secret', 'key'] }).notNull(),
    secretHmac: bytea('secret_hmac'),
    hint: text(),
    publicJwk: jsonb('public_jwk').$type<JWK>(),
    displayName: text('display_name'),
    startDateTime: instant('start_date_time').notNull(),
    endDateTime: instant('end_date_time'),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.applicationId, table.keyId] }),
    foreignKey({
      name: 'application_credentials_application',
      columns: [table.tenantId, table.applicationId],
      foreignColumns: [applications.tenantId, applications.id],
    }).onDelete('cascade'),
    check('application_credentials_kind', sql`kind in ('secret', 'key')`),
    check('application_credentials_secret', sql`(kind = 'secret') = (secret_hmac is not null and hint is not null)`),
    check('application_credentials_key', sql`(kind = 'key') = (public_jwk is not null)`),
    check('application_credentials_period', sql`end_date_time > start_date_time`),
  ],
)

export type Application = typeof applications.$inferSelect
export type Credential = typeof applicationCredentials.$inferSelect
