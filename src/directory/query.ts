import { and, eq, isNotNull, isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Caller } from '../graph/caller.js'
import { defineCollection, entityRules } from '../graph/odata/collection.js'
import { groupResource } from './groups/group-resource.js'
import { groups } from './groups/tables.js'
import { directoryObjectResource } from './objects/directory-object.js'
import { readingOf, userView } from './rules.js'
import { userSponsors, users } from './tables.js'
import { deletedUserResource, userResource } from './user-resource.js'

const presentUser = (tenantId: string) => and(eq(users.tenantId, tenantId), isNull(users.deletedDateTime))
const RELATED_OPTIONS = ['select', 'top', 'skiptoken', 'count'] as const
const USER_TYPE = sql`'microsoft.graph.user'`

/** `GET /users`: everybody who is not deleted. */
export const userCollection = defineCollection({
  resource: userResource,
  from: sql`${users}`,
  id: users.id,
  where: presentUser,
})

/** What `GET /users/{id}` understands; Graph wants `$count=true` beside `$levels` there. */
export const userRules = entityRules(userResource, ['select', 'expand', 'count'])

/** People found through another one: as directory objects, or cast to users. */
const related = (from: SQL, id: SQLWrapper) => ({
  objects: defineCollection({
    resource: directoryObjectResource,
    variants: [userResource],
    from,
    id,
    itemType: USER_TYPE,
    where: presentUser,
    options: RELATED_OPTIONS,
  }),
  users: defineCollection({ resource: userResource, from, id, where: presentUser }),
})

/** Those who report to a manager. */
export const reports = related(sql`${users}`, users.id)
export const reportsOf = (managerId: string, caller: Caller) =>
  and(eq(users.managerId, managerId), visibleRelated(caller))

/** One look-up a row, by the key: a sponsor may be a user or a group, and a deleted one is none. */
const presentSponsor = sql`cross join lateral (
    select 'microsoft.graph.user' as type from ${users} u
    where u.tenant_id = ${userSponsors.tenantId} and u.id = ${userSponsors.sponsorId} and u.deleted_date_time is null
    union all
    select 'microsoft.graph.group' from ${groups} g
    where g.tenant_id = ${userSponsors.tenantId} and g.id = ${userSponsors.sponsorId} and g.deleted_date_time is null
  ) as sponsor`

/** Those who answer for a user. */
export const sponsors = {
  objects: defineCollection({
    resource: directoryObjectResource,
    variants: [userResource, groupResource],
    from: sql`${userSponsors} ${presentSponsor}`,
    id: userSponsors.sponsorId,
    itemType: sql`sponsor.type`,
    where: (tenantId) => eq(userSponsors.tenantId, tenantId),
    options: RELATED_OPTIONS,
  }),
  users: related(
    sql`${userSponsors} join ${users} on ${users.tenantId} = ${userSponsors.tenantId} and ${users.id} = ${userSponsors.sponsorId}`,
    userSponsors.sponsorId,
  ).users,
}
export const sponsorsOf = (userId: string, caller: Caller) =>
  and(eq(userSponsors.userId, userId), visibleRelated(caller, userSponsors.sponsorId))

/** Those whom a user answers for. */
export const sponsored = related(
  sql`${userSponsors} join ${users} on ${users.tenantId} = ${userSponsors.tenantId} and ${users.id} = ${userSponsors.userId}`,
  userSponsors.userId,
)
export const sponsoredBy = (sponsorId: string, caller: Caller) =>
  and(eq(userSponsors.sponsorId, sponsorId), visibleRelated(caller))

/** What a reader sees of people found through another one: all of them, or, where guests read nobody, only themselves. */
function visibleRelated(caller: Caller, id: SQLWrapper = users.id): SQL | undefined {
  const isOpen = userView(caller, readingOf(caller), { way: 'related' }) !== 'nothing'
  return isOpen ? undefined : sql`${id} = ${caller.objectId}`
}

/** `GET /directory/deletedItems/microsoft.graph.user`. */
export const deletedUsers = defineCollection({
  resource: deletedUserResource,
  from: sql`${users}`,
  id: users.id,
  where: (tenantId) => and(eq(users.tenantId, tenantId), isNotNull(users.deletedDateTime)),
})
