import { holdersOfRoles, loadUsers, membershipsAmong, peopleWithin, type UserRow } from '../../directory/index.js'
import { DAY_MS, type Instant, later } from '../../kernel/instant.js'
import { standingOf } from '../../kernel/standing.js'
import type { TenantScope } from '../../platform/database.js'
import { approversOf } from '../flows/store.js'
import type { FlowApprovers } from '../words.js'
import { DECIDING_ROLES, MAILS_PER_APPROVER_AND_DAY, MOST_MAILED } from './rules.js'
import { mailedEnough } from './store.js'

/** Somebody who decides and can be written to. */
export type Approver = UserRow & { mail: string }

/** Whom a flow names; where it names nobody, the administrators, who may decide in any case. */
async function decidersOf(scope: TenantScope, flowId: string): Promise<FlowApprovers> {
  const named = await approversOf(scope, flowId)
  if (named.userIds.length + named.groupIds.length > 0) return named
  return { userIds: await administrators(scope), groupIds: [] }
}

/** Who decides about flows that name nobody. */
export function administrators(scope: TenantScope): Promise<string[]> {
  return holdersOfRoles(scope, DECIDING_ROLES, MOST_MAILED)
}

/** Whether somebody decides about a flow: named themselves, or in one of its groups, by way of others too. */
export async function isApprover(scope: TenantScope, flowId: string, userId: string): Promise<boolean> {
  const { userIds, groupIds } = await decidersOf(scope, flowId)
  if (userIds.includes(userId)) return true
  return (await membershipsAmong(scope, userId, groupIds)).length > 0
}

/** Whom a new request is mailed to: those in good standing with a mailbox, unless they have had enough mails today. */
export async function whomToAsk(scope: TenantScope, flowId: string, now: Instant): Promise<string[]> {
  const { userIds, groupIds } = await decidersOf(scope, flowId)
  const ids = [...new Set([...userIds, ...(await peopleWithin(scope, groupIds, MOST_MAILED))])]
  const asked = (await loadUsers(scope, ids)).filter((user) => canBeAsked(user, now)).map(({ id }) => id)
  const enough = await mailedEnough(scope, asked, later(now, -DAY_MS), MAILS_PER_APPROVER_AND_DAY)
  return asked.filter((id) => !enough.has(id))
}

/** Whether somebody is there to be asked. */
export function canBeAsked(user: UserRow | undefined, now: Instant): user is Approver {
  return user?.mail != null && standingOf({ ...user, accessEndsAt: user.accessEndDateTime }, now) === 'good'
}
