import { and, eq } from 'drizzle-orm'
import type postgres from 'postgres'
import type { TenantScope } from '../platform/database.js'
import { accessReminders } from './tables.js'

export type Reminder = typeof accessReminders.$inferSelect

/** Asks for the mails about ends after `after` and until `until`, each once. Returns how many are new. */
export async function askForReminders(
  sql: postgres.Sql,
  tenantId: string,
  span: { after: Date; until: Date; days: number },
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select access_end_remind(${tenantId}, ${span.after.toISOString()}, ${span.until.toISOString()}, ${span.days}) as count`
  return row?.count ?? 0
}

export async function findReminder(scope: TenantScope, id: string): Promise<Reminder | undefined> {
  const [row] = await scope.orm
    .select()
    .from(accessReminders)
    .where(and(eq(accessReminders.tenantId, scope.tenantId), eq(accessReminders.id, id)))
  return row
}

/** Forgets mails about ends before `before`. */
export async function forgetReminders(sql: postgres.Sql, tenantId: string, before: Date): Promise<void> {
  await sql`select access_end_forget(${tenantId}, ${before.toISOString()})`
}
