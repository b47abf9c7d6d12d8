import type { ReadContext } from '../../graph/odata/resource.js'
import { refusals } from './errors.js'
import { memberships, membershipsAmong } from './member-store.js'
import { showingMembers } from './read-groups.js'

/** Graph: getMemberGroups and getMemberObjects answer up to this many. */
const MOST_MEMBERSHIPS = 11_000

/**
 * Which of the groups a user or group is in, by way of others too (Graph: checkMemberGroups). Ids of anything else are
 * left out. A reader who is not the member does not hear of groups that hide who is in them.
 */
export async function checkMemberships(
  context: ReadContext,
  memberId: string,
  groupIds: readonly string[],
): Promise<string[]> {
  const found = await membershipsAmong(context.scope, memberId, groupIds)
  const shown = memberId === context.caller.objectId ? found : await showingMembers(context, found)
  // In the order and the spelling of the request.
  return groupIds.filter((id) => shown.includes(id.toLowerCase()))
}

/**
 * Every group a user or group is in (Graph: getMemberGroups).
 * @throws Refusal when there are more than this request can return.
 */
export async function listMemberships(
  context: ReadContext,
  memberId: string,
  securityEnabledOnly: boolean,
): Promise<string[]> {
  const only = { securityEnabledOnly, most: MOST_MEMBERSHIPS + 1 }
  const found = await memberships(context.scope, memberId, only)
  if (found.length > MOST_MEMBERSHIPS) throw refusals.tooManyMemberships(MOST_MEMBERSHIPS)
  return memberId === context.caller.objectId ? found : showingMembers(context, found)
}
