import { type AuditActor, recordAudit } from '../../audit/index.js'
import { enforce } from '../../kernel/decision.js'
import { parseEmailAddress } from '../../kernel/email-address.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { mayRedeem } from '../../policies/index.js'
import { isCurrentVersion, type Tenant } from '../../tenants/index.js'
import { readUserFlow } from '../flows/read-flow.js'
import { refusals } from './errors.js'
import type { RequestNeeds } from './needs.js'
import { stateAt } from './rules.js'
import { findRequest, lockRequest, settle, TOPIC } from './store.js'
import type { RequestRow } from './tables.js'

/** How often a decision starts over when the policies change under it. */
const MOST_TRIES = 5

export type Verdict = { outcome: 'approve' } | { outcome: 'deny'; reason?: string | undefined }

type Deciding = {
  flowId: string
  requestId: string
  verdict: Verdict
  actor: AuditActor
  /** Refuses whoever may not decide, in the transaction of the decision: they may have been one a moment ago. */
  mustBeAllowed(scope: TenantScope): Promise<void>
  idempotent?: IdempotentRequest | undefined
}

/**
 * Approves or denies a request that waits: the first of several decisions counts. Approving asks the organization's list
 * of domains again and makes the guest; both in one transaction with the audit and the visitor's mail.
 * @throws Refusal: no such request, decided (by whom) or lapsed meanwhile, a domain that is not allowed any more, an
 * address that another account has by now.
 */
export async function decideRequest(needs: RequestNeeds, tenantId: string, deciding: Deciding): Promise<RequestRow> {
  for (let turn = 1; turn <= MOST_TRIES; turn++) {
    const tenant = await needs.tenants.find(tenantId)
    if (!tenant) throw refusals.notFound(deciding.requestId)
    const decided = await decideOnce(needs, tenant, deciding)
    if (decided !== 'stale') {
      needs.signal.raise(TOPIC)
      return decided
    }
    needs.tenants.forget(tenantId)
  }
  throw refusals.changedMeanwhile()
}

async function decideOnce(needs: RequestNeeds, tenant: Tenant, deciding: Deciding): Promise<RequestRow | 'stale'> {
  const { flowId, requestId, verdict } = deciding
  // Both before the transaction: inside it they would take a second connection.
  const policies = await needs.policies.of(tenant)
  const flow = await readUserFlow(needs.database.sql, tenant.id, flowId)
  if (!flow) throw refusals.notFound(requestId)
  return needs.database.withTenant(tenant.id, async (scope) => {
    const now = needs.clock()
    if (!(await isCurrentVersion(scope.orm, tenant.id, tenant.version))) return 'stale'
    await deciding.mustBeAllowed(scope)
    if (await madeBefore(scope, deciding.idempotent, requestId, now)) {
      return found(await findRequest(scope, requestId), flowId, requestId)
    }
    const request = found(await lockRequest(scope, requestId), flowId, requestId)
    mustWait(request, now)
    if (verdict.outcome === 'deny') {
      return settleAs(needs, scope, request, deciding, { state: 'denied', reason: verdict.reason })
    }
    const address = parseEmailAddress(request.email)
    if (!address) throw new Error('a request holds an address that is none')
    enforce(mayRedeem(policies, address))
    const { userId } = await needs.createGuest(scope, request.visitor, { tenant, flow, actor: deciding.actor, now })
    return settleAs(needs, scope, request, deciding, { state: 'approved', userId })
  })
}

async function settleAs(
  needs: RequestNeeds,
  scope: TenantScope,
  request: RequestRow,
  { actor }: Deciding,
  outcome: { state: 'approved'; userId: string } | { state: 'denied'; reason: string | undefined },
): Promise<RequestRow> {
  const now = needs.clock()
  const settled = await settle(scope, request.id, needs.newId(), { ...outcome, now, by: actor })
  await recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: now,
    activityDisplayName: outcome.state === 'approved' ? 'Approve sign-up request' : 'Deny sign-up request',
    category: 'UserManagement',
    loggedByService: 'Self-service Sign-up',
    initiatedBy: actor,
    ...('userId' in outcome && { targetId: outcome.userId }),
    additionalDetails: { requestId: request.id, userFlowId: request.flowId, address: request.email },
  })
  return settled
}

/** A request of another flow is none of this one. */
function found(request: RequestRow | undefined, flowId: string, id: string): RequestRow {
  if (request?.flowId.toLowerCase() !== flowId.toLowerCase()) throw refusals.notFound(id)
  return request
}

function mustWait(request: RequestRow, now: Date): void {
  const state = stateAt(request, now)
  if (state === 'lapsed') throw refusals.lapsed(request.decidedDateTime ?? request.expiresDateTime)
  if (state === 'pending') return
  throw refusals.decided(state, request.decidedBy?.displayName, request.decidedDateTime ?? now)
}
