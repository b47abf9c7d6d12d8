import { recordAudits } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import type { TenantScope } from '../platform/database.js'
import { actorOf, isExternal } from './change-user.js'
import { lockUsersOfDomain } from './domain-store.js'
import { refusals } from './errors.js'
import type { DirectoryNeeds } from './needs.js'
import { mayChangePrivileged } from './rules.js'
import { findHolderOfAddress, isNameTaken, renameUser } from './store.js'
import { readDirectoryRoles } from './subject-store.js'
import type { UserRow } from './tables.js'

/** Graph: a domain with more objects than this is not deleted by force. */
const MOST = 1_000

/**
 * Takes everybody off a domain that the organization gives up, in the transaction that does: names and addresses of
 * accounts move to the initial domain, and a name that is taken there gets the end of the id. People who were invited
 * keep their address, which is their own. Returns how many changed.
 * @throws Refusal: too many, or somebody with a role whom the caller may not change.
 */
export async function leaveDomain(
  needs: Pick<DirectoryNeeds, 'clock' | 'newId' | 'onUserDisabled'>,
  scope: TenantScope,
  caller: Caller,
  wish: { domain: string; initialDomain: string; disableAccounts: boolean },
): Promise<number> {
  const locked = await lockUsersOfDomain(scope, wish.domain, MOST + 1)
  // Counted before those who stay as they are go: behind them there may be others, who would keep a lost domain.
  if (locked.length > MOST) throw refusals.domainTooLarge(MOST)
  const users = locked.filter((user) => changesOf(user, wish).isMoved)
  const now = needs.clock()
  for (const user of users) {
    if (!mayChangePrivileged(caller, await readDirectoryRoles(scope, user.id))) throw refusals.privilegedTarget('id')
    const { name, mail } = changesOf(user, wish)
    const isBlocked = wish.disableAccounts && name !== undefined
    await renameUser(scope, user.id, {
      ...(name !== undefined && { userPrincipalName: await freeName(scope, user, name) }),
      ...(mail !== undefined && (await freeMail(scope, user, mail))),
      ...(isBlocked && { accountEnabled: false }),
    })
    if (!isBlocked || user.deletedDateTime) continue
    for (const reaction of needs.onUserDisabled) await reaction(scope, user.id, now, actorOf(caller))
  }
  const audits = users.map(({ id }) => ({
    id: needs.newId(),
    activityDateTime: now,
    activityDisplayName: 'Update user' as const,
    category: 'UserManagement' as const,
    loggedByService: 'Core Directory' as const,
    initiatedBy: actorOf(caller),
    targetId: id,
    additionalDetails: { properties: ['userPrincipalName', 'mail'], domain: wish.domain },
  }))
  await recordAudits(scope, audits)
  return users.length
}

function changesOf(user: UserRow, { domain, initialDomain }: { domain: string; initialDomain: string }) {
  const moved = (text: string) =>
    text.toLowerCase().endsWith(`@${domain}`) ? `${text.slice(0, -domain.length)}${initialDomain}` : undefined
  const name = moved(user.userPrincipalName)
  const mail = user.mail === null || isExternal(user) ? undefined : moved(user.mail)
  return { name, mail, isMoved: name !== undefined || mail !== undefined }
}

async function freeName(scope: TenantScope, { id }: UserRow, name: string): Promise<string> {
  if (!(await isNameTaken(scope, name))) return name
  const at = name.lastIndexOf('@')
  return `${name.slice(0, at)}.${id.slice(-12)}${name.slice(at)}`
}

async function freeMail(scope: TenantScope, user: UserRow, mail: string) {
  const folded = mail.toLowerCase()
  const isTaken = !user.deletedDateTime && (await findHolderOfAddress(scope, folded, user.id)) !== undefined
  return isTaken ? { mail: null, mailFolded: null } : { mail, mailFolded: folded }
}
