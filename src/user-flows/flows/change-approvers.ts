import { findGroups, findUser } from '../../directory/index.js'
import type { Caller } from '../../graph/caller.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { refusals } from '../errors.js'
import { type ChangeNeeds, changeFlow } from './change-flow.js'
import { MOST_APPROVERS } from './rules.js'
import { type ApproverType, deleteApprover, insertApprover, readApprovers } from './store.js'

/** Adds a user, or a group whose members are meant, to those who decide on requests (addition). @throws Refusal */
export function addApprover(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  approverId: string,
  idempotent?: IdempotentRequest,
): Promise<void> {
  return changeFlow(needs, caller, name, {
    idempotent,
    async write(scope, flow) {
      const approverType = await typeOf(scope, approverId)
      if (approverType === undefined) throw refusals.notFound(approverId)
      const known = await readApprovers(scope, [flow.id])
      if (known.some((approver) => approver.approverId === approverId)) throw refusals.referenceExists(approverId)
      if (known.length >= MOST_APPROVERS) throw refusals.tooManyApprovers(MOST_APPROVERS)
      await insertApprover(scope, { flowId: flow.id, approverId, approverType })
      return { details: { approver: approverId, approverType } }
    },
  })
}

/** @throws Refusal when it is none of them. */
export function removeApprover(needs: ChangeNeeds, caller: Caller, name: string, approverId: string): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      if (!(await deleteApprover(scope, flow.id, approverId))) throw refusals.notFound(approverId)
      return { details: { removedApprover: approverId } }
    },
  })
}

async function typeOf(scope: TenantScope, id: string): Promise<ApproverType | undefined> {
  if (await findUser(scope, id)) return 'User'
  return (await findGroups(scope, [id])).length > 0 ? 'Group' : undefined
}
