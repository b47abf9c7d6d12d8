import { and, eq, isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { defineCollection } from '../../../graph/odata/collection.js'
import { lazily } from '../../../kernel/lazily.js'
import type { Casts } from '../../link-routes.js'
import { directoryObjectResource } from '../../objects/directory-object.js'
import { directoryObjects, objectsElsewhere, searchedBy } from '../../objects/kinds.js'
import { directoryRoleId, directoryRoles, roleResource } from '../../roles/role-resource.js'
import { groupResource } from '../group-resource.js'
import { itemOf } from '../query.js'
import { groups } from '../tables.js'
import { ownedRows, presentOwned } from './owned-store.js'
import { groupsHolding, HELD, rolesHeld } from './store.js'

const GROUP = 'microsoft.graph.group'
const ROLE = 'microsoft.graph.directoryRole'

const presentGroup = (tenantId: string) => and(eq(groups.tenantId, tenantId), isNull(groups.deletedDateTime))
const list = {
  set: 'directoryObjects',
  resource: directoryObjectResource,
  itemType: sql.raw('held.type'),
  isRelated: true,
} as const

const castToGroups = defineCollection({
  resource: groupResource,
  isRelated: true,
  from: sql`${groups} cross join lateral (select ${groups.id} as id) as held`,
  id: HELD,
  where: presentGroup,
})

/** `memberOf` and `transitiveMemberOf`: groups and directory roles; to be narrowed to what one object holds. */
export const heldBy: Casts = {
  all: defineCollection({
    ...list,
    variants: [groupResource, roleResource],
    // The roles are the same for every organization, and stand in none.
    from: sql`(select tenant_id, id, ${GROUP}::text as type from ${groups}
        union all select current_setting('vestibule.tenant')::uuid, id, ${ROLE}::text from ${directoryRoles}) as held
      ${itemOf(groups, sql.raw('held.tenant_id'), HELD, sql`held.type = ${GROUP}::text`)}
      left join ${directoryRoles} on ${directoryRoleId} = held.id`,
    id: HELD,
    where: (tenantId) =>
      sql`held.tenant_id = ${tenantId}::uuid and (${groups.id} is not null or ${directoryRoleId} is not null)`,
  }),
  group: castToGroups,
  directoryRole: defineCollection({
    resource: roleResource,
    isRelated: true,
    from: sql`${directoryRoles} cross join lateral (select ${directoryRoleId} as id) as held`,
    id: HELD,
    where: () => undefined,
  }),
}

/** `ownedObjects`: groups and what other capabilities keep; to be narrowed to one owner. Ask once all types are known. */
export const owned = lazily((): Casts => {
  const types = directoryObjects().flatMap((resource) => {
    const kept = objectsElsewhere().get(resource.type)
    return kept ? [{ resource, ...kept.owned }] : []
  })
  const casts = types.map(({ resource, rows }) => {
    const cast = defineCollection({
      resource,
      isRelated: true,
      from: sql`${rows.from} cross join lateral (select ${rows.id} as id) as held`,
      id: HELD,
      where: (tenantId) => sql`${rows.tenantId} = ${tenantId}::uuid and ${rows.present}`,
    })
    return [resource.type.replace('microsoft.graph.', ''), cast]
  })
  return {
    all: defineCollection({
      ...list,
      variants: [groupResource, ...types.map(({ resource, searched }) => searchedBy(resource, searched))],
      from: ownedRows(),
      id: HELD,
      where: presentOwned,
    }),
    group: castToGroups,
    ...Object.fromEntries(casts),
  }
})

/** Both conditions, or the one there is. */
export function both(one: SQL, other: SQL | undefined): SQL {
  return and(one, other) ?? one
}

/** What something is in or holds. The ids are read first, so that the work is that of its groups, however many there are. */
export function holding(
  tenantId: string,
  memberId: string,
  { way, withRoles }: { way: 'direct' | 'transitive'; withRoles: boolean },
): SQL {
  const roles = withRoles ? sql` union all ${rolesHeld(tenantId, memberId, way)}` : sql``
  return sql`${HELD} = any (array(${groupsHolding(tenantId, memberId, way)}${roles}))`
}

/** All but groups that hide who is in them from a reader who is not. */
export function showingMembersTo(tenantId: string, readerId: string, id: SQLWrapper = HELD): SQL {
  return sql`(not exists (select 1 from ${groups} hiding where hiding.tenant_id = ${tenantId}::uuid
    and hiding.id = ${id} and hiding.visibility = 'HiddenMembership')
    or ${id} = any (array(${groupsHolding(tenantId, readerId, 'transitive')})))`
}

/** The same of all groups there are. */
export function groupsShowingMembersTo(tenantId: string, readerId: string): SQL {
  return showingMembersTo(tenantId, readerId, groups.id)
}
