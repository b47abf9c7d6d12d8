import { and, desc, eq, type SQL } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
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
