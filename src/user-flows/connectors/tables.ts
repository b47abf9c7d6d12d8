import { boolean, customType, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Authentication } from './rules.js'
import type { ShownExchange } from './shown-exchange.js'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** An API of the organization's own that sign-ups ask (Graph: identityApiConnector), and how it has answered of late. */
export const apiConnectors = pgTable(
  'api_connectors',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    displayName: text('display_name').notNull(),
    targetUrl: text('target_url').notNull(),
    /** How we say who calls, without its secret. */
    authentication: jsonb().$type<Authentication>().notNull(),
    /** The secret of it, sealed with the connector's id; null when it has certificates instead. */
    secretSealed: bytea('secret_sealed'),
    /** Visitors pass when the connector fails. */
    isFailOpen: boolean('is_fail_open').notNull().default(false),
    createdDateTime: instant('created_date_time').notNull(),
    /** Calls in a row that found nobody there (`rules.ts`). */
    failures: integer().notNull().default(0),
    lastFailureDateTime: instant('last_failure_date_time'),
    lastFailureReason: text('last_failure_reason'),
    /** Nobody is sent to the connector before this. Null: it is asked as usual. */
    openUntil: instant('open_until'),
    /** How often the circuit opened since the connector last answered: each time for longer. */
    openings: integer().notNull().default(0),
    /** Until when the one call that looks whether it is back has time. */
    probeUntil: instant('probe_until'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
)

/** Client certificates of a connector with their keys, sealed. */
export const connectorCertificates = pgTable(
  'api_connector_certificates',
  {
    tenantId: uuid('tenant_id').notNull(),
    connectorId: uuid('connector_id').notNull(),
    /** Younger ids were uploaded later. */
    id: uuid().notNull(),
    /** SHA-1 in hexadecimal, as Graph has it. */
    thumbprint: text().notNull(),
    notBefore: instant('not_before').notNull(),
    notAfter: instant('not_after').notNull(),
    /** The file as it was uploaded and its password, sealed with the connector's id. */
    pkcs12Sealed: bytea('pkcs12_sealed').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.connectorId, table.id] })],
)

/** What was asked of a connector and what it said, without anybody's values. The last 100 of each. */
export const connectorExchanges = pgTable(
  'api_connector_exchanges',
  {
    tenantId: uuid('tenant_id').notNull(),
    connectorId: uuid('connector_id').notNull(),
    id: uuid().notNull(),
    exchange: jsonb().$type<ShownExchange>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.connectorId, table.id] })],
)

export type Connector = typeof apiConnectors.$inferSelect
export type Certificate = typeof connectorCertificates.$inferSelect
