import { sql } from 'drizzle-orm'
import {
  customType,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Keys that sign a tenant's tokens. Outside row security. A private key leaves the process only sealed. */
export const signingKeys = pgTable(
  'signing_keys',
  {
    tenantId: uuid('tenant_id').notNull(),
    kid: text().notNull(),
    /** The private JWK as JSON; the public half is derived from it, never read from somewhere less guarded. */
    privateKeySealed: bytea('private_key_sealed').notNull(),
    createdAt: instant('created_at').notNull(),
    /** Since then it signs nothing; what it signed is accepted a while longer. */
    retiredAt: instant('retired_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.kid] }),
    uniqueIndex('signing_keys_active').on(table.tenantId).where(sql`retired_at is null`),
  ],
)

/** What the OAuth provider must remember between requests, such as assertions it has seen. Outside row security. */
export const providerState = pgTable(
  'provider_state',
  {
    tenantId: uuid('tenant_id').notNull(),
    model: text().notNull(),
    /** Of a token, its hash: see `storedId`. */
    id: text().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    expiresAt: instant('expires_at'),
    /** The grant it came from: what goes when that is misused. */
    grantId: text('grant_id'),
    /** What a person types on the page of the device code flow. */
    userCode: text('user_code'),
    /** By which a session is found beside its id. */
    uid: text(),
    /** Where it was begun from, if anybody may begin it: an interaction, a device's code. */
    network: text(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.model, table.id] }),
    index('provider_state_expires_at').on(table.expiresAt),
    index('provider_state_grant').on(table.tenantId, table.grantId).where(sql`grant_id is not null`),
    index('provider_state_user_code').on(table.tenantId, table.userCode).where(sql`user_code is not null`),
    index('provider_state_begun')
      .on(table.tenantId, table.network, table.expiresAt, table.id)
      .where(sql`network is not null`),
    index('provider_state_uid').on(table.tenantId, table.uid).where(sql`uid is not null`),
  ],
)

/** Graph: oAuth2PermissionGrant. What an application may do at Microsoft Graph for people who sign in to it. */
export const permissionGrants = pgTable(
  'permission_grants',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    /** Object id of the application's service principal. */
    clientId: uuid('client_id').notNull(),
    /** Null: for everybody. */
    principalId: uuid('principal_id'),
    /** Names of delegated permissions. */
    scopes: text().array().notNull(),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    unique('permission_grants_once').on(table.tenantId, table.clientId, table.principalId).nullsNotDistinct(),
  ],
)

/** Applications that somebody is signed in to and that want to be told when that ends, as they know it. */
export const relyingPartySessions = pgTable(
  'relying_party_sessions',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    userId: uuid('user_id').notNull(),
    /** `client_id` of the application. */
    clientId: uuid('client_id').notNull(),
    sid: text().notNull(),
    /** Of the browser session it came from. */
    sessionUid: text('session_uid').notNull(),
    issuer: text().notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
    /** Since then its end waits to be told. */
    endedDateTime: instant('ended_date_time'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('relying_party_sessions_sid').on(table.tenantId, table.clientId, table.sid),
    index('relying_party_sessions_of_user').on(table.tenantId, table.userId),
    index('relying_party_sessions_of_session').on(table.tenantId, table.sessionUid),
  ],
)
