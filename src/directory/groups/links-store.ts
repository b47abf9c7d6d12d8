import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Link } from '../../graph/odata/resource.js'
import type { TenantScope } from '../../platform/database.js'
import { directoryRoleAssignments, users } from '../tables.js'
import { groupMembers, groupOwners, groups } from './tables.js'

type Links = ReadonlyMap<string, readonly Link[]>
type Row = { of: string; id: string; type: string }

const uuids = (ids: readonly string[]) => sql`${`{${ids.join(',')}}`}::text::uuid[]`

/** The first members of each group, in the order of ids; one statement that reads no further than it must. */
export function firstMembers(scope: TenantScope, groupIds: readonly string[], most: number): Promise<Links> {
  return links(
    scope,
    sql`select owner.id as "of", found.member_id as id, found.member_type as type
      from unnest(${uuids(groupIds)}) as owner (id)
      cross join lateral (
        select m.member_id, m.member_type from ${groupMembers} m
        cross join lateral (
          select 1 from ${users} u
          where m.member_type = 'user' and u.tenant_id = m.tenant_id and u.id = m.member_id and u.deleted_date_time is null
          union all
          select 1 from ${groups} g
          where m.member_type = 'group' and g.tenant_id = m.tenant_id and g.id = m.member_id and g.deleted_date_time is null
        ) as present
        where m.tenant_id = ${scope.tenantId}::uuid and m.group_id = owner.id
        order by m.member_id limit ${most}::int
      ) as found`,
  )
}

/** The owners of each group, likewise. */
export function firstOwners(scope: TenantScope, groupIds: readonly string[], most: number): Promise<Links> {
  return firstLinked(scope, groupIds, most, {
    links: groupOwners,
    from: groupOwners.groupId,
    to: groupOwners.ownerId,
    targets: users,
  })
}

/** The groups each user or group is in without a detour, likewise. */
export function firstGroupsOf(scope: TenantScope, memberIds: readonly string[], most: number): Promise<Links> {
  return firstLinked(scope, memberIds, most, {
    links: groupMembers,
    from: groupMembers.memberId,
    to: groupMembers.groupId,
    targets: groups,
  })
}

/** The groups each user or group is in, by way of others too, likewise. */
export function firstTransitiveGroupsOf(
  scope: TenantScope,
  memberIds: readonly string[],
  most: number,
): Promise<Links> {
  return links(
    scope,
    sql`select member.id as "of", found.group_id as id, 'group' as type
      from unnest(${uuids(memberIds)}) as member (id)
      cross join lateral (
        select group_id from directory_groups_of(${scope.tenantId}::uuid, member.id)
        order by group_id limit ${most}::int
      ) as found`,
  )
}

/** The directory roles each of them holds itself, or also by way of groups, likewise. */
export function firstRolesOf(
  scope: TenantScope,
  memberIds: readonly string[],
  most: number,
  way: 'direct' | 'transitive',
): Promise<Links> {
  const groupsOf = sql` union all select group_id from directory_groups_of(${scope.tenantId}::uuid, member.id)`
  return links(
    scope,
    sql`select member.id as "of", found.role_template_id as id, 'directoryRole' as type
      from unnest(${uuids(memberIds)}) as member (id)
      cross join lateral (
        select distinct a.role_template_id from ${directoryRoleAssignments} a
        where a.tenant_id = ${scope.tenantId}::uuid
          and a.principal_id = any (array(select member.id${way === 'transitive' ? groupsOf : sql``}))
        order by a.role_template_id limit ${most}::int
      ) as found`,
  )
}

/** A table of links followed one way: from the ids asked about to the targets. */
type Way = {
  links: typeof groupMembers | typeof groupOwners
  from: SQLWrapper
  to: SQLWrapper
  targets: typeof users | typeof groups
}

function firstLinked(scope: TenantScope, ids: readonly string[], most: number, way: Way): Promise<Links> {
  const { targets } = way
  return links(
    scope,
    sql`select source.id as "of", found.id, ${targets === groups ? 'group' : 'user'}::text as type
      from unnest(${uuids(ids)}) as source (id)
      cross join lateral (
        select ${way.to} as id from ${way.links}
        join ${targets} on ${targets.tenantId} = ${way.links.tenantId} and ${targets.id} = ${way.to}
          and ${targets.deletedDateTime} is null
        where ${way.links.tenantId} = ${scope.tenantId}::uuid and ${way.from} = source.id
        order by ${way.to} limit ${most}::int
      ) as found`,
  )
}

async function links(scope: TenantScope, statement: SQL): Promise<Links> {
  const found = new Map<string, Link[]>()
  for (const { of, id, type } of await scope.orm.execute<Row>(statement)) {
    const own = found.get(of) ?? []
    own.push({ id, type: `microsoft.graph.${type}` })
    found.set(of, own)
  }
  return found
}
