import { and, eq, isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { type Collection, defineCollection, entityRules } from '../../graph/odata/collection.js'
import { directoryObjectResource } from '../objects/directory-object.js'
import { users } from '../tables.js'
import { userResource } from '../user-resource.js'
import { groupResource } from './group-resource.js'
import { groupMembers, groupOwners, groups } from './tables.js'

const directoryObjectList = { set: 'directoryObjects', resource: directoryObjectResource } as const
const presentUser = (tenantId: string) => and(eq(users.tenantId, tenantId), isNull(users.deletedDateTime))
const presentGroup = (tenantId: string) => and(eq(groups.tenantId, tenantId), isNull(groups.deletedDateTime))

/** `GET /groups`: all that are not deleted. */
export const groupCollection = defineCollection({
  resource: groupResource,
  from: sql`${groups}`,
  id: groups.id,
  where: presentGroup,
})

/** What `GET /groups/{id}` understands. */
export const groupRules = entityRules(groupResource)

/** A list of related objects: all of them, and narrowed to one type by a cast. */
export type Casts = { all: Collection; users?: Collection; groups?: Collection }

/** One look-up a row, always by the key: as a join the planner might start from everybody there is. */
const presentMember = sql`cross join lateral (
    select 1 from ${users} u where ${groupMembers.memberType} = 'user'
      and u.tenant_id = ${groupMembers.tenantId} and u.id = ${groupMembers.memberId} and u.deleted_date_time is null
    union all
    select 1 from ${groups} g where ${groupMembers.memberType} = 'group'
      and g.tenant_id = ${groupMembers.tenantId} and g.id = ${groupMembers.memberId} and g.deleted_date_time is null
  ) as present`

/** `GET /groups/{id}/members`, to be narrowed to one group. */
export const members: Required<Casts> = {
  all: defineCollection({
    ...directoryObjectList,
    variants: [userResource, groupResource],
    from: sql`${groupMembers} ${presentMember}`,
    id: groupMembers.memberId,
    itemType: sql`'microsoft.graph.' || ${groupMembers.memberType}`,
    where: (tenantId) => eq(groupMembers.tenantId, tenantId),
  }),
  users: defineCollection({
    resource: userResource,
    from: joined(groupMembers, users, groupMembers.memberId),
    id: groupMembers.memberId,
    where: (tenantId) => and(eq(groupMembers.tenantId, tenantId), presentUser(tenantId)),
  }),
  groups: defineCollection({
    resource: groupResource,
    from: joined(groupMembers, groups, groupMembers.memberId),
    id: groupMembers.memberId,
    where: (tenantId) =>
      and(eq(groupMembers.tenantId, tenantId), eq(groupMembers.memberType, 'group'), presentGroup(tenantId)),
  }),
}

/** `GET /groups/{id}/owners`, to be narrowed to one group. */
export const owners: Required<Omit<Casts, 'groups'>> = {
  all: defineCollection({
    ...directoryObjectList,
    variants: [userResource],
    from: joined(groupOwners, users, groupOwners.ownerId),
    id: groupOwners.ownerId,
    itemType: sql`'microsoft.graph.user'`,
    where: (tenantId) => and(eq(groupOwners.tenantId, tenantId), presentUser(tenantId)),
  }),
  users: defineCollection({
    resource: userResource,
    from: joined(groupOwners, users, groupOwners.ownerId),
    id: groupOwners.ownerId,
    where: (tenantId) => and(eq(groupOwners.tenantId, tenantId), presentUser(tenantId)),
  }),
}

/** Groups that something is in, or owns: `memberOf`, `transitiveMemberOf`, `ownedObjects`; to be narrowed to ids. */
export const groupsOf: Required<Omit<Casts, 'users'>> = {
  all: defineCollection({
    ...directoryObjectList,
    variants: [groupResource],
    from: sql`${groups}`,
    id: groups.id,
    itemType: sql`'microsoft.graph.group'`,
    where: presentGroup,
  }),
  groups: groupCollection,
}

/** The memberships of one group. */
export function inGroup(groupId: string): SQL {
  return eq(groupMembers.groupId, groupId)
}

export function ownersOf(groupId: string): SQL {
  return eq(groupOwners.groupId, groupId)
}

export function onlyMember(memberId: string): SQL {
  return eq(groupMembers.memberId, memberId)
}

export function onlyGroup(groupId: string): SQL {
  return eq(groups.id, groupId)
}

/**
 * Groups with a direct membership of one member. The ids are read first, so that the work is that of the member's
 * groups, however many groups there are.
 */
export function holding(tenantId: string, memberId: string): SQL {
  return sql`${groups.id} = any (array(
    select m.group_id from ${groupMembers} m where m.tenant_id = ${tenantId}::uuid and m.member_id = ${memberId}::uuid))`
}

/** The same by way of other groups too. */
export function holdingTransitively(tenantId: string, memberId: string): SQL {
  return sql`${groups.id} = any (array(select group_id from directory_groups_of(${tenantId}::uuid, ${memberId}::uuid)))`
}

/** Groups that somebody owns. */
export function ownedBy(tenantId: string, ownerId: string): SQL {
  return sql`${groups.id} = any (array(
    select o.group_id from ${groupOwners} o where o.tenant_id = ${tenantId}::uuid and o.owner_id = ${ownerId}::uuid))`
}

/** Groups that do not hide who is in them, and those the reader is in. */
export function showingMembersTo(tenantId: string, readerId: string): SQL {
  return sql`(${groups.visibility} is distinct from 'HiddenMembership' or ${holdingTransitively(tenantId, readerId)})`
}

/** Memberships of a group and of the groups inside it, each member once. */
export function withinGroups(tenantId: string, groupIds: readonly string[]): SQL {
  const [only] = groupIds
  if (only && groupIds.length === 1) return inGroup(only)
  const within = sql`${`{${groupIds.join(',')}}`}::text::uuid[]`
  return sql`${groupMembers.groupId} = any (${within}) and not exists (
    select 1 from ${groupMembers} earlier where earlier.tenant_id = ${tenantId}::uuid
      and earlier.member_id = ${groupMembers.memberId} and earlier.group_id = any (${within})
      and earlier.group_id < ${groupMembers.groupId})`
}

function joined(
  links: typeof groupMembers | typeof groupOwners,
  objects: typeof users | typeof groups,
  id: SQLWrapper,
) {
  return sql`${links} join ${objects} on ${objects.tenantId} = ${links.tenantId} and ${objects.id} = ${id}`
}
