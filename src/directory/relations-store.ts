import { and, asc, eq, inArray, isNull, max, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { GraphType } from '../graph/odata/resource.js'
import type { TenantScope } from '../platform/database.js'
import { type UserRow, userSponsors, users } from './tables.js'

const present = isNull(users.deletedDateTime)

/** Present users among `ids`, in no order. */
export async function findUsers(scope: TenantScope, ids: readonly string[]): Promise<UserRow[]> {
  if (ids.length === 0) return []
  return scope.orm
    .select()
    .from(users)
    .where(and(eq(users.tenantId, scope.tenantId), inArray(users.id, [...ids]), present))
}

/** Locks present users until the transaction ends, in the order of their ids, so that two callers never wait in a circle. */
export async function lockUsers(scope: TenantScope, ids: readonly string[]): Promise<Map<string, UserRow>> {
  const rows = await scope.orm
    .select()
    .from(users)
    .where(and(eq(users.tenantId, scope.tenantId), inArray(users.id, [...ids]), present))
    .orderBy(asc(users.id))
    .for('no key update')
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * The chain of managers above a user, nearest first, at most `levels` of them. It ends at a deleted manager and before
 * anybody would appear twice.
 */
export async function readManagers(scope: TenantScope, userId: string, levels: number): Promise<UserRow[]> {
  const chain = await scope.orm.execute<{ id: string; level: number }>(sql`
    with recursive above as (
      select u.manager_id as id, 1 as level, array[u.id] as seen
      from users u where u.tenant_id = ${scope.tenantId} and u.id = ${userId} and u.manager_id is not null
      union all
      select u.manager_id, a.level + 1, a.seen || u.id
      from above a join users u on u.tenant_id = ${scope.tenantId} and u.id = a.id and u.deleted_date_time is null
      where u.manager_id is not null and a.level < ${levels} and not u.manager_id = any (a.seen || u.id)
    )
    select id, level from above order by level`)
  const rows = new Map(
    (
      await findUsers(
        scope,
        chain.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  )
  const managers: UserRow[] = []
  for (const { id } of chain) {
    const row = rows.get(id)
    if (!row) break
    managers.push(row)
  }
  return managers
}

/** The present managers of several users, by the user. */
export async function readManagersOf(
  scope: TenantScope,
  ids: readonly string[],
): Promise<Map<string, { id: string; type: GraphType }>> {
  if (ids.length === 0) return new Map()
  const manager = alias(users, 'manager')
  const rows = await scope.orm
    .select({ userId: users.id, id: manager.id })
    .from(users)
    .innerJoin(
      manager,
      and(
        eq(manager.tenantId, users.tenantId),
        sql`${manager.id} = ${users.managerId}`,
        isNull(manager.deletedDateTime),
      ),
    )
    .where(and(eq(users.tenantId, scope.tenantId), inArray(users.id, [...ids])))
  return new Map(rows.map(({ userId, id }) => [userId, { id, type: 'microsoft.graph.user' }]))
}

/** Ids of a user's sponsors in the order in which they were added; some may be deleted. */
export async function readSponsorIds(scope: TenantScope, userId: string): Promise<string[]> {
  const rows = await scope.orm
    .select({ id: userSponsors.sponsorId })
    .from(userSponsors)
    .where(and(eq(userSponsors.tenantId, scope.tenantId), eq(userSponsors.userId, userId)))
    .orderBy(asc(userSponsors.ordinal), asc(userSponsors.sponsorId))
  return rows.map(({ id }) => id)
}

/** Sponsors of many users at once, for lists that expand them. */
export async function readSponsorsOf(
  scope: TenantScope,
  userIds: readonly string[],
): Promise<{ userId: string; sponsorId: string }[]> {
  if (userIds.length === 0) return []
  return scope.orm
    .select({ userId: userSponsors.userId, sponsorId: userSponsors.sponsorId })
    .from(userSponsors)
    .where(and(eq(userSponsors.tenantId, scope.tenantId), inArray(userSponsors.userId, [...userIds])))
    .orderBy(asc(userSponsors.userId), asc(userSponsors.ordinal), asc(userSponsors.sponsorId))
}

/** Adds sponsors after those there are. The user is locked, so the count that was checked still holds. */
export async function addSponsors(scope: TenantScope, userId: string, sponsorIds: readonly string[]): Promise<void> {
  if (sponsorIds.length === 0) return
  const { tenantId } = scope
  const [last] = await scope.orm
    .select({ ordinal: max(userSponsors.ordinal) })
    .from(userSponsors)
    .where(and(eq(userSponsors.tenantId, tenantId), eq(userSponsors.userId, userId)))
  const first = (last?.ordinal ?? 0) + 1
  await scope.orm
    .insert(userSponsors)
    .values(sponsorIds.map((sponsorId, index) => ({ tenantId, userId, sponsorId, ordinal: first + index })))
}

/** True when there was such a sponsor. */
export async function removeSponsor(scope: TenantScope, userId: string, sponsorId: string): Promise<boolean> {
  const rows = await scope.orm
    .delete(userSponsors)
    .where(
      and(
        eq(userSponsors.tenantId, scope.tenantId),
        eq(userSponsors.userId, userId),
        eq(userSponsors.sponsorId, sponsorId),
      ),
    )
    .returning({ id: userSponsors.sponsorId })
  return rows.length > 0
}
