import { type SQL, sql } from 'drizzle-orm'
import type { Link } from '../../graph/odata/resource.js'
import type { TenantScope } from '../../platform/database.js'
import { users } from '../tables.js'
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
  return links(
    scope,
    sql`select owned.id as "of", found.owner_id as id, 'user' as type
      from unnest(${uuids(groupIds)}) as owned (id)
      cross join lateral (
        select o.owner_id from ${groupOwners} o
        join ${users} u on u.tenant_id = o.tenant_id and u.id = o.owner_id and u.deleted_date_time is null
        where o.tenant_id = ${scope.tenantId}::uuid and o.group_id = owned.id
        order by o.owner_id limit ${most}::int
      ) as found`,
  )
}

/** The groups each user or group is in without a detour, likewise. */
export function firstGroupsOf(scope: TenantScope, memberIds: readonly string[], most: number): Promise<Links> {
  return links(
    scope,
    sql`select member.id as "of", found.group_id as id, 'group' as type
      from unnest(${uuids(memberIds)}) as member (id)
      cross join lateral (
        select m.group_id from ${groupMembers} m
        join ${groups} g on g.tenant_id = m.tenant_id and g.id = m.group_id and g.deleted_date_time is null
        where m.tenant_id = ${scope.tenantId}::uuid and m.member_id = member.id
        order by m.group_id limit ${most}::int
      ) as found`,
  )
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

async function links(scope: TenantScope, statement: SQL): Promise<Links> {
  const found = new Map<string, Link[]>()
  for (const { of, id, type } of await scope.orm.execute<Row>(statement)) {
    const own = found.get(of) ?? []
    own.push({ id, type: type === 'group' ? 'microsoft.graph.group' : 'microsoft.graph.user' })
    found.set(of, own)
  }
  return found
}
