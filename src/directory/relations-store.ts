import { and, asc, eq, inArray, isNull, max, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { TenantScope } from '../platform/database.js'
import { deleteRows } from '../platform/tenant-rows.js'
import { findGroups } from './groups/store.js'
import { findExisting } from './store.js'
import { userSponsors, users } from './tables.js'

const uuids = (ids: readonly string[]) => sql`${`{${ids.join(',')}}`}::text::uuid[]`

/** Which of `ids` can be a sponsor: users and groups who are there. */
export async function findSponsorCandidates(scope: TenantScope, ids: string[]): Promise<Set<string>> {
  const [people, groups] = [await findExisting(scope, ids), await findGroups(scope, ids)]
  return new Set([...people, ...groups.map(({ id }) => id)])
}

/** Managers of these users who are there; a deleted one is none. */
export async function readManagers(scope: TenantScope, userIds: readonly string[]): Promise<Map<string, string>> {
  const manager = alias(users, 'manager')
  const rows = await scope.orm
    .select({ userId: users.id, managerId: manager.id })
    .from(users)
    .innerJoin(manager, and(eq(manager.tenantId, users.tenantId), eq(manager.id, users.managerId)))
    .where(
      and(
        eq(users.tenantId, scope.tenantId),
        inArray(users.id, [...userIds]),
        isNull(users.deletedDateTime),
        isNull(manager.deletedDateTime),
      ),
    )
  return new Map(rows.map(({ userId, managerId }) => [userId, managerId]))
}

/** For each of these managers at most `most` of those who report to them, in the order of their ids. */
export async function readReports(
  scope: TenantScope,
  managerIds: readonly string[],
  most: number,
): Promise<{ managerId: string; userId: string }[]> {
  if (managerIds.length === 0) return []
  return scope.orm.execute<{ managerId: string; userId: string }>(sql`
    select m.id as "managerId", u.id as "userId"
    from unnest(${uuids(managerIds)}) as m (id)
    cross join lateral (
      select r.id from users r
      where r.tenant_id = ${scope.tenantId} and r.manager_id = m.id and r.deleted_date_time is null
      order by r.id limit ${most}
    ) u`)
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

/** Sponsors of many users at once, for lists that expand them; deleted ones are left out. */
export async function readSponsorsOf(
  scope: TenantScope,
  userIds: readonly string[],
): Promise<{ userId: string; sponsorId: string; type: 'user' | 'group' }[]> {
  if (userIds.length === 0) return []
  return scope.orm.execute<{ userId: string; sponsorId: string; type: 'user' | 'group' }>(sql`
    select s.user_id as "userId", s.sponsor_id as "sponsorId", o.type
    from user_sponsors s
    cross join lateral (
      select 'user' as type from users u
      where u.tenant_id = s.tenant_id and u.id = s.sponsor_id and u.deleted_date_time is null
      union all
      select 'group' from groups g
      where g.tenant_id = s.tenant_id and g.id = s.sponsor_id and g.deleted_date_time is null
    ) o
    where s.tenant_id = ${scope.tenantId} and s.user_id = any (${uuids(userIds)})
    order by s.user_id, s.ordinal, s.sponsor_id`)
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
export function removeSponsor(scope: TenantScope, userId: string, sponsorId: string): Promise<boolean> {
  return deleteRows(scope, userSponsors, { userId, sponsorId })
}
