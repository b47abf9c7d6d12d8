import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { deleteRows, rowsWith } from '../../platform/tenant-rows.js'
import type { FlowApprovers } from '../words.js'
import {
  type UserFlowRow,
  userFlowApplications,
  userFlowApprovers,
  userFlowAssignments,
  userFlowProviders,
  userFlows,
} from './tables.js'

const own = (scope: TenantScope) => eq(userFlows.tenantId, scope.tenantId)
const named = (scope: TenantScope, name: string) => rowsWith(scope, userFlows, { nameFolded: name.toLowerCase() })

/** Flows by what lists sort by. */
export async function loadFlows(scope: TenantScope, ids: readonly string[]): Promise<UserFlowRow[]> {
  if (ids.length === 0) return []
  return scope.orm
    .select()
    .from(userFlows)
    .where(and(own(scope), inArray(userFlows.id, [...ids])))
}

/** A flow by Graph's id of it, in whatever case. */
export async function findFlow(scope: TenantScope, name: string): Promise<UserFlowRow | undefined> {
  const [row] = await scope.orm.select().from(userFlows).where(named(scope, name))
  return row
}

/** The same, locked until the transaction ends, so that changes of one flow follow each other. */
export async function lockFlow(scope: TenantScope, name: string): Promise<UserFlowRow | undefined> {
  const [row] = await scope.orm.select().from(userFlows).where(named(scope, name)).for('update')
  return row
}

export async function insertFlow(scope: TenantScope, row: Omit<UserFlowRow, 'tenantId' | 'version'>): Promise<void> {
  await scope.orm.insert(userFlows).values({ ...row, tenantId: scope.tenantId })
}

export type FlowColumns = Partial<
  Pick<
    UserFlowRow,
    | 'isEnabled'
    | 'requiresApproval'
    | 'requestLifetimeDays'
    | 'termsOfUseUrl'
    | 'defaultLanguage'
    | 'postFederationSignup'
    | 'postAttributeCollection'
  >
>

/** Changes columns of a flow, none of them perhaps, and says that it is another version. */
export async function updateFlow(scope: TenantScope, id: string, columns: FlowColumns): Promise<void> {
  await scope.orm
    .update(userFlows)
    .set({ ...columns, version: sql`${userFlows.version} + 1` })
    .where(rowsWith(scope, userFlows, { id }))
}

/** Deletes a flow with all that hangs on it. */
export async function deleteFlow(scope: TenantScope, id: string): Promise<void> {
  await scope.orm.delete(userFlows).where(rowsWith(scope, userFlows, { id }))
}

/** Ids of the flows that ask an attribute, of which the name is as it is written. */
export async function flowsOfAttribute(scope: TenantScope, attributeId: string): Promise<string[]> {
  const rows = await scope.orm
    .select({ name: userFlows.name })
    .from(userFlowAssignments)
    .innerJoin(userFlows, and(own(scope), eq(userFlows.id, userFlowAssignments.flowId)))
    .where(rowsWith(scope, userFlowAssignments, { attributeId }))
    .orderBy(asc(userFlows.name))
  return rows.map(({ name }) => name)
}

/** Identity providers of flows, each flow's in its order. */
export async function readFlowProviders(
  scope: TenantScope,
  flowIds: readonly string[],
): Promise<Pick<typeof userFlowProviders.$inferSelect, 'flowId' | 'providerId' | 'position'>[]> {
  if (flowIds.length === 0) return []
  const { flowId, providerId, position } = userFlowProviders
  return scope.orm
    .select({ flowId, providerId, position })
    .from(userFlowProviders)
    .where(and(eq(userFlowProviders.tenantId, scope.tenantId), inArray(userFlowProviders.flowId, [...flowIds])))
    .orderBy(asc(userFlowProviders.flowId), asc(userFlowProviders.position))
}

/** Adds providers behind those that are there. */
export async function insertFlowProviders(
  scope: TenantScope,
  flowId: string,
  providerIds: readonly string[],
  from: number,
): Promise<void> {
  if (providerIds.length === 0) return
  const rows = providerIds.map((providerId, index) => ({
    tenantId: scope.tenantId,
    flowId,
    providerId,
    position: from + index,
  }))
  await scope.orm.insert(userFlowProviders).values(rows)
}

/** Whether there was such a provider to delete. */
export function deleteFlowProvider(scope: TenantScope, flowId: string, providerId: string): Promise<boolean> {
  return deleteRows(scope, userFlowProviders, { flowId, providerId })
}

/** The id of the flow that an application has. */
export async function findFlowOfApplication(scope: TenantScope, applicationId: string): Promise<string | undefined> {
  const [row] = await scope.orm
    .select({ name: userFlows.name })
    .from(userFlowApplications)
    .innerJoin(userFlows, and(own(scope), eq(userFlows.id, userFlowApplications.flowId)))
    .where(rowsWith(scope, userFlowApplications, { applicationId }))
  return row?.name
}

/** Applications of flows, in a fixed order. */
export async function readFlowApplications(
  scope: TenantScope,
  flowIds: readonly string[],
): Promise<{ flowId: string; applicationId: string }[]> {
  if (flowIds.length === 0) return []
  const { flowId, applicationId } = userFlowApplications
  return scope.orm
    .select({ flowId, applicationId })
    .from(userFlowApplications)
    .where(and(eq(userFlowApplications.tenantId, scope.tenantId), inArray(flowId, [...flowIds])))
    .orderBy(asc(flowId), asc(applicationId))
}

/** Gives an application a flow; false when it has one. */
export async function insertFlowApplication(
  scope: TenantScope,
  row: { flowId: string; applicationId: string; appId: string },
): Promise<boolean> {
  const made = await scope.orm
    .insert(userFlowApplications)
    .values({ ...row, tenantId: scope.tenantId })
    .onConflictDoNothing()
    .returning({ id: userFlowApplications.applicationId })
  return made.length > 0
}

export function deleteFlowApplication(scope: TenantScope, flowId: string, applicationId: string): Promise<boolean> {
  return deleteRows(scope, userFlowApplications, { flowId, applicationId })
}

export type ApproverType = 'User' | 'Group'

/** Approvers of flows, in a fixed order. */
export async function readApprovers(
  scope: TenantScope,
  flowIds: readonly string[],
): Promise<{ flowId: string; approverId: string; approverType: ApproverType }[]> {
  if (flowIds.length === 0) return []
  return scope.orm
    .select({
      flowId: userFlowApprovers.flowId,
      approverId: userFlowApprovers.approverId,
      approverType: userFlowApprovers.approverType,
    })
    .from(userFlowApprovers)
    .where(and(eq(userFlowApprovers.tenantId, scope.tenantId), inArray(userFlowApprovers.flowId, [...flowIds])))
    .orderBy(asc(userFlowApprovers.flowId), asc(userFlowApprovers.approverId))
}

/** Who decides on the requests of a flow, by Graph's id of it in whatever case. Nobody when there is no such flow. */
export async function approversOf(scope: TenantScope, flowId: string): Promise<FlowApprovers> {
  const flow = await findFlow(scope, flowId)
  const rows = flow ? await readApprovers(scope, [flow.id]) : []
  const ids = (type: ApproverType) =>
    rows.filter(({ approverType }) => approverType === type).map(({ approverId }) => approverId)
  return { userIds: ids('User'), groupIds: ids('Group') }
}

export async function insertApprover(
  scope: TenantScope,
  row: { flowId: string; approverId: string; approverType: ApproverType },
): Promise<void> {
  await scope.orm.insert(userFlowApprovers).values({ ...row, tenantId: scope.tenantId })
}

export function deleteApprover(scope: TenantScope, flowId: string, approverId: string): Promise<boolean> {
  return deleteRows(scope, userFlowApprovers, { flowId, approverId })
}
