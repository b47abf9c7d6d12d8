import { and, eq, inArray, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { rolesHeld } from './held/store.js'
import { groupOwners, groups } from './tables.js'

/** Why a change of members or owners was not made; undefined when it was. */
export type MemberOutcome =
  | { outcome: 'groupGone' | 'dynamic' | 'lastOwner' }
  | { outcome: 'notFound' | 'alreadyThere' | 'notNestable' | 'circle'; id: string }
  | { outcome: 'tooMany'; count: number }

const uuids = (ids: readonly string[]) => sql`${`{${ids.join(',')}}`}::text::uuid[]`

/** Adds members by hand: all or none, in one statement however many they are. */
export function addMembers(
  scope: TenantScope,
  groupId: string,
  memberIds: readonly string[],
): Promise<MemberOutcome | undefined> {
  return outcomeOf(scope, sql`directory_add_members(${scope.tenantId}::uuid, ${groupId}::uuid, ${uuids(memberIds)})`)
}

/** Makes one user a member of several groups; being one already is no reason to refuse. */
export function joinGroups(
  scope: TenantScope,
  userId: string,
  groupIds: readonly string[],
): Promise<MemberOutcome | undefined> {
  return outcomeOf(scope, sql`directory_join_groups(${scope.tenantId}::uuid, ${userId}::uuid, ${uuids(groupIds)})`)
}

export function removeMember(
  scope: TenantScope,
  groupId: string,
  memberId: string,
): Promise<MemberOutcome | undefined> {
  return outcomeOf(scope, sql`directory_remove_member(${scope.tenantId}::uuid, ${groupId}::uuid, ${memberId}::uuid)`)
}

/** Adds owners: all or none, `most` altogether. */
export function addOwners(
  scope: TenantScope,
  groupId: string,
  ownerIds: readonly string[],
  most: number,
): Promise<MemberOutcome | undefined> {
  return outcomeOf(
    scope,
    sql`directory_add_owners(${scope.tenantId}::uuid, ${groupId}::uuid, ${uuids(ownerIds)}, ${most}::int)`,
  )
}

export function removeOwner(scope: TenantScope, groupId: string, ownerId: string): Promise<MemberOutcome | undefined> {
  return outcomeOf(scope, sql`directory_remove_owner(${scope.tenantId}::uuid, ${groupId}::uuid, ${ownerId}::uuid)`)
}

async function outcomeOf(scope: TenantScope, call: ReturnType<typeof sql>): Promise<MemberOutcome | undefined> {
  const [row] = await scope.orm.execute<{ outcome: MemberOutcome | null }>(sql`select ${call} as outcome`)
  return row?.outcome ?? undefined
}

/** Whether somebody owns a group. */
export async function isOwner(scope: TenantScope, groupId: string, userId: string): Promise<boolean> {
  const [row] = await scope.orm
    .select({ id: groupOwners.ownerId })
    .from(groupOwners)
    .where(
      and(eq(groupOwners.tenantId, scope.tenantId), eq(groupOwners.groupId, groupId), eq(groupOwners.ownerId, userId)),
    )
  return row !== undefined
}

/** Whether somebody is in a group, by way of others too. */
export async function isMember(scope: TenantScope, groupId: string, memberId: string): Promise<boolean> {
  const found = await membershipsAmong(scope, memberId, [groupId])
  return found.length > 0
}

/** Which of `groupIds` a user or group is in, by way of others too. The size of the groups does not matter. */
export async function membershipsAmong(
  scope: TenantScope,
  memberId: string,
  groupIds: readonly string[],
): Promise<string[]> {
  if (groupIds.length === 0) return []
  const rows = await scope.orm.execute<{ id: string }>(
    sql`select group_id as id from directory_groups_of(${scope.tenantId}::uuid, ${memberId}::uuid)
      where group_id = any (${uuids(groupIds)})`,
  )
  return rows.map(({ id }) => id)
}

/** Every group a user or group is in, by way of others too, in the order of ids; at most `most`. */
export async function memberships(
  scope: TenantScope,
  memberId: string,
  { securityEnabledOnly, most }: { securityEnabledOnly: boolean; most: number },
): Promise<string[]> {
  const rows = await scope.orm.execute<{ id: string }>(
    sql`select g.id from directory_groups_of(${scope.tenantId}::uuid, ${memberId}::uuid) as of_member
      join ${groups} g on g.tenant_id = ${scope.tenantId}::uuid and g.id = of_member.group_id
      where g.security_enabled or not ${securityEnabledOnly}::boolean
      order by g.id limit ${most}::int`,
  )
  return rows.map(({ id }) => id)
}

/** The directory roles a user or group holds, by way of groups too, in the order of ids. */
export async function rolesOf(scope: TenantScope, memberId: string): Promise<string[]> {
  const rows = await scope.orm.execute<{ id: string }>(
    sql`select distinct role_template_id as id from (${rolesHeld(scope.tenantId, memberId, 'transitive')}) as held
      order by role_template_id`,
  )
  return rows.map(({ id }) => id)
}

/** A group and every group inside it. */
export async function groupsWithin(scope: TenantScope, groupId: string): Promise<string[]> {
  const rows = await scope.orm.execute<{ id: string }>(
    sql`select group_id as id from directory_groups_within(${scope.tenantId}::uuid, ${groupId}::uuid)`,
  )
  return rows.map(({ id }) => id)
}

/** People in any of these groups, by way of others too, in the order of ids; at most `most`. */
export async function peopleWithin(scope: TenantScope, groupIds: readonly string[], most: number): Promise<string[]> {
  if (groupIds.length === 0) return []
  const rows = await scope.orm.execute<{ id: string }>(
    sql`select distinct m.member_id as id
      from unnest(${uuids(groupIds)}) as named (id)
      join ${groups} g on g.tenant_id = ${scope.tenantId}::uuid and g.id = named.id and g.deleted_date_time is null
      cross join lateral directory_groups_within(${scope.tenantId}::uuid, g.id) as inner_group
      join group_members m on m.tenant_id = ${scope.tenantId}::uuid and m.group_id = inner_group.group_id
        and m.member_type = 'user'
      order by 1 limit ${most}::int`,
  )
  return rows.map(({ id }) => id)
}

/** Which of `groupIds` hide their members. */
export async function hidingMembers(scope: TenantScope, groupIds: readonly string[]): Promise<string[]> {
  if (groupIds.length === 0) return []
  const rows = await scope.orm
    .select({ id: groups.id })
    .from(groups)
    .where(
      and(
        eq(groups.tenantId, scope.tenantId),
        inArray(groups.id, [...groupIds]),
        eq(groups.visibility, 'HiddenMembership'),
      ),
    )
  return rows.map(({ id }) => id)
}
