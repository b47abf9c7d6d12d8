import { customType, index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { FlowHome, FlowOutcome, FlowPurpose } from './flow.js'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** A browser on its way to its home and back. Only the hash of what names it outside is kept. */
export const signInFlows = pgTable(
  'sign_in_flows',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** Hash of `state` (OpenID Connect) or `RelayState` (SAML). */
    id: bytea().notNull(),
    /** Hash of the cookie of the browser that started. */
    browserHash: bytea('browser_hash').notNull(),
    purpose: jsonb().$type<FlowPurpose>().notNull(),
    home: jsonb().$type<FlowHome>().notNull(),
    /** Nonce, code verifier, request id: sealed, so that a copy of the database finishes no flow. */
    secretsSealed: bytea('secrets_sealed').notNull(),
    status: text().$type<'started' | 'answered' | 'finished'>().notNull(),
    /** What a home posted from another site, until the browser comes for it. */
    answer: text(),
    outcome: jsonb().$type<FlowOutcome>(),
    createdDateTime: instant('created_date_time').notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('sign_in_flows_ending').on(table.tenantId, table.expiresDateTime),
  ],
)

/** Assertions that were used, until they end by themselves: none counts twice. */
export const usedAssertions = pgTable(
  'used_assertions',
  {
    tenantId: uuid('tenant_id').notNull(),
    issuer: text().notNull(),
    assertionId: text('assertion_id').notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.issuer, table.assertionId] }),
    index('used_assertions_ending').on(table.tenantId, table.expiresDateTime),
  ],
)

/** What signs the organization's SAML requests, with the certificate that partners know it by. */
export const samlKeys = pgTable(
  'saml_keys',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    privateKeySealed: bytea('private_key_sealed').notNull(),
    /** PEM. */
    certificate: text().notNull(),
    createdDateTime: instant('created_date_time').notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
)
