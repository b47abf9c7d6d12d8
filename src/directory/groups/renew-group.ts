import type { Caller } from '../../graph/caller.js'
import { groupToChange } from './change-members.js'
import type { GroupNeeds } from './needs.js'
import { actorOf, recordChanges } from './record-changes.js'
import { updateGroup } from './store.js'

/**
 * Notes that a group is still needed (Graph: group-renew): `renewedDateTime` is now. No group expires here, so there is
 * no end to move. @throws Refusal: unknown group, or a caller who may not.
 */
export function renewGroup(
  needs: Pick<GroupNeeds, 'database' | 'clock' | 'newId'>,
  caller: Caller,
  id: string,
): Promise<void> {
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    await groupToChange(scope, caller, id, 'properties')
    await updateGroup(scope, id, { renewedDateTime: needs.clock() })
    await recordChanges(needs, scope, actorOf(caller), id, [{ activity: 'Renew group' }])
  })
}
