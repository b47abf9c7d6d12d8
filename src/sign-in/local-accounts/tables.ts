import { boolean, customType, index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Passwords of people with an account at the organization itself, one each. */
export const localPasswords = pgTable(
  'local_passwords',
  {
    tenantId: uuid('tenant_id').notNull(),
    userId: uuid('user_id').notNull(),
    /** scrypt's hash with what it was made with, sealed: a copy of the database has nothing to guess at. */
    hashSealed: bytea('hash_sealed').notNull(),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId] })],
)

/**
 * Tries of passwords, written down before they are looked at; a right one takes its row away again. Addresses nobody has
 * count like all others, so that a limit tells nothing.
 */
export const passwordTries = pgTable(
  'password_tries',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    addressFolded: text('address_folded').notNull(),
    /** The network it came from. */
    clientAddress: text('client_address').notNull(),
    createdDateTime: instant('created_date_time').notNull(),
    /** Whether a try beyond the limits was written to the log on account of this one. */
    isLimitNoted: boolean('is_limit_noted').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('password_tries_of').on(table.tenantId, table.addressFolded, table.createdDateTime),
    index('password_tries_from').on(table.tenantId, table.clientAddress, table.createdDateTime),
    index('password_tries_ending').on(table.tenantId, table.createdDateTime),
  ],
)
