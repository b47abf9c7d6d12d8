import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { type AssignmentRow, userFlowAssignments } from './tables.js'

const own = (scope: TenantScope) => eq(userFlowAssignments.tenantId, scope.tenantId)
const one = (scope: TenantScope, flowId: string, attributeId: string) =>
  and(own(scope), eq(userFlowAssignments.flowId, flowId), eq(userFlowAssignments.attributeId, attributeId))

/** Questions by what lists sort by. */
export async function loadAssignments(scope: TenantScope, ids: readonly string[]): Promise<AssignmentRow[]> {
  if (ids.length === 0) return []
  return scope.orm
    .select()
    .from(userFlowAssignments)
    .where(and(own(scope), inArray(userFlowAssignments.id, [...ids])))
}

/** The questions of flows, each flow's in the order of its page. */
export async function readAssignments(scope: TenantScope, flowIds: readonly string[]): Promise<AssignmentRow[]> {
  if (flowIds.length === 0) return []
  return scope.orm
    .select()
    .from(userFlowAssignments)
    .where(and(own(scope), inArray(userFlowAssignments.flowId, [...flowIds])))
    .orderBy(asc(userFlowAssignments.flowId), asc(userFlowAssignments.position))
}

/** A question by its attribute, of which the name is in whatever case. */
export async function findAssignment(
  scope: TenantScope,
  flowId: string,
  attributeId: string,
): Promise<AssignmentRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(userFlowAssignments)
    .where(
      and(
        own(scope),
        eq(userFlowAssignments.flowId, flowId),
        sql`lower(${userFlowAssignments.attributeId}) = ${attributeId.toLowerCase()}`,
      ),
    )
  return row
}

export async function insertAssignment(scope: TenantScope, row: Omit<AssignmentRow, 'tenantId'>): Promise<void> {
  await scope.orm.insert(userFlowAssignments).values({ ...row, tenantId: scope.tenantId })
}

export async function updateAssignment(
  scope: TenantScope,
  flowId: string,
  attributeId: string,
  changes: Partial<Omit<AssignmentRow, 'tenantId' | 'flowId' | 'attributeId' | 'id'>>,
): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await scope.orm
    .update(userFlowAssignments)
    .set(changes)
    .where(one(scope, flowId, attributeId))
}

export async function deleteAssignment(scope: TenantScope, flowId: string, attributeId: string): Promise<void> {
  await scope.orm.delete(userFlowAssignments).where(one(scope, flowId, attributeId))
}
