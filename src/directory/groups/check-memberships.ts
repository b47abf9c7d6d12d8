import type { ReadContext } from '../../graph/odata/resource.js'
import { maySeeRoles, readingOf } from '../rules.js'
import { refusals } from './errors.js'
import { memberships, membershipsAmong, rolesOf } from './member-store.js'
import { showingMembers } from './read-groups.js'

/** Graph: getMemberGroups and getMemberObjects answer up to this many. */
const MOST_MEMBERSHIPS = 11_000

/** Which kinds of objects a question is about: groups alone, or directory roles too. */
export type Asked = 'groups' | 'objects'

/**
 * Which of the groups, or of these and the directory roles, a user or group is in, by way of others too (Graph: checkMemberGroups,
 * checkMemberObjects). Ids of anything else are left out. A reader who is not the member does not hear of groups that hide who is in them.
 */
export async function checkMemberships(
  context: ReadContext,
  memberId: string,
  ids: readonly string[],
  asked: Asked,
): Promise<string[]> {
  const found = await membershipsAmong(context.scope, memberId, ids)
  const shown = memberId === context.caller.objectId ? found : await showingMembers(context, found)
  const all = new Set([...shown, ...(asked === 'objects' ? await rolesShown(context, memberId) : [])])
  // In the order and the spelling of the request.
  return ids.filter((id) => all.has(id.toLowerCase()))
}

/**
 * Every group a user or group is in, and every directory role if objects are asked for; of security groups alone no
 * roles (Graph: getMemberGroups, getMemberObjects).
 * @throws Refusal when there are more than this request can return.
 */
export async function listMemberships(
  context: ReadContext,
  memberId: string,
  securityEnabledOnly: boolean,
  asked: Asked,
): Promise<string[]> {
  const only = { securityEnabledOnly, most: MOST_MEMBERSHIPS + 1 }
  const found = await memberships(context.scope, memberId, only)
  const roles = asked === 'objects' && !securityEnabledOnly ? await rolesShown(context, memberId) : []
  if (found.length + roles.length > MOST_MEMBERSHIPS) throw refusals.tooManyMemberships(MOST_MEMBERSHIPS)
  const shown = memberId === context.caller.objectId ? found : await showingMembers(context, found)
  return [...shown, ...roles]
}

async function rolesShown({ scope, caller }: ReadContext, holderId: string): Promise<string[]> {
  return maySeeRoles(caller, readingOf(caller), holderId) ? rolesOf(scope, holderId) : []
}
