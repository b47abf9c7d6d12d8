import { sql } from 'drizzle-orm'
import {
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
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
    /** Where it was begun from, until somebody was signed in by it. */
    network: text(),
    purpose: jsonb().$type<FlowPurpose>().notNull(),
    home: jsonb().$type<FlowHome>().notNull(),
    /** Nonce, code verifier, request id: sealed, so that a copy of the database finishes no flow. */
    secretsSealed: bytea('secrets_sealed').notNull(),
    status: text().$type<'started' | 'answered' | 'finished'>().notNull(),
    /** What a home posted from another site, until the browser comes for it. */
    answer: text(),
    /** What it counts for of what may wait; 0 when it does no longer. */
    answerBytes: integer('answer_bytes').notNull().default(0),
    /** Where it was posted from and when, unless it led somewhere. */
    answerNetwork: text('answer_network'),
    answeredDateTime: instant('answered_date_time'),
    outcome: jsonb().$type<FlowOutcome>(),
    createdDateTime: instant('created_date_time').notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('sign_in_flows_ending').on(table.tenantId, table.expiresDateTime),
    index('sign_in_flows_of_network')
      .on(table.tenantId, table.network, table.createdDateTime)
      .where(sql`${table.network} is not null`),
    index('sign_in_flows_of_browser')
      .on(table.tenantId, table.browserHash, table.createdDateTime)
      .where(sql`${table.status} = 'started'`),
    index('sign_in_flows_unanswered').on(table.tenantId, table.expiresDateTime).where(sql`${table.status} = 'started'`),
    index('sign_in_flows_waiting')
      .on(table.tenantId, table.answerNetwork, table.answeredDateTime, table.answerBytes)
      .where(sql`${table.answerBytes} > 0`),
    index('sign_in_flows_answered')
      .on(table.tenantId, table.answerNetwork, table.answeredDateTime)
      .where(sql`${table.answerNetwork} is not null`),
  ],
)

/** A sign-in that an administrator tries at a provider: nobody is signed in by it. Gone after an hour. */
export const connectionTests = pgTable(
  'connection_tests',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    providerId: text('provider_id').notNull(),
    /** Hash of what its link holds. */
    linkHash: bytea('link_hash').notNull(),
    createdDateTime: instant('created_date_time').notNull(),
    /** Until then the link can be opened, once. */
    expiresDateTime: instant('expires_date_time').notNull(),
    openedDateTime: instant('opened_date_time'),
    /** What came of it, claims included: sealed, since it tells of a person. */
    resultSealed: bytea('result_sealed'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('connection_tests_link').on(table.tenantId, table.linkHash),
    index('connection_tests_old').on(table.tenantId, table.createdDateTime),
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
