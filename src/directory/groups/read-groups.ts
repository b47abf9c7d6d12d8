import type { Caller } from '../../graph/caller.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { groupView, maySeeMembers, readingOf, type View } from '../rules.js'
import { refusals } from './errors.js'
import { hidingMembers, isMember, membershipsAmong } from './member-store.js'
import { findGroup, findGroupByUniqueName, findGroups } from './store.js'
import type { GroupRow } from './tables.js'

const hidesMembership = ({ visibility }: Pick<GroupRow, 'visibility'>) => visibility === 'HiddenMembership'

/** The id of a group that the caller may see; undefined when there is none. */
export async function findVisibleGroup(context: ReadContext, id: string): Promise<string | undefined> {
  const group = await findGroup(context.scope, id)
  return group && (await seesGroup(context, group)) ? group.id : undefined
}

/** The same by its unique name. */
export async function findVisibleGroupNamed(context: ReadContext, uniqueName: string): Promise<string | undefined> {
  const group = await findGroupByUniqueName(context.scope, uniqueName)
  return group && (await seesGroup(context, group)) ? group.id : undefined
}

/** Those of `ids` that are groups the caller may see, looked up together however many they are. */
export async function findVisibleGroups({ scope, caller }: ReadContext, ids: readonly string[]): Promise<Set<string>> {
  const found = await findGroups(scope, [...ids])
  const seen = (isIn: boolean) =>
    found.flatMap((group) => (viewOf(caller, group, isIn) === 'nothing' ? [] : [group.id]))
  const anyway = new Set(seen(false))
  const asMember = seen(true).filter((id) => !anyway.has(id))
  return new Set([...anyway, ...(await membershipsAmong(scope, caller.objectId, asMember))])
}

/** @throws Refusal when the caller may not see a list of all groups. */
export async function mustListGroups({ caller }: ReadContext): Promise<undefined> {
  const all = { way: 'listed', isMember: false, hidesMembership: false } as const
  if (groupView(caller, readingOf(caller), all) === 'nothing') throw refusals.roleMissing()
}

/** @throws Refusal for a group that is not there for the caller, or whose members and owners they may not see. */
export async function mustSeeMembers(context: ReadContext, id: string): Promise<void> {
  const group = await findGroup(context.scope, id)
  if (!group || !(await seesGroup(context, group))) throw refusals.notFound(id)
  if (await seesMembersOf(context, group)) return
  throw refusals.roleMissing()
}

/** Those of `ids` whose members and owners the caller may see: all of them groups the caller sees. */
export async function showingMembers(context: ReadContext, ids: readonly string[]): Promise<string[]> {
  if (!seesMoreThanIds(context.caller)) return []
  if (seesHiddenMembers(context.caller)) return [...ids]
  const hiding = await hidingMembers(context.scope, ids)
  if (hiding.length === 0) return [...ids]
  const own = await membershipsAmong(context.scope, context.caller.objectId, hiding)
  return ids.filter((id) => !hiding.includes(id) || own.includes(id))
}

/** Whether a caller sees anything of groups but the ids of their own. */
export function seesMoreThanIds(caller: Caller): boolean {
  const own = { way: 'related', isMember: true, hidesMembership: false } as const
  return groupView(caller, readingOf(caller), own) === 'everything'
}

/** Whether a caller sees who is in a group that hides it without being in it themselves. */
export function seesHiddenMembers(caller: Caller): boolean {
  return maySeeMembers(caller, readingOf(caller), { way: 'related', isMember: false, hidesMembership: true })
}

/** Whether a caller who names a group sees it. Membership is looked up only when it decides something. */
export async function seesGroup(
  { scope, caller }: Pick<ReadContext, 'scope' | 'caller'>,
  group: GroupRow,
): Promise<boolean> {
  if (viewOf(caller, group, false) !== 'nothing') return true
  return viewOf(caller, group, true) !== 'nothing' && (await isMember(scope, group.id, caller.objectId))
}

function viewOf(caller: Caller, group: GroupRow, isIn: boolean): View {
  return groupView(caller, readingOf(caller), { way: 'named', isMember: isIn, hidesMembership: hidesMembership(group) })
}

async function seesMembersOf({ scope, caller }: ReadContext, group: GroupRow): Promise<boolean> {
  const may = (isIn: boolean) =>
    maySeeMembers(caller, readingOf(caller), { way: 'named', isMember: isIn, hidesMembership: hidesMembership(group) })
  if (may(false)) return true
  return may(true) && (await isMember(scope, group.id, caller.objectId))
}
