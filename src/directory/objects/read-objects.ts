import type { ReadContext } from '../../graph/odata/resource.js'
import { findVisibleGroup } from '../groups/read-groups.js'
import { groupView, readingOf, userView } from '../rules.js'
import { type Located, locateObjects } from './store.js'

/** Those of `ids` that the caller may see, and what they are; the others are left out (Graph: getByIds). */
export async function findVisibleObjects(context: ReadContext, ids: readonly string[]): Promise<Located[]> {
  const visible: Located[] = []
  for (const object of await locateObjects(context.scope, ids)) {
    if (await isVisible(context, object)) visible.push(object)
  }
  return visible
}

async function isVisible(context: ReadContext, { id, type }: Located): Promise<boolean> {
  const { caller } = context
  if (caller.kind === 'application') return true
  const reading = readingOf(caller)
  switch (type) {
    case 'microsoft.graph.user':
      return userView(caller, reading, { userId: id, way: 'named' }) !== 'nothing'
    case 'microsoft.graph.group':
      return (await findVisibleGroup(context, id)) !== undefined
    // Roles hold nothing of an organization: whoever sees a group that hides nothing sees them.
    case 'microsoft.graph.directoryRole':
      return groupView(caller, reading, { way: 'named', isMember: false, hidesMembership: false }) !== 'nothing'
  }
}
