import type { Caller } from '../../graph/caller.js'
import type { Precondition } from '../../graph/preferences.js'
import type { TenantScope } from '../../platform/database.js'
import { extensionChange } from '../extensions/change-values.js'
import { isExtensionName } from '../extensions/values.js'
import { replaceSearchedValues } from '../values-store.js'
import { addMembersWithin, mustChange } from './change-members.js'
import { refuseOneRuleMore, takenProperty } from './create-group.js'
import { applyRule } from './dynamic/apply-rule.js'
import { mustKnowExtensions } from './dynamic/known-extensions.js'
import { parseRule } from './dynamic/rule-parser.js'
import { lockRules } from './dynamic/store.js'
import { refusals } from './errors.js'
import type { GroupNeeds } from './needs.js'
import { actorOf, recordChanges } from './record-changes.js'
import { changeProblem, type GroupShape } from './rules.js'
import type { GroupChanges as Body } from './schema.js'
import { lockGroup, removeNestedGroups, updateGroup } from './store.js'
import type { GroupRow } from './tables.js'

/** What `PATCH /groups/{id}` asked for, its references read. */
export type GroupChanges = Omit<Body, 'members@odata.bind'>

const RULE_COLUMNS = ['isDynamic', 'membershipRule', 'membershipRuleProcessingState'] as const
const OF_RULE = ['groupTypes', 'membershipRule', 'membershipRuleProcessingState'] as const

/**
 * Changes properties of a group and adds members, all or nothing (Graph: group-update). Members alone take only the
 * permission to change members.
 * @throws Refusal: unknown group or member, a change that is not possible, a caller who may not.
 */
export async function changeGroup(
  needs: GroupNeeds,
  caller: Caller,
  id: string,
  changes: GroupChanges,
  memberIds: string[],
  mustBe: Precondition,
): Promise<void> {
  const names = Object.entries(changes).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (names.length > 0 && !mayWriteProperties(caller)) throw refusals.roleMissing()
  const isQueued = await needs.database.withTenant(caller.tenantId, async (scope) => {
    // The rules come before the group: so does everybody who changes a user and then a group.
    if (OF_RULE.some((name) => changes[name] !== undefined)) await lockRules(scope)
    const group = await lockedGroup(scope, id)
    // First of all: whoever may not change it learns nothing of it, not even which version it has.
    await mustChange(scope, caller, group, names.length > 0 ? 'properties' : 'members')
    mustBe(group.changedXid)
    const applied = names.length > 0 ? await changeProperties(needs, scope, caller, group, changes, names) : false
    await addMembersWithin(needs, scope, caller, id, memberIds)
    return applied
  })
  if (isQueued) needs.signal.raise('group.rule')
}

function mayWriteProperties({ permissions }: Caller): boolean {
  return permissions.has('Group.ReadWrite.All') || permissions.has('Directory.ReadWrite.All')
}

async function changeProperties(
  needs: GroupNeeds,
  scope: TenantScope,
  caller: Caller,
  group: GroupRow,
  changes: GroupChanges,
  names: string[],
): Promise<boolean> {
  const { id } = group
  const extensions = await extensionChange(scope, 'Group', changes, group.extensionValues)
  const change = {
    ...changeOf(group, changes),
    ...(extensions && { extensionValues: extensions.extensionValues }),
  }
  const touchesRule = RULE_COLUMNS.some((name) => change[name] !== group[name])
  if (touchesRule) await mustChange(scope, caller, group, 'rule')
  const problem = changeProblem(shapeOf(group), shapeOf({ ...group, ...change }))
  if (problem) throw problem
  if (touchesRule && change.membershipRule !== null) await mustKnowExtensions(scope, change.membershipRule)
  if (change.isDynamic && !group.isDynamic) await refuseOneRuleMore(scope)
  await updateGroup(scope, id, change).catch((error: unknown) => {
    throw takenProperty(error) ?? error
  })
  if (extensions) await replaceSearchedValues(scope, id, extensions.searched)
  await recordChanges(needs, scope, actorOf(caller), id, [{ activity: 'Update group', details: { properties: names } }])
  if (!touchesRule || !change.activeRule) return false
  await removeNestedGroups(scope, id)
  return (await applyRule(needs, scope, id)).isQueued
}

async function lockedGroup(scope: TenantScope, id: string): Promise<GroupRow> {
  const group = await lockGroup(scope, id)
  if (!group) throw refusals.notFound(id)
  return group
}

/** The columns to write: what was given, and what follows from it. */
function changeOf(group: GroupRow, changes: GroupChanges) {
  const { groupTypes, membershipRule: _rule, membershipRuleProcessingState: _state, ...plain } = changes
  const isDynamic = groupTypes === undefined ? group.isDynamic : groupTypes.includes('DynamicMembership')
  const membershipRule = ruleAfter(group, changes, isDynamic)
  const rule = membershipRule === null ? null : parseRule(membershipRule)
  const state = rule ? (changes.membershipRuleProcessingState ?? group.membershipRuleProcessingState ?? 'On') : null
  return {
    ...given(plain),
    isUnified: groupTypes === undefined ? group.isUnified : groupTypes.includes('Unified'),
    isDynamic,
    membershipRule,
    membershipRuleProcessingState: state,
    activeRule: state === 'On' ? rule : null,
  }
}

type Plain = Pick<
  GroupRow,
  | 'displayName'
  | 'description'
  | 'mailEnabled'
  | 'mailNickname'
  | 'securityEnabled'
  | 'visibility'
  | 'isAssignableToRole'
  | 'classification'
  | 'preferredLanguage'
  | 'preferredDataLocation'
  | 'theme'
>

function given(changes: { [Name in keyof Plain]?: Plain[Name] | undefined }): Partial<Plain> {
  return Object.fromEntries(
    Object.entries(changes).filter(([name, value]) => value !== undefined && !isExtensionName(name)),
  )
}

/** A group that becomes an assigned one keeps its members and loses its rule. */
function ruleAfter(group: GroupRow, changes: GroupChanges, isDynamic: boolean): string | null {
  if (changes.membershipRule !== undefined) return changes.membershipRule
  return isDynamic ? group.membershipRule : null
}

function shapeOf(group: GroupRow): GroupShape {
  const { isUnified, isDynamic, mailEnabled, securityEnabled, membershipRule } = group
  const visibility = group.visibility ?? 'Private'
  const isAssignableToRole = group.isAssignableToRole === true
  return { isUnified, isDynamic, mailEnabled, securityEnabled, membershipRule, visibility, isAssignableToRole }
}
