import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import type { LogContext } from './log-context.js'
import { signIns } from './tables.js'

export type SignInRow = typeof signIns.$inferSelect

/** Lines of the log, newest first. */
export function loadSignIns(scope: TenantScope, where: SQL): Promise<SignInRow[]> {
  return scope.orm
    .select()
    .from(signIns)
    .where(and(eq(signIns.tenantId, scope.tenantId), where))
    .orderBy(desc(signIns.id))
}

/** Writes a line, in the transaction that decides it. */
export async function logSignIn(
  scope: TenantScope,
  now: Date,
  line: { userId: string | undefined; method: string; outcome: string; log: LogContext },
): Promise<void> {
  await scope.orm.execute(sql`
    select sign_in_log_as(${scope.tenantId}::uuid, ${now.toISOString()}::timestamptz, ${line.userId ?? null}::uuid,
      ${line.method}, ${line.outcome}, ${JSON.stringify(line.log)}::text::jsonb)`)
}

/**
 * Whether what failed and nobody can guess (a passkey, a used token, a home's answer) is to be a line of the log. It counts
 * for the network it came from; beyond thirty an hour nothing is written.
 */
export async function logHasRoom(
  { orm, tenantId }: TenantScope,
  now: Date,
  { id, network }: { id: string; network: string },
): Promise<boolean> {
  const [row] = await orm.execute<{ noted: boolean }>(
    sql`select sign_in_log_has_room(${tenantId}, ${now.toISOString()}, ${id}, ${network}) as noted`,
  )
  return row?.noted ?? false
}
