import { and, eq, isNotNull, isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Caller } from '../graph/caller.js'
import { defineCollection, entityRules } from '../graph/odata/collection.js'
import { groupResource } from './groups/group-resource.js'
import { showingMembersTo } from './groups/held/query.js'
import { itemOf } from './groups/query.js'
import { groups } from './groups/tables.js'
import type { Casts } from './link-routes.js'
import { directoryObjectResource } from './objects/directory-object.js'
import { groupView, readingOf, userView } from './rules.js'
import { userSponsors, users } from './tables.js'
import { deletedUserResource, userResource } from './user-resource.js'

const presentUser = (tenantId: string) => and(eq(users.tenantId, tenantId), isNull(users.deletedDateTime))
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
const related = (from: SQL, id: SQLWrapper): Casts => ({
  all: defineCollection({
    resource: directoryObjectResource,
    isRelated: true,
    variants: [userResource],
    from,
    id,
    itemType: USER_TYPE,
    where: presentUser,
  }),
  user: defineCollection({ resource: userResource, isRelated: true, from, id, where: presentUser }),
})

/** Those who report to a manager. */
export const reports = {
  casts: related(sql`${users}`, users.id),
  of: (managerId: string, caller: Caller) => and(eq(users.managerId, managerId), visibleRelated(caller)),
}

/** Those who answer for a user, people or groups. */
export const sponsors = {
  casts: {
    ...related(withUser(userSponsors.sponsorId), userSponsors.sponsorId),
    all: defineCollection({
      resource: directoryObjectResource,
      isRelated: true,
      variants: [userResource, groupResource],
      from: sql`${userSponsors} ${itemOf(users, userSponsors.tenantId, userSponsors.sponsorId, sql`true`)}
        ${itemOf(groups, userSponsors.tenantId, userSponsors.sponsorId, sql`true`)}`,
      id: userSponsors.sponsorId,
      itemType: sql`case when ${users.id} is null then 'microsoft.graph.group' else 'microsoft.graph.user' end`,
      where: (tenantId) =>
        and(eq(userSponsors.tenantId, tenantId), sql`(${users.id} is not null or ${groups.id} is not null)`),
    }),
  },
  of: (userId: string, caller: Caller) =>
    and(eq(userSponsors.userId, userId), visibleRelated(caller, userSponsors.sponsorId), visibleGroups(caller)),
}

/** Those whom a user answers for. */
export const sponsored = {
  casts: related(withUser(userSponsors.userId), userSponsors.userId),
  of: (sponsorId: string, caller: Caller) => and(eq(userSponsors.sponsorId, sponsorId), visibleRelated(caller)),
}

/** The user of an id in a list of other capabilities: what to join, and whether there is one. */
export function userItem(tenantId: SQLWrapper, id: SQLWrapper, isOne: SQL): { from: SQL; isThere: SQL } {
  return { from: itemOf(users, tenantId, id, isOne), isThere: sql`${users.id} is not null` }
}

function withUser(id: SQLWrapper): SQL {
  return sql`${userSponsors} join ${users} on ${users.tenantId} = ${userSponsors.tenantId} and ${users.id} = ${id}`
}

/** What a reader sees of people found through another one: all of them, or, where guests read nobody, only themselves. */
function visibleRelated(caller: Caller, id: SQLWrapper = users.id): SQL | undefined {
  const isOpen = userView(caller, readingOf(caller), { way: 'related' }) !== 'nothing'
  return isOpen ? undefined : sql`${id} = ${caller.objectId}`
}

/** Of sponsors that are groups: all of them, or those that hide nothing from the reader. */
function visibleGroups(caller: Caller): SQL | undefined {
  const hiding = { way: 'related', isMember: false, hidesMembership: true } as const
  const isOpen = groupView(caller, readingOf(caller), hiding) !== 'nothing'
  return isOpen ? undefined : showingMembersTo(caller.tenantId, caller.objectId, userSponsors.sponsorId)
}

/** Everything that has a name or address, and which. */
const named = sql`(
    select u.tenant_id, u.id, 'microsoft.graph.user' as type, u.user_principal_name_folded as name, u.mail_folded as mail
    from ${users} u where u.deleted_date_time is null
    union all
    select g.tenant_id, g.id, 'microsoft.graph.group', g.mail_folded, g.mail_folded
    from ${groups} g where g.deleted_date_time is null and g.mail_folded is not null
  ) as named`

/** Objects that a domain is needed for. Read in the order of ids until a page is full: for who wants to give one up. */
export const domainReferences = defineCollection({
  resource: directoryObjectResource,
  variants: [userResource, groupResource],
  from: named,
  id: sql`named.id`,
  itemType: sql`named.type`,
  where: (tenantId) => sql`named.tenant_id = ${tenantId}`,
  options: ['select', 'top', 'skiptoken', 'count'],
})
export const referencing = (domain: string) => {
  const end = `@${domain}`
  return sql`(right(named.name, ${end.length}) = ${end} or right(named.mail, ${end.length}) = ${end})`
}
/** `GET /directory/deletedItems/microsoft.graph.user`. */
export const deletedUsers = defineCollection({
  resource: deletedUserResource,
  from: sql`${users}`,
  id: users.id,
  where: (tenantId) => and(eq(users.tenantId, tenantId), isNotNull(users.deletedDateTime)),
})
