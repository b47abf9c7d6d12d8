import { type AuditActor, recordAudit } from '../../audit/index.js'
import { refusals } from './errors.js'
import type { RequestNeeds } from './needs.js'
import { deleteRequests, lockRequest } from './store.js'

/**
 * Forgets a request with all it says of its visitor, who may then ask again. A guest that it has made stays.
 * @throws Refusal when there is none.
 */
export async function deleteRequest(
  needs: Pick<RequestNeeds, 'database' | 'clock' | 'newId'>,
  tenantId: string,
  { flowId, requestId, actor }: { flowId: string; requestId: string; actor: AuditActor },
): Promise<void> {
  await needs.database.withTenant(tenantId, async (scope) => {
    const request = await lockRequest(scope, requestId)
    if (request?.flowId.toLowerCase() !== flowId.toLowerCase()) throw refusals.notFound(requestId)
    await deleteRequests(scope, [requestId])
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: needs.clock(),
      activityDisplayName: 'Delete sign-up request',
      category: 'UserManagement',
      loggedByService: 'Self-service Sign-up',
      initiatedBy: actor,
      additionalDetails: { requestId, userFlowId: request.flowId, status: request.state },
    })
  })
}
