import type { ReadContext } from '../../graph/odata/resource.js'
import { findVisibleGroup } from '../groups/read-groups.js'
import { readingOf, userView } from '../rules.js'
import { objectsElsewhere } from './kinds.js'
import { locateObjects } from './store.js'

export type Located = { id: string; type: string }

/** Those of `ids` that the caller may see, and what they are; the others are left out (Graph: getByIds). */
export async function findVisibleObjects(context: ReadContext, ids: readonly string[]): Promise<Located[]> {
  const visible: Located[] = []
  for (const object of await locateObjects(context.scope, ids)) {
    if (await isVisible(context, object)) visible.push(object)
  }
  const known = new Set(visible.map(({ id }) => id))
  const others = ids.filter((id) => !known.has(id))
  for (const [type, { find }] of others.length > 0 ? objectsElsewhere() : []) {
    for (const id of await find(context, others)) visible.push({ id, type })
  }
  return visible
}

async function isVisible(context: ReadContext, { id, type }: Located): Promise<boolean> {
  const { caller } = context
  if (caller.kind === 'application') return true
  if (type === 'microsoft.graph.user') {
    return userView(caller, readingOf(caller), { userId: id, way: 'named' }) !== 'nothing'
  }
  return (await findVisibleGroup(context, id)) !== undefined
}
