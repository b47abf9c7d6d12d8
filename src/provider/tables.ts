import { sql } from 'drizzle-orm'
import { customType, index, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'

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
    id: text().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    expiresAt: instant('expires_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.model, table.id] }),
    index('provider_state_expires_at').on(table.expiresAt),
  ],
)
