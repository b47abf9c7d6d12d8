import { customType, index, pgTable, primaryKey, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** A signed-in browser. Only the hash of the cookie is kept. */
export const sessions = pgTable(
  'sessions',
  {
    tenantId: uuid('tenant_id').notNull(),
    handleHash: bytea('handle_hash').notNull(),
    userId: uuid('user_id').notNull(),
    /** The address that was proved, folded. */
    addressFolded: text('address_folded').notNull(),
    address: text().notNull(),
    authenticationMethod: text('authentication_method').notNull(),
    /** Issuer and subject that a home told (objectIdentity); null after a passcode, which is an identity by itself. */
    identityIssuer: text('identity_issuer'),
    identitySubject: text('identity_subject'),
    createdDateTime: instant('created_date_time').notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.handleHash] }),
    index('sessions_of_user').on(table.tenantId, table.userId),
    index('sessions_ending').on(table.tenantId, table.expiresDateTime),
  ],
)

/** A passcode that was asked for. The code itself follows from the id and a key, and is kept nowhere. */
export const passcodes = pgTable(
  'passcodes',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    /** Hash of the cookie of the browser that asked. */
    browserHash: bytea('browser_hash').notNull(),
    /** What it opens: an invitation's id, or `blocks`. A code for one opens nothing else. */
    subject: text().notNull(),
    address: text().notNull(),
    addressFolded: text('address_folded').notNull(),
    language: text().notNull(),
    codeHash: bytea('code_hash').notNull(),
    clientAddress: text('client_address').notNull(),
    triesLeft: smallint('tries_left').notNull(),
    createdDateTime: instant('created_date_time').notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
    usedDateTime: instant('used_date_time'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('passcodes_of_browser').on(table.tenantId, table.browserHash, table.subject, table.id),
    index('passcodes_to').on(table.tenantId, table.addressFolded, table.createdDateTime),
    index('passcodes_from').on(table.tenantId, table.clientAddress, table.createdDateTime),
  ],
)
