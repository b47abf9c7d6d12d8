import type { Caller } from '../../graph/caller.js'
import type { Refusal } from '../../kernel/refusal.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { refusals } from './errors.js'
import {
  addMembers,
  addOwners,
  isOwner,
  joinGroups,
  type MemberOutcome,
  removeMember,
  removeOwner,
} from './member-store.js'
import type { GroupNeeds } from './needs.js'
import { seesGroup } from './read-groups.js'
import { actorOf, recordChanges } from './record-changes.js'
import { type GroupPart, MAX_OWNERS, mayChangeGroup } from './rules.js'
import { findGroup, findGroups, ownedAmong } from './store.js'
import type { GroupRow } from './tables.js'

type Needs = Pick<GroupNeeds, 'database' | 'clock' | 'newId'>

/**
 * Adds members, all or none (Graph: group-post-members).
 * @throws Refusal: unknown group or member, one who is a member already, a group that fills itself, groups that do not
 * nest, a caller who may not.
 */
export function addGroupMembers(
  needs: Needs,
  caller: Caller,
  groupId: string,
  memberIds: string[],
  idempotent?: IdempotentRequest,
): Promise<void> {
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    await groupToChange(scope, caller, groupId, 'members')
    if (await madeBefore(scope, idempotent, groupId, needs.clock())) return
    await addMembersWithin(needs, scope, caller, groupId, memberIds)
  })
}

/** The same inside a transaction, for whoever has already decided that the caller may. */
export async function addMembersWithin(
  needs: Pick<Needs, 'clock' | 'newId'>,
  scope: TenantScope,
  caller: Caller,
  groupId: string,
  memberIds: string[],
): Promise<void> {
  const ids = distinct(memberIds)
  if (ids.length === 0) return
  refuseOutcome(await addMembers(scope, groupId, ids), groupId, 'members')
  await recordEach(needs, scope, caller, groupId, 'Add member to group', ids)
}

/** Removes a member (Graph: group-delete-members). @throws Refusal as above, and when nobody is there to remove. */
export function removeGroupMember(needs: Needs, caller: Caller, groupId: string, memberId: string): Promise<void> {
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    await groupToChange(scope, caller, groupId, 'members')
    refuseOutcome(await removeMember(scope, groupId, memberId), groupId, 'members')
    await recordEach(needs, scope, caller, groupId, 'Remove member from group', [memberId])
  })
}

/** Adds an owner (Graph: group-post-owners): a user, a hundred of them at most. */
export function addGroupOwner(
  needs: Needs,
  caller: Caller,
  groupId: string,
  ownerId: string,
  idempotent?: IdempotentRequest,
): Promise<void> {
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    await groupToChange(scope, caller, groupId, 'owners')
    if (await madeBefore(scope, idempotent, groupId, needs.clock())) return
    await addOwnersWithin(needs, scope, caller, groupId, [ownerId])
  })
}

/** The same inside a transaction, for whoever has already decided that the caller may. */
export async function addOwnersWithin(
  needs: Pick<Needs, 'clock' | 'newId'>,
  scope: TenantScope,
  caller: Caller,
  groupId: string,
  ownerIds: string[],
): Promise<void> {
  const ids = distinct(ownerIds)
  if (ids.length === 0) return
  refuseOutcome(await addOwners(scope, groupId, ids, MAX_OWNERS), groupId, 'owners')
  await recordEach(needs, scope, caller, groupId, 'Add owner to group', ids)
}

/** Removes an owner who is not the last (Graph: group-delete-owners). */
export function removeGroupOwner(needs: Needs, caller: Caller, groupId: string, ownerId: string): Promise<void> {
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    await groupToChange(scope, caller, groupId, 'owners')
    refuseOutcome(await removeOwner(scope, groupId, ownerId), groupId, 'owners')
    await recordEach(needs, scope, caller, groupId, 'Remove owner from group', [ownerId])
  })
}

/** Permissions that let a client change the members of groups, in whoever's name it does. */
export const MEMBER_WRITERS = ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'] as const

/**
 * Makes a user a member of several groups, in the caller's transaction: for invitations that name groups. Groups the
 * user is in already stay as they are.
 * @throws Refusal: a permission that is missing, an unknown group, one that fills itself or that the caller may not change.
 */
export async function addUserToGroups(
  needs: Pick<Needs, 'clock' | 'newId'>,
  scope: TenantScope,
  groupIds: string[],
  userId: string,
  caller: Caller,
): Promise<void> {
  const ids = distinct(groupIds)
  if (ids.length === 0) return
  if (!MEMBER_WRITERS.some((name) => caller.permissions.has(name))) throw refusals.roleMissing()
  const found = new Map((await findGroups(scope, ids)).map((group) => [group.id, group]))
  const owned = await ownedAmong(scope, caller.objectId, ids)
  for (const id of ids) {
    const group = found.get(id)
    if (!group) throw refusals.notFound(id)
    const question = { isAssignableToRole: group.isAssignableToRole === true, isOwner: owned.has(id) }
    if (mayChangeGroup(caller, question, 'members')) continue
    throw (await seesGroup({ scope, caller }, group)) ? refusals.roleMissing() : refusals.notFound(id)
  }
  refuseOutcome(await joinGroups(scope, userId, ids), userId, 'members')
  for (const id of ids) await recordEach(needs, scope, caller, id, 'Add member to group', [userId])
}

/** A group of which the caller may change a part. @throws Refusal: unknown, or not theirs to change. */
export async function groupToChange(
  scope: TenantScope,
  caller: Caller,
  groupId: string,
  part: GroupPart,
): Promise<GroupRow> {
  const group = await findGroup(scope, groupId)
  if (!group) throw refusals.notFound(groupId)
  await mustChange(scope, caller, group, part)
  return group
}

/**
 * @throws Refusal for a caller who may not change this part of a group: of one that they do not see, as of one that is
 * not there, since two answers would tell which there are.
 */
export async function mustChange(
  scope: TenantScope,
  caller: Caller,
  group: GroupRow,
  part: GroupPart,
  notFound: (id: string) => Refusal = refusals.notFound,
): Promise<void> {
  if (await mayChange(scope, caller, group, part)) return
  throw (await seesGroup({ scope, caller }, group)) ? refusals.roleMissing() : notFound(group.id)
}

/** Whether a group is there for a caller who wants to change it: they see it, or it is theirs to change. */
export async function isThereFor(scope: TenantScope, caller: Caller, group: GroupRow): Promise<boolean> {
  return (await seesGroup({ scope, caller }, group)) || (await mayChange(scope, caller, group, 'properties'))
}

async function mayChange(
  scope: TenantScope,
  caller: Caller,
  group: Pick<GroupRow, 'id' | 'isAssignableToRole'>,
  part: GroupPart,
): Promise<boolean> {
  const owns = caller.kind === 'user' && (await isOwner(scope, group.id, caller.objectId))
  return mayChangeGroup(caller, { isAssignableToRole: group.isAssignableToRole === true, isOwner: owns }, part)
}

function refuseOutcome(found: MemberOutcome | undefined, id: string, property: 'members' | 'owners'): void {
  switch (found?.outcome) {
    case undefined:
      return
    case 'groupGone':
      throw refusals.notFound(id)
    case 'notFound':
      throw refusals.notFound(found.id)
    case 'alreadyThere':
      throw refusals.referenceExists(property)
    case 'dynamic':
      throw refusals.dynamicMembership()
    case 'notNestable':
      throw refusals.notNestable(found.id)
    case 'circle':
      throw refusals.circle(found.id)
    case 'lastOwner':
      throw refusals.lastOwner()
    case 'tooMany':
      throw refusals.tooManyOwners(found.count, MAX_OWNERS)
  }
}

function recordEach(
  needs: Pick<Needs, 'clock' | 'newId'>,
  scope: TenantScope,
  caller: Caller,
  groupId: string,
  activity: Parameters<typeof recordChanges>[4][number]['activity'],
  ids: readonly string[],
): Promise<void> {
  const activities = ids.map((objectId) => ({ activity, objectId }))
  return recordChanges(needs, scope, actorOf(caller), groupId, activities)
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)]
}
