import type { ReadContext } from '../../graph/odata/resource.js'
import { findVisibleGroups } from '../groups/read-groups.js'
import { maySeeRoles, readingOf, userView } from '../rules.js'
import { objectsElsewhere } from './kinds.js'
import { type Located, locateObjects } from './store.js'

/** An object, and what it is. */
export type Found = { id: string; type: string }

/** Those of `ids` that the caller may see, and what they are; the others are left out (Graph: getByIds). */
export async function findVisibleObjects(context: ReadContext, ids: readonly string[]): Promise<Found[]> {
  const visible: Found[] = await visibleHere(context, ids)
  const known = new Set(visible.map(({ id }) => id))
  const others = ids.filter((id) => !known.has(id))
  for (const [type, { find }] of others.length > 0 ? objectsElsewhere() : []) {
    for (const id of await find(context, others)) visible.push({ id, type })
  }
  return visible
}

async function visibleHere(context: ReadContext, ids: readonly string[]): Promise<Located[]> {
  const found = await locateObjects(context.scope, ids)
  const { caller } = context
  if (caller.kind === 'application') return found
  const reading = readingOf(caller)
  const groupIds = found.flatMap(({ id, type }) => (type === 'microsoft.graph.group' ? [id] : []))
  const groups = await findVisibleGroups(context, groupIds)
  const isVisible = ({ id, type }: Located): boolean => {
    switch (type) {
      case 'microsoft.graph.user':
        return userView(caller, reading, { userId: id, way: 'named' }) !== 'nothing'
      case 'microsoft.graph.group':
        return groups.has(id)
      case 'microsoft.graph.directoryRole':
        return maySeeRoles(caller, reading)
    }
  }
  return found.filter(isVisible)
}
