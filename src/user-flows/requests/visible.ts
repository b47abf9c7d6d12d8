import type { AuditActor } from '../../audit/index.js'
import type { Caller } from '../../graph/caller.js'
import type { TenantScope } from '../../platform/database.js'
import { isApprover } from './approvers.js'
import { refusals } from './errors.js'
import { mayDecide, mayDelete, mayRead } from './rules.js'
import { findFlowId, findRequest } from './store.js'

/** Who decided, for the audit and whoever comes second. */
export function actorOf({ kind, objectId, displayName }: Caller): AuditActor {
  return { kind, id: objectId, displayName }
}

/**
 * The id of a flow as Graph writes it, for a caller who may see its requests.
 * @throws Refusal when the organization has no such flow, or the caller may not.
 */
export async function openFlow(scope: TenantScope, caller: Caller, id: string): Promise<string> {
  const flowId = await findFlowId(scope, id)
  if (flowId === undefined) throw refusals.notFound(id.slice(0, 300))
  if (!mayRead(caller, await approves(scope, caller, flowId))) throw refusals.notApprover()
  return flowId
}

/** The id of a request of this flow; undefined when there is none. @throws Refusal as `openFlow` does. */
export async function findVisible(
  scope: TenantScope,
  caller: Caller,
  id: string,
  requestId: string,
): Promise<string | undefined> {
  const flowId = await openFlow(scope, caller, id)
  return (await findRequest(scope, requestId))?.flowId === flowId ? requestId : undefined
}

/** @throws Refusal when the caller may not decide about them. */
export async function mustDecide(scope: TenantScope, caller: Caller, flowId: string): Promise<void> {
  if (!mayDecide(caller, await approves(scope, caller, flowId))) throw refusals.notApprover()
}

/** @throws Refusal when the caller may not delete them. */
export function mustAdminister(caller: Caller): void {
  if (!mayDelete(caller)) throw refusals.roleMissing()
}

async function approves(scope: TenantScope, caller: Caller, flowId: string): Promise<boolean> {
  return caller.kind === 'user' && isApprover(scope, flowId, caller.objectId)
}
