import type { Caller } from '../../graph/caller.js'
import type { Precondition } from '../../graph/preferences.js'
import { isThereFor, mustChange } from './change-members.js'
import { refusals } from './errors.js'
import type { GroupNeeds } from './needs.js'
import { actorOf, recordChanges } from './record-changes.js'
import { findGroupByUniqueName, lockGroup, updateGroup } from './store.js'

/**
 * Soft-deletes a group (Graph: group-delete): invisible at once, with every membership it gave; restoring brings them
 * back.
 * @throws Refusal: unknown group, or a caller who may not.
 */
export function deleteGroup(
  needs: Pick<GroupNeeds, 'database' | 'clock' | 'newId'>,
  caller: Caller,
  id: string,
  mustBe?: Precondition,
): Promise<void> {
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const group = await lockGroup(scope, id)
    if (!group) throw refusals.notFound(id)
    await mustChange(scope, caller, group, 'whole')
    mustBe?.(group.changedXid)
    await updateGroup(scope, id, { deletedDateTime: needs.clock() })
    await recordChanges(needs, scope, actorOf(caller), id, [{ activity: 'Delete group' }])
  })
}

/** The same of the group of a unique name. @throws Refusal as above. */
export async function deleteGroupNamed(
  needs: Pick<GroupNeeds, 'database' | 'clock' | 'newId'>,
  caller: Caller,
  uniqueName: string,
  mustBe?: Precondition,
): Promise<void> {
  const id = await needs.database.withTenant(caller.tenantId, async (scope) => {
    const found = await findGroupByUniqueName(scope, uniqueName)
    return found && (await isThereFor(scope, caller, found)) ? found.id : undefined
  })
  if (id === undefined) throw refusals.notFound(uniqueName)
  await deleteGroup(needs, caller, id, mustBe)
}
