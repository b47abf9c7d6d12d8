import { and, asc, eq, inArray, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm'
import { parseEmailAddress } from '../../kernel/email-address.js'
import type { TenantScope } from '../../platform/database.js'
import { eraseOpenExtensions } from '../extensions/open-extensions-store.js'
import type { UserChanges } from '../store.js'
import {
  directoryRoleAssignments,
  type UserRow,
  userIdentities,
  userOtherMails,
  userSponsors,
  users,
} from '../tables.js'
import { eraseSearchedValues } from '../values-store.js'

const own = (scope: TenantScope) => eq(users.tenantId, scope.tenantId)
const deleted = isNotNull(users.deletedDateTime)

/** A deleted user, locked until the transaction ends: one restores or removes them, not both. */
export async function lockDeletedUser(scope: TenantScope, id: string): Promise<UserRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(users)
    .where(and(own(scope), eq(users.id, id), deleted))
    .for('update')
  return row
}

/** Whether somebody present has the address, as mail or other mail. */
export async function isAddressTaken(scope: TenantScope, folded: string, exceptId: string): Promise<boolean> {
  const holders = scope.orm
    .select({ id: userOtherMails.userId })
    .from(userOtherMails)
    .where(and(eq(userOtherMails.tenantId, scope.tenantId), eq(userOtherMails.addressFolded, folded)))
  const [row] = await scope.orm
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        own(scope),
        isNull(users.deletedDateTime),
        ne(users.id, exceptId),
        or(eq(users.mailFolded, folded), inArray(users.id, holders)),
      ),
    )
    .limit(1)
  return row !== undefined
}

/** Drops other mails that somebody present has by now, or says `taken` when it may not. */
export async function dropTakenOtherMails(
  scope: TenantScope,
  user: UserRow,
  mayDrop: boolean,
): Promise<'taken' | undefined> {
  const rows = await scope.orm
    .select({ folded: userOtherMails.addressFolded })
    .from(userOtherMails)
    .where(and(eq(userOtherMails.tenantId, scope.tenantId), eq(userOtherMails.userId, user.id)))
  const taken = new Set<string>()
  for (const { folded } of rows) if (await isAddressTaken(scope, folded, user.id)) taken.add(folded)
  if (taken.size === 0) return undefined
  if (!mayDrop) return 'taken'
  await scope.orm
    .delete(userOtherMails)
    .where(
      and(
        eq(userOtherMails.tenantId, scope.tenantId),
        eq(userOtherMails.userId, user.id),
        inArray(userOtherMails.addressFolded, [...taken]),
      ),
    )
  const kept = (user.otherMails ?? []).filter((text) => !taken.has(parseEmailAddress(text)?.folded ?? text))
  await restoreUser(scope, user.id, { otherMails: kept })
  return undefined
}

/** Changes a deleted user, to be one no longer. */
export async function restoreUser(scope: TenantScope, id: string, changes: UserChanges): Promise<void> {
  await scope.orm
    .update(users)
    .set(changes)
    .where(and(own(scope), eq(users.id, id), deleted))
}

/** Users deleted before `before`, oldest first. Those whom somebody is working on have their turn later. */
export async function lockLapsedUsers(scope: TenantScope, before: Date, most: number): Promise<string[]> {
  const rows = await scope.orm
    .select({ id: users.id })
    .from(users)
    .where(and(own(scope), deleted, lt(users.deletedDateTime, before)))
    .orderBy(asc(users.deletedDateTime), asc(users.id))
    .limit(most)
    .for('update', { skipLocked: true })
  return rows.map(({ id }) => id)
}

/** Everything of these users, as themselves and as sponsors of others. */
export async function purgeUsers(scope: TenantScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const list = sql`any (${`{${ids.join(',')}}`}::text::uuid[])`
  const { tenantId, orm } = scope
  await orm.delete(userSponsors).where(and(eq(userSponsors.tenantId, tenantId), sql`${userSponsors.userId} = ${list}`))
  await orm
    .delete(userSponsors)
    .where(and(eq(userSponsors.tenantId, tenantId), sql`${userSponsors.sponsorId} = ${list}`))
  await orm
    .delete(userOtherMails)
    .where(and(eq(userOtherMails.tenantId, tenantId), sql`${userOtherMails.userId} = ${list}`))
  await orm
    .delete(userIdentities)
    .where(and(eq(userIdentities.tenantId, tenantId), sql`${userIdentities.userId} = ${list}`))
  await orm
    .delete(directoryRoleAssignments)
    .where(and(eq(directoryRoleAssignments.tenantId, tenantId), sql`${directoryRoleAssignments.principalId} = ${list}`))
  await eraseSearchedValues(scope, ids)
  await eraseOpenExtensions(scope, ids)
  await orm.delete(users).where(and(own(scope), deleted, sql`${users.id} = ${list}`))
}
