import { recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import type { TenantScope } from '../platform/database.js'
import type { FlowNeeds } from './needs.js'

/** Writes who changed what of the flows, in the transaction that did it. */
export async function recordFlowAudit(
  needs: Pick<FlowNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  caller: Caller,
  activityDisplayName: string,
  additionalDetails: Record<string, unknown>,
  targetId: string,
): Promise<void> {
  await recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: needs.clock(),
    activityDisplayName,
    category: 'Policy',
    loggedByService: 'Core Directory',
    initiatedBy: { kind: caller.kind, id: caller.objectId, displayName: caller.displayName },
    targetId,
    additionalDetails,
  })
}
