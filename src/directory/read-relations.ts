import { expandInto } from '../graph/odata/expand.js'
import type { Entity, ReadContext } from '../graph/odata/resource.js'
import { refusals } from './errors.js'
import { visibleUser } from './read-users.js'
import { readManagers } from './relations-store.js'
import { readingOf, userView } from './rules.js'
import { userResource } from './user-resource.js'

/** Id of the manager of a user whom the caller may see, if they may see the manager too. @throws Refusal without one. */
export async function findVisibleManager(context: ReadContext, idOrName: string): Promise<string> {
  const { scope, caller } = context
  const id = await visibleUser(context, idOrName)
  const managerId = (await readManagers(scope, [id])).get(id)
  const isHidden =
    managerId !== undefined && userView(caller, readingOf(caller), { userId: managerId, way: 'related' }) === 'nothing'
  if (managerId === undefined || isHidden) throw refusals.relationEmpty('manager')
  return managerId
}

/** The manager as a directory object (Graph: user-list-manager). @throws Refusal */
export async function readManager(
  context: ReadContext,
  idOrName: string,
  options: { select?: string[]; expand?: Parameters<typeof expandInto>[3] },
): Promise<Entity> {
  const managerId = await findVisibleManager(context, idOrName)
  const entity = (await userResource.render(context, [managerId], options.select)).get(managerId)
  if (!entity) throw refusals.relationEmpty('manager')
  await expandInto(context, userResource, [{ id: managerId, entity }], options.expand)
  return { '@odata.type': `#${userResource.type}`, ...entity }
}
