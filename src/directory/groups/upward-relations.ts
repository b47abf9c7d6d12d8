import type { Caller } from '../../graph/caller.js'
import type { Link, ReadContext, Relation } from '../../graph/odata/resource.js'
import { directoryObjects } from '../objects/kinds.js'
import { maySeeRoles, readingOf } from '../rules.js'
import { firstOwned } from './held/owned-store.js'
import { firstGroupsOf, firstRolesOf, firstTransitiveGroupsOf } from './links-store.js'
import { showingMembers } from './read-groups.js'

/** Refuses a caller for whom what these are in is not, since `$expand` comes by objects on many ways. */
type MustRead = (caller: Caller, ids: readonly string[]) => void

/** What a user or group is in, for `$expand`. */
export function upwardRelations(mustRead: MustRead): Record<string, Relation> {
  return {
    memberOf: relation(mustRead, async ({ scope }, ids, most) =>
      together(await firstGroupsOf(scope, ids, most), await firstRolesOf(scope, ids, most, 'direct')),
    ),
    transitiveMemberOf: relation(mustRead, async ({ scope }, ids, most) =>
      together(await firstTransitiveGroupsOf(scope, ids, most), await firstRolesOf(scope, ids, most, 'transitive')),
    ),
  }
}

/** What a user owns, for `$expand`. */
export function ownedRelation(mustRead: MustRead): Record<string, Relation> {
  return { ownedObjects: relation(mustRead, ({ scope }, ids, most) => firstOwned(scope, ids, most)) }
}

type Links = ReadonlyMap<string, readonly Link[]>

function together(groups: Links, roles: Links): Links {
  const ids = new Set([...groups.keys(), ...roles.keys()])
  return new Map([...ids].map((id) => [id, [...(groups.get(id) ?? []), ...(roles.get(id) ?? [])]]))
}

/** Of others, readers do not hear about groups that hide who is in them. */
function relation(mustRead: MustRead, load: NonNullable<Relation['load']>): Relation {
  return {
    type: 'microsoft.graph.directoryObject',
    isCollection: true,
    targets: directoryObjects,
    async load(context, ids, most) {
      mustRead(context.caller, ids)
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
