import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { MethodKind } from './rules.js'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** What a person can take a second step with. Secrets are sealed; a passkey leaves its public half only. */
export const authenticationMethods = pgTable(
  'authentication_methods',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    userId: uuid('user_id').notNull(),
    kind: text().$type<MethodKind>().notNull(),
    displayName: text('display_name'),
    createdDateTime: instant('created_date_time').notNull(),
    lastUsedDateTime: instant('last_used_date_time'),
    /** `softwareOath`: the sealed key. */
    secret: bytea(),
    /** `softwareOath`: the time step of the newest code that was taken; none up to it is taken again. */
    lastTimeStep: bigint('last_time_step', { mode: 'number' }),
    /** `phone`: E.164. */
    phoneNumber: text('phone_number'),
    /** `fido2`: base64url, as browsers name it. */
    credentialId: text('credential_id'),
    /** `fido2`: COSE. */
    publicKey: bytea('public_key'),
    signCount: bigint('sign_count', { mode: 'number' }),
    transports: text().array(),
    aaGuid: text('aa_guid'),
    isBackedUp: boolean('is_backed_up'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('authentication_methods_of_user').on(table.tenantId, table.userId, table.id),
    uniqueIndex('authentication_methods_credential').on(table.tenantId, table.credentialId),
    check(
      'authentication_methods_whole',
      sql`case ${table.kind}
        when 'softwareOath' then ${table.secret} is not null and ${table.lastTimeStep} is not null
        when 'phone' then ${table.phoneNumber} is not null
        when 'fido2' then ${table.credentialId} is not null and ${table.publicKey} is not null and ${table.signCount} is not null
        else false end`,
    ),
  ],
)

/** Recovery codes by their hashes. The codes follow from set and position by a key, and are kept nowhere. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    tenantId: uuid('tenant_id').notNull(),
    userId: uuid('user_id').notNull(),
    setId: uuid('set_id').notNull(),
    position: smallint().notNull(),
    codeHash: bytea('code_hash').notNull(),
    usedDateTime: instant('used_date_time'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId, table.setId, table.position] })],
)

/** Second steps that failed, whatever browser and flow they came from: what the limits count. */
export const secondStepFailures = pgTable(
  'second_step_failures',
  {
    tenantId: uuid('tenant_id').notNull(),
    userId: uuid('user_id').notNull(),
    id: uuid().notNull(),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.userId, table.id] }),
    index('second_step_failures_ending').on(table.tenantId, table.createdDateTime),
  ],
)
