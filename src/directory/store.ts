import { and, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { searchedColumns } from './searched-columns.js'
import { type Identity, type UserRow, userIdentities, userOtherMails, users } from './tables.js'
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

/** When somebody last signed in, an application last tried to on their behalf, and the last of all that succeeded. */
export type SignInActivity = {
  last: LoggedMoment | undefined
  refreshed: LoggedMoment | undefined
  succeeded: LoggedMoment | undefined
}
/** `lineId`: of the sign-in log, unless that has forgotten it. */
type LoggedMoment = { at: Date; lineId: string | null }

/** What is known of these people's sign-ins; those who never signed in are left out. */
export async function readSignInActivity(
  scope: TenantScope,
  userIds: readonly string[],
): Promise<Map<string, SignInActivity>> {
  type Row = { user_id: string } & Record<'last' | 'refreshed' | 'succeeded', [string, string | null] | null>
  const moment = (name: string) =>
    sql.raw(
      `case when ${name}_date_time is not null then json_build_array(${name}_date_time, ${name}_line_id) end as ${name}`,
    )
  const rows = await scope.orm.execute<Row>(
    sql`select user_id, ${moment('last')}, ${moment('refreshed')}, ${moment('succeeded')}
        from sign_in_activity(${scope.tenantId}, ${`{${userIds.join(',')}}`}::text::uuid[])
        where last_date_time is not null or refreshed_date_time is not null`,
  )
  const read = (told: [string, string | null] | null) => (told ? { at: new Date(told[0]), lineId: told[1] } : undefined)
  return new Map(
    rows.map(({ user_id, last, refreshed, succeeded }) => [
      user_id,
      { last: read(last), refreshed: read(refreshed), succeeded: read(succeeded) },
    ]),
  )
}
