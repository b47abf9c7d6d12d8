import type { Caller } from '../../graph/caller.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import { READ_ALL_USERS, readingOf, userView } from '../rules.js'
import { findUser, findUserByPrincipalName } from '../store.js'
import { refusals } from './errors.js'
import { readGroups } from './permissions.js'
import { findVisibleGroup } from './read-groups.js'

/**
 * The id of a user whose memberships the caller may read, by id or user principal name. A client whose permissions are
 * about the signed-in person only (User.Read) reads nobody else's. @throws Refusal
 */
export async function userInQuestion({ scope, caller }: ReadContext, idOrName: string): Promise<string> {
  const user = isGuid(idOrName)
    ? await findUser(scope, idOrName.toLowerCase())
    : await findUserByPrincipalName(scope, idOrName)
  if (user?.id !== caller.objectId && !readsMembershipsOfOthers(caller)) throw refusals.roleMissing()
  if (!user || userView(caller, readingOf(caller), { userId: user.id, way: 'named' }) === 'nothing') {
    throw refusals.notFound(idOrName)
  }
  return user.id
}

/** The id of a group whose memberships the caller may read. @throws Refusal */
export async function groupInQuestion(context: ReadContext, id: string): Promise<string> {
  const found = isGuid(id) ? await findVisibleGroup(context, id.toLowerCase()) : undefined
  if (found === undefined) throw refusals.notFound(id)
  return found
}

/**
 * For `$expand`, which comes by objects on many ways: what others than the caller are in is for whom the list of it is
 * for. @throws Refusal
 */
export function mustReadMembershipsOf(caller: Caller, ids: readonly string[]): void {
  const isAboutOthers = ids.some((id) => id !== caller.objectId)
  if (isAboutOthers && !readsMembershipsOfOthers(caller)) throw refusals.roleMissing()
}

/** Likewise who is in a group, and who owns it. @throws Refusal */
export function mustReadGroups({ permissions }: Caller): void {
  if (!readGroups.delegated.some((name) => permissions.has(name))) throw refusals.roleMissing()
}

function readsMembershipsOfOthers({ permissions }: Caller): boolean {
  return [...READ_ALL_USERS, ...readGroups.delegated].some((name) => permissions.has(name))
}
