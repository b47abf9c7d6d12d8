import type { Link, ReadContext, Relation } from '../../graph/odata/resource.js'
import { directoryObjects } from '../objects/kinds.js'
import { firstGroupsOf, firstOwnedGroups, firstTransitiveGroupsOf } from './links-store.js'
import { showingMembers } from './read-groups.js'

/** What a user or group is in, for `$expand`. */
export const upwardRelations: Record<string, Relation> = {
  memberOf: relation(({ scope }, ids, most) => firstGroupsOf(scope, ids, most)),
  transitiveMemberOf: relation(({ scope }, ids, most) => firstTransitiveGroupsOf(scope, ids, most)),
}

/** What a user owns, for `$expand`. */
export const ownedRelation: Record<string, Relation> = {
  ownedObjects: relation(({ scope }, ids, most) => firstOwnedGroups(scope, ids, most)),
}

/** Of others, readers do not hear about groups that hide who is in them. */
function relation(load: NonNullable<Relation['load']>): Relation {
  return {
    type: 'microsoft.graph.directoryObject',
    isCollection: true,
    targets: directoryObjects,
    async load(context, ids, most) {
      const found = await load(context, ids, most)
      const shown = await shownGroups(context, [...found.values()].flat())
      return new Map(
        [...found].map(([id, links]) => [
          id,
          id === context.caller.objectId ? links : links.filter((link) => shown.has(link.id)),
        ]),
      )
    },
  }
}

async function shownGroups(context: ReadContext, links: readonly Link[]): Promise<Set<string>> {
  return new Set(await showingMembers(context, [...new Set(links.map(({ id }) => id))]))
}
