import { and, asc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { searchedColumns } from './searched-columns.js'
import {
  directoryRoleAssignments,
  type Identity,
  type UserRow,
  userIdentities,
  userOtherMails,
  users,
} from './tables.js'
import { replaceSearchedValues } from './values-store.js'

export type NewUser = typeof users.$inferInsert
export type UserChanges = Partial<Omit<NewUser, 'tenantId' | 'id'>>

const own = (scope: TenantScope) => eq(users.tenantId, scope.tenantId)
const present = isNull(users.deletedDateTime)

/** A user who is not deleted, by id. */
export async function findUser(scope: TenantScope, id: string): Promise<UserRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(users)
    .where(and(own(scope), eq(users.id, id), present))
  return row
}

/** The same, locked until the transaction ends: before anything that must not race with redemption or deletion. */
export async function lockUser(scope: TenantScope, id: string): Promise<UserRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(users)
    .where(and(own(scope), eq(users.id, id), present))
    .for('no key update')
  return row
}

/** By user principal name, whatever its case. */
export async function findUserByPrincipalName(scope: TenantScope, name: string): Promise<UserRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(users)
    .where(and(own(scope), sql`${users.userPrincipalNameFolded} = lower(${name})`, present))
  return row
}

/** The present users with these ids, in any order. */
export function loadUsers(scope: TenantScope, ids: readonly string[]): Promise<UserRow[]> {
  return scope.orm
    .select()
    .from(users)
    .where(and(own(scope), inArray(users.id, [...ids]), present))
}

/** The deleted users with these ids, in any order. */
export function loadDeletedUsers(scope: TenantScope, ids: readonly string[]): Promise<UserRow[]> {
  return scope.orm
    .select()
    .from(users)
    .where(and(own(scope), inArray(users.id, [...ids]), isNotNull(users.deletedDateTime)))
}

export async function readIdentities(
  scope: TenantScope,
  userIds: string[],
): Promise<{ userId: string; signInType: string; issuer: string; issuerAssignedId: string }[]> {
  if (userIds.length === 0) return []
  return scope.orm
    .select({
      userId: userIdentities.userId,
      signInType: userIdentities.signInType,
      issuer: userIdentities.issuer,
      issuerAssignedId: userIdentities.issuerAssignedId,
    })
    .from(userIdentities)
    .where(and(eq(userIdentities.tenantId, scope.tenantId), inArray(userIdentities.userId, userIds)))
}

/** Which of `ids` are users who exist. */
export async function findExisting(scope: TenantScope, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await scope.orm
    .select({ id: users.id })
    .from(users)
    .where(and(own(scope), inArray(users.id, ids), present))
  return new Set(rows.map(({ id }) => id))
}

/** A present user other than `exceptId` who already has `folded` as mail or other mail. */
export async function findHolderOfAddress(
  scope: TenantScope,
  folded: string,
  exceptId: string,
): Promise<UserRow | undefined> {
  const held = or(
    eq(users.mailFolded, folded),
    inArray(
      users.id,
      scope.orm
        .select({ id: userOtherMails.userId })
        .from(userOtherMails)
        .where(and(eq(userOtherMails.tenantId, scope.tenantId), eq(userOtherMails.addressFolded, folded))),
    ),
  )
  const [row] = await scope.orm
    .select()
    .from(users)
    .where(and(own(scope), present, held, sql`${users.id} <> ${exceptId}`))
  return row
}

/** The user whose own address this is, as it is compared; their other addresses prove nothing of who they are. */
export async function findUserByMail(scope: TenantScope, folded: string): Promise<UserRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(users)
    .where(and(own(scope), eq(users.mailFolded, folded), present))
  return row
}

/** A user's `otherMails` in the form in which they are compared. */
export async function readOtherMails(scope: TenantScope, userId: string): Promise<string[]> {
  const rows = await scope.orm
    .select({ address: userOtherMails.addressFolded })
    .from(userOtherMails)
    .where(and(eq(userOtherMails.tenantId, scope.tenantId), eq(userOtherMails.userId, userId)))
  return rows.map(({ address }) => address)
}

/** Replaces a user's `otherMails`, as shown and as compared. */
export async function replaceOtherMails(
  scope: TenantScope,
  userId: string,
  mails: { text: string; folded: string }[],
): Promise<void> {
  const { tenantId } = scope
  await updateUser(scope, userId, { otherMails: mails.map(({ text }) => text) })
  await scope.orm
    .delete(userOtherMails)
    .where(and(eq(userOtherMails.tenantId, tenantId), eq(userOtherMails.userId, userId)))
  const folded = [...new Set(mails.map((mail) => mail.folded))]
  if (folded.length === 0) return
  await scope.orm.insert(userOtherMails).values(folded.map((addressFolded) => ({ tenantId, userId, addressFolded })))
}

export async function insertUser(scope: TenantScope, user: NewUser): Promise<UserRow> {
  const [row] = await scope.orm.insert(users).values(user).returning()
  if (!row) throw new Error('inserting a user answered no row')
  await replaceSearchedValues(scope, row.id, searchedColumns(user), true)
  return row
}

/** Identities that an account is made with. */
export async function insertIdentities(
  scope: TenantScope,
  userId: string,
  identities: readonly Identity[],
): Promise<void> {
  if (identities.length === 0) return
  const { tenantId } = scope
  await scope.orm.insert(userIdentities).values(identities.map((identity) => ({ ...identity, tenantId, userId })))
}

/** The row as it is then; undefined when there was nothing to change, or nobody present. */
export async function updateUser(scope: TenantScope, id: string, changes: UserChanges): Promise<UserRow | undefined> {
  if (Object.keys(changes).length === 0) return undefined
  const [row] = await scope.orm
    .update(users)
    .set(changes)
    .where(and(own(scope), eq(users.id, id), present))
    .returning()
  if (row) await replaceSearchedValues(scope, id, searchedColumns(changes))
  return row
}

export async function deleteIdentities(scope: TenantScope, userId: string): Promise<void> {
  await scope.orm
    .delete(userIdentities)
    .where(and(eq(userIdentities.tenantId, scope.tenantId), eq(userIdentities.userId, userId)))
}

export async function assignDirectoryRole(
  scope: TenantScope,
  principalId: string,
  roleTemplateId: string,
  now: Date,
): Promise<void> {
  await scope.orm
    .insert(directoryRoleAssignments)
    .values({ tenantId: scope.tenantId, principalId, roleTemplateId, createdDateTime: now })
    .onConflictDoNothing()
}

export async function readDirectoryRoles(scope: TenantScope, principalId: string): Promise<Set<string>> {
  const rows = await scope.orm
    .select({ id: directoryRoleAssignments.roleTemplateId })
    .from(directoryRoleAssignments)
    .where(
      and(eq(directoryRoleAssignments.tenantId, scope.tenantId), eq(directoryRoleAssignments.principalId, principalId)),
    )
  return new Set(rows.map(({ id }) => id))
}

export type ForgottenGuest = { id: string; createdDateTime: Date }

/** Guests who are pending since before `before`, oldest first, after the guest `after`. */
export function listNeverRedeemed(
  scope: TenantScope,
  query: { before: Date; after: ForgottenGuest | undefined; most: number },
): Promise<ForgottenGuest[]> {
  const { after } = query
  const before = query.before.toISOString()
  return scope.orm
    .select({ id: users.id, createdDateTime: users.createdDateTime })
    .from(users)
    .where(
      and(
        own(scope),
        present,
        eq(users.externalUserState, 'PendingAcceptance'),
        eq(users.creationType, 'Invitation'),
        sql`${users.createdDateTime} < ${before}`,
        // A reset made them pending anew.
        sql`${users.externalUserStateChangeDateTime} < ${before}`,
        after && sql`(${users.createdDateTime}, ${users.id}) > (${after.createdDateTime.toISOString()}, ${after.id})`,
      ),
    )
    .orderBy(asc(users.createdDateTime), asc(users.id))
    .limit(query.most)
}

export type EndedGuest = { id: string; accessEndDateTime: Date }

/** Guests whose access ended by `before`, the earliest first, after the guest `after`. */
export function listEnded(
  scope: TenantScope,
  { before, after, most }: { before: Date; after: EndedGuest | undefined; most: number },
): Promise<EndedGuest[]> {
  return scope.orm
    .select({ id: users.id, accessEndDateTime: sql<Date>`${users.accessEndDateTime}`.mapWith(users.accessEndDateTime) })
    .from(users)
    .where(
      and(
        own(scope),
        present,
        sql`${users.accessEndDateTime} <= ${before.toISOString()}`,
        after &&
          sql`(${users.accessEndDateTime}, ${users.id}) > (${after.accessEndDateTime.toISOString()}, ${after.id})`,
      ),
    )
    .orderBy(asc(users.accessEndDateTime), asc(users.id))
    .limit(most)
}

export type Subject = {
  id: string
  displayName: string
  mail?: string | undefined
  userType: 'Member' | 'Guest'
  accountEnabled: boolean
  tokensValidFrom?: Date | undefined
  accessEndsAt?: Date | undefined
  directoryRoles: Set<string>
}

/** The person behind a delegated token; undefined when there is none or they were deleted. */
export async function readSubjectIn(scope: TenantScope, userId: string): Promise<Subject | undefined> {
  const [row] = await scope.orm.execute<{ subject: SubjectRow | null }>(
    sql`select directory_subject(${scope.tenantId}, ${userId}) as subject`,
  )
  const found = row?.subject
  return found
    ? {
        id: found.id,
        displayName: found.displayName,
        mail: found.mail ?? undefined,
        userType: found.userType,
        accountEnabled: found.accountEnabled,
        tokensValidFrom: found.tokensValidFrom ? new Date(found.tokensValidFrom) : undefined,
        accessEndsAt: found.accessEndsAt ? new Date(found.accessEndsAt) : undefined,
        directoryRoles: new Set(found.directoryRoles),
      }
    : undefined
}

type SubjectRow = {
  id: string
  displayName: string
  mail: string | null
  userType: 'Member' | 'Guest'
  accountEnabled: boolean
  tokensValidFrom: string | null
  accessEndsAt: string | null
  directoryRoles: string[]
}

/** Users, deleted or not, whose name or mail ends with a domain. Reads people until it has found enough. */
const ofDomain = (scope: TenantScope, domain: string) => {
  const endsWith = (column: typeof users.mailFolded | typeof users.userPrincipalNameFolded) =>
    sql`right(${column}, ${domain.length + 1}) = ${`@${domain}`}`
  return and(own(scope), or(endsWith(users.userPrincipalNameFolded), endsWith(users.mailFolded)))
}

/** Whether there is one: for the rare moment when a domain is given up. */
export async function isDomainInUse(scope: TenantScope, domain: string): Promise<boolean> {
  const [row] = await scope.orm.select({ id: users.id }).from(users).where(ofDomain(scope, domain)).limit(1)
  return row !== undefined
}

/** Those there are, `most` at most, locked in the order of ids as everybody does who locks several. */
export function lockUsersOfDomain(scope: TenantScope, domain: string, most: number): Promise<UserRow[]> {
  return scope.orm
    .select()
    .from(users)
    .where(ofDomain(scope, domain))
    .orderBy(asc(users.id))
    .limit(most)
    .for('no key update')
}

/** Whether anybody, deleted or not, has this user principal name. */
export async function isNameTaken(scope: TenantScope, name: string): Promise<boolean> {
  const [row] = await scope.orm
    .select({ id: users.id })
    .from(users)
    .where(and(own(scope), sql`${users.userPrincipalNameFolded} = lower(${name})`))
  return row !== undefined
}

/** Changes somebody whether they are deleted or not. */
export async function renameUser(scope: TenantScope, id: string, changes: UserChanges): Promise<void> {
  await scope.orm
    .update(users)
    .set(changes)
    .where(and(own(scope), eq(users.id, id)))
}

/** When each of these people signed in last; those who never did are left out. */
export async function readLastSignIns(scope: TenantScope, userIds: readonly string[]): Promise<Map<string, Date>> {
  const rows = await scope.orm.execute<{ user_id: string; last: string | null }>(
    sql`select user_id, last_date_time::text as last
        from sign_in_last(${scope.tenantId}, ${`{${userIds.join(',')}}`}::text::uuid[])`,
  )
  return new Map(rows.flatMap((row) => (row.last === null ? [] : [[row.user_id, new Date(row.last)] as const])))
}
