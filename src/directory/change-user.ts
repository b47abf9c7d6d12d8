import { type AuditActor, recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import type { Precondition } from '../graph/preferences.js'
import { type EmailAddress, parseEmailAddress } from '../kernel/email-address.js'
import type { Instant } from '../kernel/instant.js'
import { type TenantScope, violates } from '../platform/database.js'
import { refusals } from './errors.js'
import { extensionChange } from './extensions/change-values.js'
import type { DirectoryNeeds } from './needs.js'
import { readPrincipalName } from './principal-name.js'
import { isMailNickname, mayAdministerUsers, mayChangePrivileged, OWN_PROPERTIES } from './rules.js'
import type { InvitedUserProperties, UserChanges } from './schema.js'
import {
  findHolderOfAddress,
  findUser,
  lockUser,
  replaceOtherMails,
  type UserChanges as StoredChanges,
  updateUser,
} from './store.js'
import { readDirectoryRoles } from './subject-store.js'
import type { UserRow } from './tables.js'
import { columnsOf } from './user-columns.js'
import { replaceSearchedValues } from './values-store.js'

/** Properties that decide how somebody signs in (Graph: "sensitive"): on holders of a role only for Global Administrators. */
const SENSITIVE = [
  'mail',
  'otherMails',
  'accountEnabled',
  'userType',
  'mobilePhone',
  'businessPhones',
  'userPrincipalName',
  'passwordProfile',
  'onPremisesImmutableId',
  'accessEndDateTime',
] as const

/**
 * Changes a user's profile (Graph: user-update) and returns the row as it is then.
 * @throws Refusal: unknown user, an address or name that is malformed or somebody else's, a privileged user, a property
 * that this caller does not change, another version than `If-Match` names.
 */
export async function changeUser(
  needs: Pick<DirectoryNeeds, 'database' | 'tenants' | 'clock' | 'newId' | 'onUserDisabled'>,
  caller: Caller,
  id: string,
  changes: UserChanges,
  mustBe?: Precondition,
): Promise<UserRow> {
  mayChange(caller, id, changes)
  // Before the transaction: inside it, this could wait for a second connection that nobody gives back.
  const ownDomains = (await needs.tenants.find(caller.tenantId))?.domains ?? []
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const user = await lockUser(scope, id)
    if (!user) throw refusals.userNotFound(id)
    mustBe?.(user.changedXid)
    await mayTouch(scope, caller, user, changes)
    return applyChanges(needs, scope, caller, user, changes, ownDomains)
  })
}

/** The same in a transaction of the caller's: for invitations that say something of their guest. @throws Refusal */
export async function changeUserWithin(
  needs: Pick<DirectoryNeeds, 'clock' | 'newId' | 'onUserDisabled'>,
  scope: TenantScope,
  caller: Caller,
  id: string,
  changes: InvitedUserProperties & Pick<UserChanges, 'accessEndDateTime'>,
): Promise<void> {
  mayChange(caller, id, changes)
  const user = await lockUser(scope, id)
  if (!user) throw refusals.userNotFound(id)
  await mayTouch(scope, caller, user, changes)
  // Addresses and names are not among them, so no domain decides anything.
  await applyChanges(needs, scope, caller, user, changes, [])
}

/** The change itself, for whoever has locked the user and decided it. */
export async function applyChanges(
  needs: Pick<DirectoryNeeds, 'clock' | 'newId' | 'onUserDisabled'>,
  scope: TenantScope,
  caller: Caller,
  user: UserRow,
  changes: UserChanges,
  ownDomains: string[],
): Promise<UserRow> {
  const now = needs.clock()
  const extensions = await extensionChange(scope, 'User', changes, user.extensionValues)
  const stored = {
    ...columnsOf(changes, user),
    ...accessEnd(user, changes),
    ...names(user, changes, ownDomains),
    ...(await addresses(scope, ownDomains, user, changes)),
    ...(extensions && { extensionValues: extensions.extensionValues }),
  }
  const row = await updateUser(scope, user.id, stored).catch((error: unknown) => {
    if (violates(error, 'users_mail')) throw refusals.addressTaken('mail')
    if (violates(error, 'users_user_principal_name')) throw refusals.valueTaken('userPrincipalName')
    throw error
  })
  if (extensions) await replaceSearchedValues(scope, user.id, extensions.searched)
  if (changes.accountEnabled === false) {
    for (const reaction of needs.onUserDisabled) await reaction(scope, user.id, now, actorOf(caller))
  }
  await recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: now,
    activityDisplayName: 'Update user',
    category: 'UserManagement',
    loggedByService: 'Core Directory',
    initiatedBy: actorOf(caller),
    targetId: user.id,
    additionalDetails: { properties: Object.keys(changes) },
  })
  return row ?? (await findUser(scope, user.id)) ?? user
}

/**
 * Says when the access of a guest ends whom the caller has just invited: whoever may invite may invite for a time. In
 * the transaction that made the guest.
 */
export async function limitAccess(
  needs: Pick<DirectoryNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  caller: Caller,
  id: string,
  endsAt: Instant,
): Promise<void> {
  if (!(await lockUser(scope, id))) throw refusals.userNotFound(id)
  await setAccessEnd(needs, scope, id, endsAt, actorOf(caller))
}

/** The change of the end itself, for whoever has locked the guest and decided it. */
export async function setAccessEnd(
  needs: Pick<DirectoryNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  id: string,
  endsAt: Instant,
  actor: AuditActor,
): Promise<void> {
  await updateUser(scope, id, { accessEndDateTime: endsAt })
  await recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: needs.clock(),
    activityDisplayName: 'Update user',
    category: 'UserManagement',
    loggedByService: 'Core Directory',
    initiatedBy: actor,
    targetId: id,
    additionalDetails: { properties: ['accessEndDateTime'] },
  })
}

/** What can be said before the user is looked at: by permission, and by the role of the person who asks. */
function mayChange(caller: Caller, id: string, changes: UserChanges): void {
  const mayWrite = caller.permissions.has('User.ReadWrite.All') || caller.permissions.has('Directory.ReadWrite.All')
  if (mayWrite && mayAdministerUsers(caller)) return
  const names = Object.keys(changes)
  if (caller.permissions.has('User.EnableDisableAccount.All') && mayAdministerUsers(caller)) {
    if (names.some((name) => name !== 'accountEnabled')) throw refusals.onlyAccountEnabled()
    return
  }
  if (caller.kind !== 'user' || caller.objectId !== id) throw refusals.roleMissing()
  const stranger = names.find((name) => !OWN_PROPERTIES.has(name))
  if (stranger !== undefined) throw refusals.notInProfile(stranger)
}

async function mayTouch(scope: TenantScope, caller: Caller, user: UserRow, changes: UserChanges): Promise<void> {
  const sensitive = SENSITIVE.find((name) => changes[name] !== undefined)
  if (sensitive && !mayChangePrivileged(caller, await readDirectoryRoles(scope, user.id))) {
    throw refusals.privilegedTarget(sensitive)
  }
}

/**
 * Soft-deletes a user (Graph: user-delete): invisible at once, signed out, links dead; the name is free for another.
 * @throws Refusal: unknown or privileged user.
 */
export async function deleteUser(
  needs: Pick<DirectoryNeeds, 'database' | 'clock' | 'newId' | 'onUserDeleted'>,
  caller: Caller,
  id: string,
  mustBe?: Precondition,
): Promise<void> {
  if (!mayAdministerUsers(caller)) throw refusals.roleMissing()
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const user = await lockUser(scope, id)
    if (!user) throw refusals.userNotFound(id)
    mustBe?.(user.changedXid)
    if (!mayChangePrivileged(caller, await readDirectoryRoles(scope, id))) throw refusals.privilegedTarget('id')
    await removeUser(needs, scope, user, actorOf(caller))
  })
}

/** The deletion itself, for whoever has already decided it. */
export async function removeUser(
  needs: Pick<DirectoryNeeds, 'clock' | 'newId' | 'onUserDeleted'>,
  scope: TenantScope,
  user: UserRow,
  actor: AuditActor,
): Promise<void> {
  const now = needs.clock()
  for (const reaction of needs.onUserDeleted) await reaction(scope, user.id, now, actor)
  await updateUser(scope, user.id, {
    // Graph puts the object id in front while deleted, so that the name can be given again.
    userPrincipalName: `${user.id.replaceAll('-', '')}${user.userPrincipalName}`,
    deletedDateTime: now,
  })
  await recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: now,
    activityDisplayName: 'Delete user',
    category: 'UserManagement',
    loggedByService: 'Core Directory',
    initiatedBy: actor,
    targetId: user.id,
  })
}

/** People of the organization stay until somebody ends it. @throws Refusal when one of them is given an end. */
function accessEnd(user: UserRow, { accessEndDateTime }: UserChanges): StoredChanges {
  if (accessEndDateTime === undefined) return {}
  if (accessEndDateTime !== null && !isExternal(user)) throw refusals.accessEndOfMember()
  return { accessEndDateTime: accessEndDateTime === null ? null : new Date(accessEndDateTime) }
}

/** A guest keeps the name that the invitation made, so for them it is read-only, and ignored like all that is. */
function names(user: UserRow, changes: UserChanges, ownDomains: string[]): StoredChanges {
  const stored: StoredChanges = {}
  const { mailNickname, userPrincipalName } = changes
  if (isExternal(user)) return stored
  if (mailNickname !== undefined) {
    if (!isMailNickname(mailNickname)) throw refusals.nicknameMalformed()
    stored.mailNickname = mailNickname
  }
  if (userPrincipalName !== undefined) stored.userPrincipalName = readPrincipalName(userPrincipalName, ownDomains)
  return stored
}

/** Somebody from outside, whose name and address are not the organization's to give. */
export const isExternal = ({ externalUserState, creationType, userPrincipalName }: UserRow) =>
  externalUserState !== null ||
  creationType === 'Invitation' ||
  creationType === 'SelfServiceSignUp' ||
  // Created by a system that approves sign-ups: `#` is in nobody else's name.
  userPrincipalName.includes('#EXT#@')

async function addresses(
  scope: TenantScope,
  ownDomains: string[],
  user: UserRow,
  changes: UserChanges,
): Promise<StoredChanges> {
  const stored: StoredChanges = {}
  if (changes.mail !== undefined) {
    const mail = parseAddress('mail', changes.mail)
    if (isExternal(user) && ownDomains.includes(mail.domain)) throw refusals.ownDomain(mail.domain)
    await mustBeFree(scope, 'mail', mail.folded, user.id)
    Object.assign(stored, { mail: mail.text, mailFolded: mail.folded })
  }
  if (changes.otherMails !== undefined) {
    const others = changes.otherMails.map((text) => parseAddress('otherMails', text))
    for (const { folded } of others) await mustBeFree(scope, 'otherMails', folded, user.id)
    await replaceOtherMails(scope, user.id, others)
  }
  return stored
}

/** @throws Refusal naming the property `target`. */
export function parseAddress(target: string, text: string): EmailAddress {
  const address = parseEmailAddress(text)
  if (!address) throw refusals.addressMalformed(target)
  return address
}

/** @throws Refusal when somebody else has the address, as mail or other mail. */
export async function mustBeFree(scope: TenantScope, target: string, folded: string, userId: string): Promise<void> {
  if (await findHolderOfAddress(scope, folded, userId)) throw refusals.addressTaken(target)
}

/** Who did it, for the audit. */
export function actorOf(caller: Caller): AuditActor {
  return { kind: caller.kind, id: caller.objectId, displayName: caller.displayName }
}
