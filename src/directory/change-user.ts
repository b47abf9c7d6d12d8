import { type AuditActor, recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import { parseEmailAddress } from '../kernel/email-address.js'
import { type Database, type TenantScope, violates } from '../platform/database.js'
import type { Tenants } from '../tenants/index.js'
import { refusals } from './errors.js'
import { mayAdministerUsers, mayChangePrivileged } from './rules.js'
import type { UserChanges } from './schema.js'
import {
  findHolderOfAddress,
  lockUser,
  readDirectoryRoles,
  replaceOtherMails,
  type UserChanges as StoredChanges,
  updateUser,
} from './store.js'
import type { UserRow } from './tables.js'

/** What else happens, in the same transaction, when a user is deleted or disabled. */
export type Reaction = (scope: TenantScope, userId: string, now: Date, actor: AuditActor) => Promise<void>

export type ChangeNeeds = {
  database: Database
  tenants: Tenants
  clock: () => Date
  newId: () => string
  onUserDeleted: Reaction[]
  onUserDisabled: Reaction[]
}

/** Properties that decide how somebody signs in (Graph: "sensitive"): on holders of a role only for Global Administrators. */
const SENSITIVE = ['mail', 'otherMails', 'accountEnabled', 'userType', 'mobilePhone', 'businessPhones'] as const

/**
 * Changes a user's profile (Graph: user-update).
 * @throws Refusal: unknown user, an address that is malformed or somebody else's, a privileged user.
 */
export async function changeUser(needs: ChangeNeeds, caller: Caller, id: string, changes: UserChanges): Promise<void> {
  if (!mayAdministerUsers(caller)) throw refusals.roleMissing()
  // Before the transaction: inside it, this could wait for a second connection that nobody gives back.
  const ownDomains = (await needs.tenants.find(caller.tenantId))?.domains ?? []
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const user = await lockUser(scope, id)
    if (!user) throw refusals.userNotFound(id)
    const sensitive = SENSITIVE.find((name) => changes[name] !== undefined)
    if (sensitive && !mayChangePrivileged(caller, await readDirectoryRoles(scope, id))) {
      throw refusals.privilegedTarget(sensitive)
    }
    const now = needs.clock()
    await updateUser(scope, id, { ...plain(changes), ...(await addresses(scope, ownDomains, user, changes)) }).catch(
      (error: unknown) => {
        throw violates(error, 'users_mail') ? refusals.addressTaken('mail') : error
      },
    )
    if (changes.accountEnabled === false) await react(needs.onUserDisabled, scope, id, now, caller)
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: now,
      activityDisplayName: 'Update user',
      category: 'UserManagement',
      loggedByService: 'Core Directory',
      initiatedBy: actorOf(caller),
      targetId: id,
      additionalDetails: { properties: Object.keys(changes) },
    })
  })
}

/**
 * Soft-deletes a user (Graph: user-delete): invisible at once, signed out, links dead; the name is free for another.
 * @throws Refusal: unknown or privileged user.
 */
export async function deleteUser(needs: ChangeNeeds, caller: Caller, id: string): Promise<void> {
  if (!mayAdministerUsers(caller)) throw refusals.roleMissing()
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const user = await lockUser(scope, id)
    if (!user) throw refusals.userNotFound(id)
    if (!mayChangePrivileged(caller, await readDirectoryRoles(scope, id))) throw refusals.privilegedTarget('id')
    await removeUser(needs, scope, user, actorOf(caller))
  })
}

/** The deletion itself, for whoever has already decided it. */
export async function removeUser(
  needs: Pick<ChangeNeeds, 'clock' | 'newId' | 'onUserDeleted'>,
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

function plain(changes: UserChanges): StoredChanges {
  const { mail: _mail, otherMails: _otherMails, ...rest } = changes
  const stored: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) stored[name] = value
  return stored
}

async function addresses(
  scope: TenantScope,
  ownDomains: string[],
  user: UserRow,
  changes: UserChanges,
): Promise<StoredChanges> {
  const stored: StoredChanges = {}
  if (changes.mail !== undefined) {
    const mail = parse('mail', changes.mail)
    const isGuest = user.externalUserState !== null || user.creationType === 'Invitation'
    if (isGuest && ownDomains.includes(mail.domain)) throw refusals.ownDomain(mail.domain)
    await mustBeFree(scope, 'mail', mail.folded, user.id)
    Object.assign(stored, { mail: mail.text, mailFolded: mail.folded })
  }
  if (changes.otherMails !== undefined) {
    const others = changes.otherMails.map((text) => parse('otherMails', text))
    for (const { folded } of others) await mustBeFree(scope, 'otherMails', folded, user.id)
    await replaceOtherMails(scope, user.id, others)
  }
  return stored
}

function parse(target: string, text: string) {
  const address = parseEmailAddress(text)
  if (!address) throw refusals.addressMalformed(target)
  return address
}

async function mustBeFree(scope: TenantScope, target: string, folded: string, userId: string): Promise<void> {
  if (await findHolderOfAddress(scope, folded, userId)) throw refusals.addressTaken(target)
}

async function react(
  reactions: Reaction[],
  scope: TenantScope,
  userId: string,
  now: Date,
  caller: Caller,
): Promise<void> {
  for (const reaction of reactions) await reaction(scope, userId, now, actorOf(caller))
}

function actorOf(caller: Caller): AuditActor {
  return { kind: caller.kind, id: caller.objectId, displayName: caller.displayName }
}
