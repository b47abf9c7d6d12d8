import type { Link, ReadContext, Relation } from '../../graph/odata/resource.js'
import { directoryObjects } from '../objects/kinds.js'
import { maySeeRoles, readingOf } from '../rules.js'
import { firstOwned } from './held/owned-store.js'
import { firstGroupsOf, firstRolesOf, firstTransitiveGroupsOf } from './links-store.js'
import { showingMembers } from './read-groups.js'
import { mustReadMembershipsOf } from './visible-members.js'

/** What a user or group is in, for `$expand`. */
export const upwardRelations: Record<string, Relation> = {
  memberOf: relation(async ({ scope }, ids, most) =>
    together(await firstGroupsOf(scope, ids, most), await firstRolesOf(scope, ids, most, 'direct')),
  ),
  transitiveMemberOf: relation(async ({ scope }, ids, most) =>
    together(await firstTransitiveGroupsOf(scope, ids, most), await firstRolesOf(scope, ids, most, 'transitive')),
  ),
}

/** What a user owns, for `$expand`. */
export const ownedRelation: Record<string, Relation> = {
  ownedObjects: relation(({ scope }, ids, most) => firstOwned(scope, ids, most)),
}

type Links = ReadonlyMap<string, readonly Link[]>

function together(groups: Links, roles: Links): Links {
  const ids = new Set([...groups.keys(), ...roles.keys()])
  return new Map([...ids].map((id) => [id, [...(groups.get(id) ?? []), ...(roles.get(id) ?? [])]]))
}

/** Of others, readers do not hear about groups that hide who is in them. */
function relation(load: NonNullable<Relation['load']>): Relation {
  return {
    type: 'microsoft.graph.directoryObject',
    isCollection: true,
    targets: directoryObjects,
    async load(context, ids, most) {
      mustReadMembershipsOf(context.caller, ids)
      const found = await load(context, ids, most)
      const shown = await shownGroups(context, [...found.values()].flat())
      return new Map(
        [...found].map(([id, links]) => [
          id,
          id === context.caller.objectId
            ? links
            : links.filter((link) => shown.has(link.id) && isHeardOf(context, id, link)),
        ]),
      )
    },
  }
}

function isHeardOf({ caller }: ReadContext, holderId: string, { type }: Link): boolean {
  return type !== 'microsoft.graph.directoryRole' || maySeeRoles(caller, readingOf(caller), holderId)
}

async function shownGroups(context: ReadContext, links: readonly Link[]): Promise<Set<string>> {
  return new Set(await showingMembers(context, [...new Set(links.map(({ id }) => id))]))
}
