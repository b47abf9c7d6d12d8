import { and, eq, isNotNull, isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { defineCollection, entityRules } from '../../graph/odata/collection.js'
import type { Union } from '../../graph/odata/locate.js'
import { TEXT } from '../../graph/odata/operators.js'
import type { Casts } from '../link-routes.js'
import { directoryObjectResource } from '../objects/directory-object.js'
import { users } from '../tables.js'
import { userResource } from '../user-resource.js'
import { deletedGroupResource, groupResource } from './group-resource.js'
import { groupMembers, groupOwners, groups } from './tables.js'

const uuids = (ids: readonly string[]) => sql`${`{${ids.join(',')}}`}::text::uuid[]`
const directoryObjectList = { set: 'directoryObjects', resource: directoryObjectResource, isRelated: true } as const
const presentUser = (tenantId: string) => and(eq(users.tenantId, tenantId), isNull(users.deletedDateTime))
const presentGroup = (tenantId: string) => and(eq(groups.tenantId, tenantId), isNull(groups.deletedDateTime))

/** `GET /groups`: all that are not deleted. */
export const groupCollection = defineCollection({
  resource: groupResource,
  from: sql`${groups}`,
  id: groups.id,
  where: presentGroup,
})

/** Groups that can still be restored. */
export const deletedGroups = defineCollection({
  resource: deletedGroupResource,
  from: sql`${groups}`,
  id: groups.id,
  where: (tenantId) => and(eq(groups.tenantId, tenantId), isNotNull(groups.deletedDateTime)),
})

/** What `GET /groups/{id}` understands. */
export const groupRules = entityRules(groupResource)

/** What lists of a group's members are sorted by and filtered by without a look at each member. */
const memberColumns = {
  displayName: {
    filter: { sql: groupMembers.memberNameFolded, type: 'string', fold: 'stored', isIndexed: true, ...TEXT },
    orderBy: { sql: groupMembers.memberNameFolded, type: 'text' },
  },
} as const

/** `GET /groups/{id}/members`, to be narrowed to one group. */
export const members: Casts = {
  all: defineCollection({
    ...directoryObjectList,
    variants: [userResource, groupResource],
    columns: memberColumns,
    from: sql`${groupMembers}
      ${itemOf(users, groupMembers.tenantId, groupMembers.memberId, sql`${groupMembers.memberType} = 'user'`)}
      ${itemOf(groups, groupMembers.tenantId, groupMembers.memberId, sql`${groupMembers.memberType} = 'group'`)}`,
    id: groupMembers.memberId,
    itemType: sql`'microsoft.graph.' || ${groupMembers.memberType}`,
    where: (tenantId) =>
      and(eq(groupMembers.tenantId, tenantId), sql`(${users.id} is not null or ${groups.id} is not null)`),
  }),
  user: defineCollection({
    resource: userResource,
    isRelated: true,
    columns: memberColumns,
    from: joined(groupMembers, users, groupMembers.memberId),
    id: groupMembers.memberId,
    where: (tenantId) => and(eq(groupMembers.tenantId, tenantId), presentUser(tenantId)),
  }),
  group: defineCollection({
    resource: groupResource,
    isRelated: true,
    columns: memberColumns,
    from: joined(groupMembers, groups, groupMembers.memberId),
    id: groupMembers.memberId,
    where: (tenantId) =>
      and(eq(groupMembers.tenantId, tenantId), eq(groupMembers.memberType, 'group'), presentGroup(tenantId)),
  }),
}

/** `GET /groups/{id}/owners`, to be narrowed to one group. A hundred at most: every order and filter will do. */
export const owners: Casts = {
  all: defineCollection({
    ...directoryObjectList,
    variants: [userResource],
    from: joined(groupOwners, users, groupOwners.ownerId),
    id: groupOwners.ownerId,
    itemType: sql`'microsoft.graph.user'`,
    where: (tenantId) => and(eq(groupOwners.tenantId, tenantId), presentUser(tenantId)),
  }),
  user: defineCollection({
    resource: userResource,
    isRelated: true,
    from: joined(groupOwners, users, groupOwners.ownerId),
    id: groupOwners.ownerId,
    where: (tenantId) => and(eq(groupOwners.tenantId, tenantId), presentUser(tenantId)),
  }),
}

/** The memberships of one group. */
export function inGroup(groupId: string): SQL {
  return eq(groupMembers.groupId, groupId)
}

export function ownersOf(groupId: string): SQL {
  return eq(groupOwners.groupId, groupId)
}

/** Memberships of a group and of the groups inside it, each member once. */
export function withinGroups(tenantId: string, groupIds: readonly string[]): SQL | Union {
  const [only] = groupIds
  if (only && groupIds.length === 1) return inGroup(only)
  const isFirst = sql`not exists (
    select 1 from ${groupMembers} earlier where earlier.tenant_id = ${tenantId}::uuid
      and earlier.member_id = ${groupMembers.memberId} and earlier.group_id = any (${uuids(groupIds)})
      and earlier.group_id < ${groupMembers.groupId})`
  return { column: groupMembers.groupId, of: groupIds, isFirst }
}

/** The row of an item by its key, or nulls. `offset 0` keeps the planner from starting at everybody there is. */
export function itemOf(objects: typeof users | typeof groups, tenantId: SQLWrapper, id: SQLWrapper, isOne: SQL): SQL {
  return sql`left join lateral (select * from ${objects} where ${isOne} and ${objects.tenantId} = ${tenantId}
    and ${objects.id} = ${id} and ${objects.deletedDateTime} is null offset 0) as ${objects} on true`
}

function joined(
  links: typeof groupMembers | typeof groupOwners,
  objects: typeof users | typeof groups,
  id: SQLWrapper,
) {
  return sql`${links} join ${objects} on ${objects.tenantId} = ${links.tenantId} and ${objects.id} = ${id}`
}
