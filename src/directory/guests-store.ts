import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { users } from './tables.js'

const own = (scope: TenantScope) => eq(users.tenantId, scope.tenantId)
const present = isNull(users.deletedDateTime)

export type ForgottenGuest = { id: string; createdDateTime: Date }

/** Guests who are pending since before `before`, oldest first, after the guest `after`. */
export function listNeverRedeemed(
  scope: TenantScope,
  query: { before: Date; after: ForgottenGuest | undefined; most: number },
): Promise<ForgottenGuest[]> {
  const { after } = query
  const before = query.before.toISOString()
  return scope.orm
    .select({ id: users.id, createdDateTime: users.createdDateTime })
    .from(users)
    .where(
      and(
        own(scope),
        present,
        eq(users.externalUserState, 'PendingAcceptance'),
        eq(users.creationType, 'Invitation'),
        sql`${users.createdDateTime} < ${before}`,
        // A reset made them pending anew.
        sql`${users.externalUserStateChangeDateTime} < ${before}`,
        after && sql`(${users.createdDateTime}, ${users.id}) > (${after.createdDateTime.toISOString()}, ${after.id})`,
      ),
    )
    .orderBy(asc(users.createdDateTime), asc(users.id))
    .limit(query.most)
}

export type EndedGuest = { id: string; accessEndDateTime: Date }

/** Guests whose access ended by `before`, the earliest first, after the guest `after`. */
export function listEnded(
  scope: TenantScope,
  { before, after, most }: { before: Date; after: EndedGuest | undefined; most: number },
): Promise<EndedGuest[]> {
  return scope.orm
    .select({ id: users.id, accessEndDateTime: sql<Date>`${users.accessEndDateTime}`.mapWith(users.accessEndDateTime) })
    .from(users)
    .where(
      and(
        own(scope),
        present,
        sql`${users.accessEndDateTime} <= ${before.toISOString()}`,
        after &&
          sql`(${users.accessEndDateTime}, ${users.id}) > (${after.accessEndDateTime.toISOString()}, ${after.id})`,
      ),
    )
    .orderBy(asc(users.accessEndDateTime), asc(users.id))
    .limit(most)
}
