import { and, eq, inArray, sql as text } from 'drizzle-orm'
import type postgres from 'postgres'
import { arrayLiteral } from '../../platform/array-literal.js'
import type { TenantScope } from '../../platform/database.js'
import { deleteRows, rowsWith } from '../../platform/tenant-rows.js'
import { localPasswords, passwordTries } from './tables.js'

/** A try that counts from now on, with what the password is held against, or when there is a next one. */
export type BegunTry = { userId: string | null } & (
  | { outcome: 'counted'; hashSealed: string | null }
  | { outcome: 'limited'; retryAt: string; isNoted: boolean }
)

export async function beginTry(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  attempt: { id: string; issuers: readonly string[]; userId: string | undefined; folded: string; client: string },
): Promise<BegunTry> {
  const { id, issuers, userId = null, folded, client } = attempt
  const [row] = await sql<{ answer: BegunTry }[]>`
    select sign_in_password_begin(${tenantId}, ${now.toISOString()}, ${id}, ${arrayLiteral(issuers)}::text::text[],
      ${userId}, ${folded}, ${client}) as answer`
  if (!row) throw new Error('trying a password answered nothing')
  return row.answer
}

/** Whose account at the organization itself an address names. */
export async function findAccount(
  sql: postgres.Sql,
  tenantId: string,
  issuers: readonly string[],
  folded: string,
): Promise<string | undefined> {
  const [row] = await sql<{ id: string | null }[]>`
    select sign_in_local_account(${tenantId}, ${arrayLiteral(issuers)}::text::text[], ${folded}) as id`
  return row?.id ?? undefined
}

/** Tries that count no more: one by its id, and with a right password all of that network at that address. */
export async function forgetTries(
  { tenantId, orm }: TenantScope,
  { id, folded, network }: { id: string; folded?: string; network?: string },
): Promise<void> {
  const { tenantId: tenant, addressFolded, clientAddress } = passwordTries
  await orm.delete(passwordTries).where(and(eq(tenant, tenantId), eq(passwordTries.id, id)))
  if (folded === undefined || network === undefined) return
  await orm
    .delete(passwordTries)
    .where(and(eq(tenant, tenantId), eq(addressFolded, folded), eq(clientAddress, network)))
}

export type PasswordRow = typeof localPasswords.$inferSelect

export async function readPassword(scope: TenantScope, userId: string): Promise<PasswordRow | undefined> {
  const [row] = await scope.orm.select().from(localPasswords).where(ownPassword(scope, userId))
  return row
}

/** Every password of the organization, as it is sealed. */
export async function listPasswordHashes({ orm, tenantId }: TenantScope): Promise<Buffer[]> {
  const rows = await orm
    .select({ sealed: localPasswords.hashSealed })
    .from(localPasswords)
    .where(eq(localPasswords.tenantId, tenantId))
  return rows.map(({ sealed }) => sealed)
}

/** Keeps a password in place of the one there may be. */
export async function writePassword(
  scope: TenantScope,
  userId: string,
  { hashSealed, createdDateTime }: Omit<PasswordRow, 'tenantId' | 'userId'>,
): Promise<void> {
  await scope.orm
    .insert(localPasswords)
    .values({ tenantId: scope.tenantId, userId, hashSealed, createdDateTime })
    .onConflictDoUpdate({
      target: [localPasswords.tenantId, localPasswords.userId],
      set: { hashSealed, createdDateTime },
    })
}

/** Whether there was one. */
export function deletePassword(scope: TenantScope, userId: string): Promise<boolean> {
  return deleteRows(scope, localPasswords, { userId })
}

/** Passwords of several people go. */
export async function deletePasswords(scope: TenantScope, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return
  await scope.orm
    .delete(localPasswords)
    .where(and(eq(localPasswords.tenantId, scope.tenantId), inArray(localPasswords.userId, [...userIds])))
}

/** Takes the proof of a mailbox, once; false when there is none of the last minutes. */
export async function takeProof(
  scope: TenantScope,
  now: Date,
  proof: { browser: Buffer; subject: string; folded: string; mostMs: number },
): Promise<boolean> {
  const [row] = await scope.orm.execute<{ taken: boolean }>(
    text`select sign_in_proof_take(${scope.tenantId}, ${now.toISOString()}, ${proof.browser}, ${proof.subject},
      ${proof.folded}, ${`${proof.mostMs} milliseconds`}::text::interval) as taken`,
  )
  return row?.taken ?? false
}

export type NewSession = {
  userId: string
  address: string
  folded: string
  method: string
  amr: readonly string[]
  /** Null: they are known by their mailbox. */
  issuer: string | null
  session: Buffer
  oldSession: Buffer | null
  ends: Date
}

/** Signs a browser in. */
export async function startSession({ orm, tenantId }: TenantScope, now: Date, row: NewSession): Promise<void> {
  await orm.execute(
    text`select sign_in_session_start(${tenantId}, ${now.toISOString()}, ${row.session}, ${row.oldSession}, ${row.userId},
      ${row.address}, ${row.folded}, ${row.method}, ${row.ends.toISOString()}, ${arrayLiteral(row.amr)}::text::text[], '{}')`,
  )
  if (row.issuer === null) return
  await orm.execute(text`select sign_in_session_identify(${tenantId}, ${row.session}, ${row.issuer}, ${row.folded})`)
}

const ownPassword = (scope: TenantScope, userId: string) => rowsWith(scope, localPasswords, { userId })
