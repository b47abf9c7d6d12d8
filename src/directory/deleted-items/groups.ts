import { mustChange } from '../groups/change-members.js'
import { takenProperty } from '../groups/create-group.js'
import { applyRule } from '../groups/dynamic/apply-rule.js'
import { lockRules } from '../groups/dynamic/store.js'
import { deletedGroupResource, groupResource } from '../groups/group-resource.js'
import { readGroups, writeGroups } from '../groups/permissions.js'
import { deletedGroups } from '../groups/query.js'
import { mustListGroups } from '../groups/read-groups.js'
import { actorOf, recordChanges } from '../groups/record-changes.js'
import { eraseGroups, lockDeletedGroup, lockLapsedGroups, updateGroup } from '../groups/store.js'
import { refusals } from './errors.js'
import type { DeletedKind } from './kind.js'

/** Deleted groups: restored with members and owners, which stayed; one with a rule is brought up to date. */
export const deletedGroupKind: DeletedKind = {
  type: 'microsoft.graph.group',
  resource: deletedGroupResource,
  present: groupResource,
  collection: deletedGroups,
  mayRead: readGroups,
  mayChange: writeGroups,
  mustList: mustListGroups,

  async restore(needs, scope, caller, id) {
    // The rules come before the group, whether or not it turns out to have one.
    await lockRules(scope)
    const group = await lockDeletedGroup(scope, id)
    if (!group) throw refusals.notFound(id)
    await mustChange(scope, caller, group, 'whole', refusals.notFound)
    await updateGroup(scope, id, { deletedDateTime: null }).catch((error: unknown) => {
      throw takenProperty(error) ?? error
    })
    if (group.activeRule) await applyRule(needs, scope, id)
    await recordChanges(needs, scope, actorOf(caller), id, [{ activity: 'Restore Group' }])
  },

  async mustPurge(scope, caller, id) {
    const group = await lockDeletedGroup(scope, id)
    if (!group) throw refusals.notFound(id)
    await mustChange(scope, caller, group, 'whole', refusals.notFound)
  },

  lockLapsed: lockLapsedGroups,

  async purge(needs, scope, ids, actor) {
    await eraseGroups(scope, [...ids])
    for (const id of ids) await recordChanges(needs, scope, actor, id, [{ activity: 'Hard Delete group' }])
  },
}
