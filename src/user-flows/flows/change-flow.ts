import type { Caller } from '../../graph/caller.js'
import type { Precondition } from '../../graph/preferences.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { refusals } from '../errors.js'
import type { FlowNeeds } from '../needs.js'
import { recordFlowAudit } from '../record-change.js'
import { mayChangeFlows } from '../rules.js'
import { type FlowColumns, lockFlow, updateFlow } from './store.js'
import type { UserFlowRow } from './tables.js'

export type ChangeNeeds = Pick<FlowNeeds, 'database' | 'clock' | 'newId'>

/** One change of a flow, or of what hangs on it. */
export type FlowChange = {
  activityDisplayName?: string
  /** What `If-Match` says of the flow. */
  mustBe?: Precondition
  idempotent?: IdempotentRequest | undefined
  /** Writes the change. Answers with what the audit says of it, and columns of the flow itself that change too. */
  write(scope: TenantScope, flow: UserFlowRow): Promise<{ details: Record<string, unknown>; columns?: FlowColumns }>
}

/**
 * Changes a flow in one transaction: locked, so that changes of one flow follow each other, with its version raised and
 * its audit row. A request whose key was used writes nothing.
 * @throws Refusal: a caller without the role, no such flow, another version, and whatever `write` refuses.
 */
export async function changeFlow(needs: ChangeNeeds, caller: Caller, name: string, change: FlowChange): Promise<void> {
  mustBeEntitled(caller)
  const { activityDisplayName = 'Update user flow', mustBe, idempotent, write } = change
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    if (await madeBefore(scope, idempotent, needs.newId(), needs.clock())) return
    const flow = await lockFlow(scope, name)
    if (!flow) throw refusals.notFound(name)
    mustBe?.(String(flow.version))
    const { details, columns = {} } = await write(scope, flow)
    await updateFlow(scope, flow.id, columns)
    await recordFlowAudit(needs, scope, caller, activityDisplayName, { id: flow.name, ...details }, flow.id)
  })
}

/** @throws Refusal for people without the role. */
export function mustBeEntitled(caller: Caller): void {
  if (!mayChangeFlows(caller)) throw refusals.roleMissing('External ID User Flow Administrator')
}
