import { membershipsAmong } from '../../directory/index.js'
import type { Database, TenantScope } from '../../platform/database.js'
import { administrators, isApprover } from './approvers.js'
import { refusals } from './errors.js'
import { type Answer, type State, stateAt } from './rules.js'
import { approvingGroups, findRequest, flowsDecidedBy, flowsWithoutApprovers, listWaiting } from './store.js'
import type { RequestRow } from './tables.js'

type Needs = { database: Database; clock: () => Date }

/** A request as approvers read it. */
export type RequestView = {
  id: string
  flowId: string
  state: State
  email: string
  displayName: string | null
  issuer: string
  answers: readonly Answer[]
  createdAt: Date
  /** Until when it waits; once it has lapsed, since when. */
  expiresAt: Date
  decided?: { at: Date; by: string | undefined } | undefined
}

/** What waits for somebody's decision, the longest wait first; at most `most`. */
export function listForApprover(
  { database, clock }: Needs,
  tenantId: string,
  userId: string,
  most: number,
): Promise<RequestView[]> {
  return database.withTenant(tenantId, async (scope) => {
    const now = clock()
    const groupIds = await membershipsAmong(scope, userId, await approvingGroups(scope))
    const named = await flowsDecidedBy(scope, [userId, ...groupIds])
    const unnamed = (await administrators(scope)).includes(userId) ? await flowsWithoutApprovers(scope) : []
    const flowIds = [...named, ...unnamed]
    const rows = flowIds.length === 0 ? [] : await listWaiting(scope, flowIds, now, most)
    return rows.map((row) => viewOf(row, now))
  })
}

/** One request, for whoever decides about its flow; undefined for everybody else, as if there were none. */
export function findForApprover(
  { database, clock }: Needs,
  tenantId: string,
  userId: string,
  requestId: string,
): Promise<RequestView | undefined> {
  return database.withTenant(tenantId, async (scope) => {
    const row = await findRequest(scope, requestId)
    return row && (await isApprover(scope, row.flowId, userId)) ? viewOf(row, clock()) : undefined
  })
}

/** @throws Refusal when somebody does not decide about a flow: in words that tell no stranger what there is. */
export async function mustApprove(
  scope: TenantScope,
  flowId: string,
  userId: string,
  requestId: string,
): Promise<void> {
  if (!(await isApprover(scope, flowId, userId))) throw refusals.notFound(requestId)
}

function viewOf(row: RequestRow, now: Date): RequestView {
  const { decidedDateTime, decidedBy } = row
  return {
    id: row.id,
    flowId: row.flowId,
    state: stateAt(row, now),
    email: row.email,
    displayName: row.displayName,
    issuer: row.issuer,
    answers: row.answers,
    createdAt: row.createdDateTime,
    expiresAt: row.expiresDateTime,
    decided: decidedDateTime ? { at: decidedDateTime, by: decidedBy?.displayName } : undefined,
  }
}
