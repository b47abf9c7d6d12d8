import { sql } from 'drizzle-orm'
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
    /** How the first step was taken: `emailOneTimePasscode`, or what the home provider is. */
    authenticationMethod: text('authentication_method').notNull(),
    /** What was proved to us, in the names of RFC 8176. `mfa` is put there by a second step of ours and nothing else. */
    amr: text().array().notNull().default(sql`'{}'`),
    /** `amr` and `acr` as the home provider gave them: its word, for policies to trust or not. */
    homeClaims: text('home_claims').array().notNull().default(sql`'{}'`),
    /** The set of recovery codes that this browser still has to keep. */
    codesToKeep: uuid('codes_to_keep'),
    /** Issuer and subject that a home told (objectIdentity); null after a passcode, which is an identity by itself. */
    identityIssuer: text('identity_issuer'),
    identitySubject: text('identity_subject'),
    /** What kind of browser it is (`browser-family.ts`), and when it was last used, give or take five minutes. */
    browserFamily: text('browser_family'),
    lastUsedDateTime: instant('last_used_date_time'),
    createdDateTime: instant('created_date_time').notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.handleHash] }),
    index('sessions_of_user').on(table.tenantId, table.userId, table.createdDateTime),
    index('sessions_begun').on(table.tenantId, table.createdDateTime, table.userId),
    index('sessions_ending').on(table.tenantId, table.expiresDateTime),
    index('sessions_of_home').on(table.tenantId, table.identityIssuer).where(sql`${table.identityIssuer} is not null`),
  ],
)

/** When somebody signed in whose session is over: what is left of it for `signInActivity`. */
export const pastSignIns = pgTable(
  'past_sign_ins',
  {
    tenantId: uuid('tenant_id').notNull(),
    userId: uuid('user_id').notNull(),
    lastDateTime: instant('last_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.userId] }),
    index('past_sign_ins_last').on(table.tenantId, table.lastDateTime, table.userId),
  ],
)

/** A passcode that was asked for. The code itself follows from the id and a key, and is kept nowhere. */
export const passcodes = pgTable(
  'passcodes',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    /** Hash of the cookie of the browser that asked; for a second step of the session's, which is bound closer. */
    browserHash: bytea('browser_hash').notNull(),
    /** What it opens: an invitation's id, `blocks`, a second step. A code for one opens nothing else. */
    subject: text().notNull(),
    /** `mail` or `sms`: `address` is a mailbox or a number. */
    channel: text().notNull().default('mail'),
    address: text().notNull(),
    addressFolded: text('address_folded').notNull(),
    language: text().notNull(),
    codeHash: bytea('code_hash').notNull(),
    digits: smallint().notNull().default(8),
    /** Whose second step it is for; null for a first one, which may be anybody's. */
    userId: uuid('user_id'),
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
    index('passcodes_for')
      .on(table.tenantId, table.userId, table.createdDateTime)
      .where(sql`${table.userId} is not null`),
    index('passcodes_by_text').on(table.tenantId, table.createdDateTime).where(sql`${table.channel} = 'sms'`),
  ],
)
