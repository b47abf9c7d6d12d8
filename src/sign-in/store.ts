import { sql as text } from 'drizzle-orm'
import type postgres from 'postgres'
import { arrayLiteral } from '../platform/array-literal.js'
import type { TenantScope } from '../platform/database.js'
import { asJson, createTenantBatch } from '../platform/tenant-batch.js'
import type { FederatedMethod } from './federation/flow.js'
import type { LogContext } from './log/log-context.js'
import type { StoredPasscode } from './passcode.js'

export type PasscodeRequest = {
  now: Date
  id: string
  browser: Buffer
  subject: string
  address: string
  folded: string
  language: string
  codeHash: Buffer
  client: string
  /** `mail` unless set; `sms` for a number. */
  channel?: 'mail' | 'sms'
  /** 8 and 30 unless set. */
  digits?: number
  minutes?: number
  /** Whose second step it is for. */
  stepOf?: string
  /** Text messages that the organization sends in 24 hours; no limit unless set. */
  mostTexts?: number
}

export type SendOutcome =
  | { outcome: 'sent' }
  | { outcome: 'limited'; limit: 'interval' | 'window' | 'day' | 'client' | 'person' | 'organization'; retryAt: string }

/** A live session. Times are ISO strings: PostgreSQL writes the JSON. */
export type SessionView = {
  userId: string
  /** The mailbox that was proved, or that the home provider vouched for. */
  address: string
  folded: string
  expiresAt: string
  /** How the first step was taken. */
  method: string
  amr: string[]
  homeClaims: string[]
  /** The set of recovery codes that this browser still has to keep. */
  codesToKeep: string | null
  /** Whom a home says it is of; null after a passcode. */
  issuer: string | null
  subject: string | null
}

/** Asks for a passcode mail, or says which limit forbids one now. Wishes of one tenant that wait together travel so. */
export type PasscodeWriter = (tenantId: string, wish: PasscodeRequest) => Promise<SendOutcome>

export function createPasscodeWriter(sql: postgres.Sql): PasscodeWriter {
  return createTenantBatch<PasscodeRequest, SendOutcome>({
    lock: ({ folded }) => folded,
    async run(tenantId, rows) {
      const [row] = await sql<{ outcomes: SendOutcome[] }[]>`
        select sign_in_passcodes_send(${tenantId}, ${asJson(rows)}::text::jsonb) as outcomes`
      return row?.outcomes ?? []
    },
  })
}

export type TryOutcome = {
  outcome: 'ok' | 'wrong' | 'expired' | 'usedUp' | 'none' | 'blocked'
  triesLeft?: number
  address?: string
  folded?: string
  /** No line of the log: as many tries as count came before. */
  isSpent?: boolean
}

/** Tries a code outside the redemption. */
export async function tryPasscode(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  attempt: { browser: Buffer; subject: string; codeHash: Buffer; log?: LogContext | undefined },
): Promise<TryOutcome> {
  const log = attempt.log ? JSON.stringify(attempt.log) : null
  const [row] = await sql<{ answer: TryOutcome }[]>`
    select sign_in_try(${tenantId}, ${now.toISOString()}, ${attempt.browser}, ${attempt.subject}, ${attempt.codeHash},
      ${log}::text::jsonb) as answer`
  if (!row) throw new Error('trying a passcode answered nothing')
  return row.answer
}

export type PasscodeState = {
  address: string
  folded: string
  expiresAt: string
  live: boolean
  usedAt: string | null
  triesLeft: number
}

/** The newest passcode of a browser and subject, null when it has none. */
export async function readPasscodeState(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  browser: Buffer,
  subject: string,
): Promise<PasscodeState | null> {
  const [row] = await sql<{ answer: PasscodeState | null }[]>`
    select sign_in_state(${tenantId}, ${now.toISOString()}, ${browser}, ${subject}) as answer`
  return row?.answer ?? null
}

export type PasscodeMailFacts = {
  address: string
  language: string
  createdAt: string
  expiresAt: string
  wanted: boolean
  subject: string
  /** In hexadecimal digits. */
  browser: string
  codeHash: string
  digits: number
}

/** Null when the mail was dealt with. */
export async function loadPasscodeMail(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  id: string,
): Promise<PasscodeMailFacts | null> {
  const [row] = await sql<{ answer: PasscodeMailFacts | null }[]>`
    select sign_in_load_passcode(${tenantId}, ${now.toISOString()}, ${id}) as answer`
  return row?.answer ?? null
}

/** A live session by its stored handle, with the address it was got with. */
export async function readLiveSession(
  { orm, tenantId }: TenantScope,
  now: Date,
  handleHash: Buffer,
): Promise<Pick<SessionView, 'userId' | 'folded' | 'amr'> | undefined> {
  const [row] = await orm.execute<{ session: SessionView }>(
    text`select s as session from sign_in_live_session(${tenantId}, ${now.toISOString()}, ${handleHash}) s`,
  )
  return row?.session
}

/** Signs a browser in as whoever a home speaks of; false when that is nobody here. */
export async function arriveByIdentity(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  row: {
    issuer: string
    subject: string
    /** The address the home vouches for. */
    folded: string | null
    /** What the home says of how it was proved: `amr` and `acr`. */
    homeClaims: readonly string[]
    method: FederatedMethod
    session: Buffer
    oldSession: Buffer | null
    ends: Date
    log: LogContext
  },
): Promise<boolean> {
  const [answer] = await sql<{ known: boolean }[]>`
    select sign_in_arrive(${tenantId}, ${now.toISOString()}, ${row.issuer}, ${row.subject}, ${row.folded},
      ${arrayLiteral(row.homeClaims) ?? '{}'}::text::text[], ${row.session}, ${row.oldSession}, ${row.ends.toISOString()},
      ${row.method}, ${JSON.stringify(row.log)}::text::jsonb) as known`
  return answer?.known ?? false
}

/** Signs one browser out, here and wherever else it is signed in under the same handle; the applications are told. */
export async function endBrowser(sql: postgres.Sql, tenantId: string, handleHash: Buffer): Promise<void> {
  await sql`select sign_in_browser_end(${tenantId}, ${handleHash})`
}

/** Signs a person out everywhere, in the transaction that takes their access away. */
export async function endSessionsOf(scope: TenantScope, userId: string): Promise<void> {
  await scope.orm.execute(text`delete from sessions where tenant_id = ${scope.tenantId} and user_id = ${userId}`)
}

/** Forgets sessions and passcodes that ended more than a day ago, at most `most` of each. */
export async function purgeEnded(sql: postgres.Sql, tenantId: string, now: Date, most: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select sign_in_purge(${tenantId}, ${now.toISOString()}, ${most}) as count`
  return row?.count ?? 0
}

export async function renewSession(sql: postgres.Sql, tenantId: string, old: Buffer, current: Buffer): Promise<void> {
  await sql`select sign_in_renew_session(${tenantId}, ${old}, ${current})`
}

/** Passcodes of a browser or session under hashes that earlier secrets made of its handle. */
export async function readPasscodesOf(
  sql: postgres.Sql,
  tenantId: string,
  browsers: readonly Buffer[],
): Promise<StoredPasscode[]> {
  return sql<StoredPasscode[]>`
    select id, browser, subject, code_hash as "codeHash", digits
    from sign_in_passcodes_of(${tenantId}, ${arrayLiteral(browsers.map((hash) => `\\x${hash.toString('hex')}`))}::text::bytea[])`
}

/** Keeps a passcode under other hashes, unless somebody was faster. */
export async function renewPasscode(
  sql: postgres.Sql,
  tenantId: string,
  { id, codeHash }: StoredPasscode,
  anew: { browser: Buffer; codeHash: Buffer },
): Promise<void> {
  await sql`select sign_in_renew_passcode(${tenantId}, ${id}, ${codeHash}, ${anew.browser}, ${anew.codeHash})`
}

/** Forgets when people signed in who are gone for good. */
export async function forgetSignInsOf(scope: TenantScope, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return
  const list = text`any (${`{${userIds.join(',')}}`}::text::uuid[])`
  for (const table of [text`past_sign_ins`, text`last_refreshes`]) {
    await scope.orm.execute(text`delete from ${table} where tenant_id = ${scope.tenantId} and user_id = ${list}`)
  }
}

/** Topic of the outbox: changes of what somebody signs in with, by the id of their line in the audit log. */
export const SECURITY_MAILS = 'security.mail'

/** Has somebody told of a change, in the transaction that makes it. */
export async function askForSecurityMail(scope: TenantScope, auditId: string): Promise<void> {
  await scope.orm.execute(text`
    select outbox_add(${scope.tenantId}::uuid, ${SECURITY_MAILS}::text, array[gen_random_uuid()], array[${auditId}::uuid]),
      pg_notify('vestibule_outbox', ${SECURITY_MAILS}::text)`)
}
