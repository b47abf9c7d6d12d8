import { and, asc, eq } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { type Approver, userFlowApprovers, userFlows } from './tables.js'

/** Who decides about the requests of a flow (Graph's id, in whatever case), in a fixed order. */
export function approversOf(scope: TenantScope, flowId: string): Promise<Approver[]> {
  return scope.orm
    .select({ approverId: userFlowApprovers.approverId, approverType: userFlowApprovers.approverType })
    .from(userFlowApprovers)
    .innerJoin(userFlows, and(eq(userFlows.tenantId, scope.tenantId), eq(userFlows.id, userFlowApprovers.flowId)))
    .where(and(eq(userFlowApprovers.tenantId, scope.tenantId), eq(userFlows.nameFolded, flowId.toLowerCase())))
    .orderBy(asc(userFlowApprovers.approverId))
}
