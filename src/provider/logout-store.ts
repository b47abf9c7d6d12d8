import { sql } from 'drizzle-orm'
import type postgres from 'postgres'
import type { TenantScope } from '../platform/database.js'

/** Topic of the outbox: ends of sign-ins that are to be told. */
export const LOGOUTS = 'backchannel.logout'

export type SignInNote = {
  id: string
  userId: string
  clientId: string
  sid: string
  sessionUid: string
  issuer: string
  expires: Date
}

/** Notes that somebody is signed in to an application that wants to hear of the end. */
export async function noteSignIn(db: postgres.Sql, tenantId: string, now: Date, note: SignInNote): Promise<void> {
  const { id, userId, clientId, sid, sessionUid, issuer, expires } = note
  await db`select provider_note_sign_in(${tenantId}, ${now.toISOString()}, ${id}, ${userId}, ${clientId}, ${sid},
    ${sessionUid}, ${issuer}, ${expires.toISOString()})`
}

/** Has it told that a person is signed out everywhere, in the transaction that signs them out. */
export async function logOutOf(scope: TenantScope, userId: string, now: Date): Promise<void> {
  await logOutOfAll(scope, [userId], now)
}

/** The same of several. */
export async function logOutOfAll(scope: TenantScope, userIds: readonly string[], now: Date): Promise<void> {
  await scope.orm.execute(sql`
    select provider_log_out(${scope.tenantId}::uuid, ${now.toISOString()}::timestamptz, ${`{${userIds.join(',')}}`}::text::uuid[],
      null)`)
}

export type LogoutToTell = { userId: string; clientId: string; sid: string; issuer: string }

/** What telling an end needs; undefined when it was told. */
export async function readLogout(db: postgres.Sql, tenantId: string, id: string): Promise<LogoutToTell | undefined> {
  const [row] = await db<{ logout: LogoutToTell | null }[]>`
    select provider_logout_to_tell(${tenantId}, ${id}) as logout`
  return row?.logout ?? undefined
}

export async function forgetLogout(db: postgres.Sql, tenantId: string, id: string): Promise<void> {
  await db`select provider_logout_told(${tenantId}, ${id})`
}
