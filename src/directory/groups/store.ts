import { and, asc, count, eq, inArray, isNotNull, isNull, lt } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { eraseOpenExtensions } from '../extensions/open-extensions-store.js'
import { eraseSearchedValues } from '../values-store.js'
import { type GroupRow, groupMembers, groupOwners, groups, type NewGroup } from './tables.js'

export type GroupChange = Partial<Omit<NewGroup, 'tenantId' | 'id'>>

const own = (scope: TenantScope) => eq(groups.tenantId, scope.tenantId)
const present = isNull(groups.deletedDateTime)

/** A group that is not deleted. */
export async function findGroup(scope: TenantScope, id: string): Promise<GroupRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(groups)
    .where(and(own(scope), eq(groups.id, id), present))
  return row
}

/** The same by its alternate key (Graph: `groups(uniqueName='…')`), compared as it is written. */
export async function findGroupByUniqueName(scope: TenantScope, uniqueName: string): Promise<GroupRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(groups)
    .where(and(own(scope), eq(groups.uniqueName, uniqueName), present))
  return row
}

/** The same by its mail, in any case. */
export async function findGroupByMail(scope: TenantScope, mail: string): Promise<GroupRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(groups)
    .where(and(own(scope), eq(groups.mailFolded, mail.toLowerCase()), present))
  return row
}

/** The same, locked until the transaction ends. Whoever takes the lock of the rules too takes that one first. */
export async function lockGroup(scope: TenantScope, id: string): Promise<GroupRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(groups)
    .where(and(own(scope), eq(groups.id, id), present))
    .for('no key update')
  return row
}

/** Groups by id, those that are deleted left out. */
export function findGroups(scope: TenantScope, ids: string[]): Promise<GroupRow[]> {
  if (ids.length === 0) return Promise.resolve([])
  return scope.orm
    .select()
    .from(groups)
    .where(and(own(scope), inArray(groups.id, ids), present))
}

export async function insertGroup(scope: TenantScope, group: Omit<NewGroup, 'tenantId'>): Promise<void> {
  await scope.orm.insert(groups).values({ ...group, tenantId: scope.tenantId })
}

export async function updateGroup(scope: TenantScope, id: string, changes: GroupChange): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await scope.orm
    .update(groups)
    .set(changes)
    .where(and(own(scope), eq(groups.id, id)))
}

/** Groups that fill themselves, paused ones too. */
export async function countDynamicGroups(scope: TenantScope): Promise<number> {
  const [row] = await scope.orm
    .select({ count: count() })
    .from(groups)
    .where(and(own(scope), present, groups.isDynamic))
  return row?.count ?? 0
}

/** Which of `groupIds` somebody owns. */
export async function ownedAmong(scope: TenantScope, ownerId: string, groupIds: string[]): Promise<Set<string>> {
  if (groupIds.length === 0) return new Set()
  const rows = await scope.orm
    .select({ id: groupOwners.groupId })
    .from(groupOwners)
    .where(
      and(
        eq(groupOwners.tenantId, scope.tenantId),
        eq(groupOwners.ownerId, ownerId),
        inArray(groupOwners.groupId, groupIds),
      ),
    )
  return new Set(rows.map(({ id }) => id))
}

/** Takes every membership away that a rule could not have given: groups, before a group becomes dynamic. */
export async function removeNestedGroups(scope: TenantScope, groupId: string): Promise<void> {
  await scope.orm
    .delete(groupMembers)
    .where(
      and(
        eq(groupMembers.tenantId, scope.tenantId),
        eq(groupMembers.groupId, groupId),
        eq(groupMembers.memberType, 'group'),
      ),
    )
}

/** Groups deleted before `before`, oldest first. Those whom somebody is working on have their turn later. */
export async function lockLapsedGroups(scope: TenantScope, before: Date, most: number): Promise<string[]> {
  const rows = await scope.orm
    .select({ id: groups.id })
    .from(groups)
    .where(and(own(scope), isNotNull(groups.deletedDateTime), lt(groups.deletedDateTime, before)))
    .orderBy(asc(groups.deletedDateTime), asc(groups.id))
    .limit(most)
    .for('update', { skipLocked: true })
  return rows.map(({ id }) => id)
}

/** Deleted groups among `ids`. */
export function findDeletedGroups(scope: TenantScope, ids: readonly string[]): Promise<GroupRow[]> {
  if (ids.length === 0) return Promise.resolve([])
  return scope.orm
    .select()
    .from(groups)
    .where(and(own(scope), inArray(groups.id, [...ids]), isNotNull(groups.deletedDateTime)))
}

/** A deleted group, locked: one restores or removes it, not both. */
export async function lockDeletedGroup(scope: TenantScope, id: string): Promise<GroupRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(groups)
    .where(and(own(scope), eq(groups.id, id), isNotNull(groups.deletedDateTime)))
    .for('update')
  return row
}

/** Removes groups for good, with every membership and ownership they have part in. */
export async function eraseGroups(scope: TenantScope, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const ofTenant = eq(groupMembers.tenantId, scope.tenantId)
  await scope.orm.delete(groupMembers).where(and(ofTenant, inArray(groupMembers.groupId, ids)))
  await scope.orm.delete(groupMembers).where(and(ofTenant, inArray(groupMembers.memberId, ids)))
  await scope.orm
    .delete(groupOwners)
    .where(and(eq(groupOwners.tenantId, scope.tenantId), inArray(groupOwners.groupId, ids)))
  await eraseSearchedValues(scope, ids)
  await eraseOpenExtensions(scope, ids)
  await scope.orm.delete(groups).where(and(own(scope), inArray(groups.id, ids)))
}

/** Removes what a user was part of, when the user is removed for good. */
export async function eraseMembershipsOf(scope: TenantScope, userIds: string[]): Promise<void> {
  if (userIds.length === 0) return
  await scope.orm
    .delete(groupMembers)
    .where(and(eq(groupMembers.tenantId, scope.tenantId), inArray(groupMembers.memberId, userIds)))
  await scope.orm
    .delete(groupOwners)
    .where(and(eq(groupOwners.tenantId, scope.tenantId), inArray(groupOwners.ownerId, userIds)))
}
