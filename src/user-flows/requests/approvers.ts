import { loadUsers, membershipsAmong, peopleWithin, type UserRow } from '../../directory/index.js'
import { DAY_MS, type Instant, later } from '../../kernel/instant.js'
import { standingOf } from '../../kernel/standing.js'
import type { TenantScope } from '../../platform/database.js'
import { approversOf } from '../flows/store.js'
import { MAILS_PER_APPROVER_AND_DAY, MOST_MAILED } from './rules.js'
import { mailedEnough } from './store.js'

/** Somebody who decides and can be written to. */
export type Approver = UserRow & { mail: string }

/** Whether somebody decides about a flow: named themselves, or in one of its groups, by way of others too. */
export async function isApprover(scope: TenantScope, flowId: string, userId: string): Promise<boolean> {
  const { userIds, groupIds } = await approversOf(scope, flowId)
  if (userIds.includes(userId)) return true
  return (await membershipsAmong(scope, userId, groupIds)).length > 0
}

/** Whom a new request is mailed to: those in good standing with a mailbox, unless they have had enough mails today. */
export async function whomToAsk(scope: TenantScope, flowId: string, now: Instant): Promise<string[]> {
  const { userIds, groupIds } = await approversOf(scope, flowId)
  const ids = [...new Set([...userIds, ...(await peopleWithin(scope, groupIds, MOST_MAILED))])]
  const asked = (await loadUsers(scope, ids)).filter((user) => canBeAsked(user, now)).map(({ id }) => id)
  const enough = await mailedEnough(scope, asked, later(now, -DAY_MS), MAILS_PER_APPROVER_AND_DAY)
  return asked.filter((id) => !enough.has(id))
}

/** Whether somebody is there to be asked. */
export function canBeAsked(user: UserRow | undefined, now: Instant): user is Approver {
  return user?.mail != null && standingOf({ ...user, accessEndsAt: user.accessEndDateTime }, now) === 'good'
}
