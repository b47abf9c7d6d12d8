import type { Caller } from '../../graph/caller.js'
import type { Precondition } from '../../graph/preferences.js'
import { Refusal } from '../../kernel/refusal.js'
import { changeGroup, type GroupChanges } from './change-group.js'
import { isThereFor } from './change-members.js'
import { createGroup, type GroupWish } from './create-group.js'
import { refusals } from './errors.js'
import type { GroupNeeds } from './needs.js'
import { createGroups } from './permissions.js'
import { findGroupByUniqueName } from './store.js'
import type { GroupRow } from './tables.js'

/**
 * Changes the group of a unique name, or creates it if the client prefers that (Graph: group-upsert). Returns the group
 * when it was created. Of two who create one at once, the second changes what the first made.
 * @throws Refusal: no such group, and everything that creating and changing refuse.
 */
export async function upsertGroup(
  needs: GroupNeeds,
  caller: Caller,
  uniqueName: string,
  wish: { create: (() => GroupWish) | undefined; changes: GroupChanges; memberIds: string[] },
  mustBe: Precondition,
): Promise<GroupRow | undefined> {
  const change = async () => {
    const group = await needs.database.withTenant(caller.tenantId, async (scope) => {
      const found = await findGroupByUniqueName(scope, uniqueName)
      return found && (await isThereFor(scope, caller, found)) ? found : undefined
    })
    if (!group) return false
    await changeGroup(needs, caller, group.id, wish.changes, wish.memberIds, mustBe)
    return true
  }
  if (await change()) return undefined
  if (!wish.create) throw refusals.notFound(uniqueName)
  const allowed = createGroups[caller.kind === 'application' ? 'application' : 'delegated']
  if (!allowed.some((name) => caller.permissions.has(name))) throw refusals.roleMissing()
  try {
    return await createGroup(needs, caller, { ...wish.create(), uniqueName })
  } catch (error) {
    const wasFaster =
      error instanceof Refusal && error.code === 'propertyTaken' && error.details.target === 'uniqueName'
    if (!wasFaster) throw error
    if (!(await change())) throw error
    return undefined
  }
}
