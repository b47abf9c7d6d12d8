import { recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import type { TenantScope } from '../platform/database.js'
import type { Needs } from './needs.js'

type Activity =
  | 'Create subscription'
  | 'Update subscription'
  | 'Reauthorize subscription'
  | 'Rotate subscription secret'
  | 'Delete subscription'

/** Writes down who did what to a subscription, in the transaction that did it. */
export function recordChange(
  needs: Pick<Needs, 'newId' | 'clock'>,
  scope: TenantScope,
  caller: Caller,
  id: string,
  activityDisplayName: Activity,
  additionalDetails?: Record<string, unknown>,
): Promise<void> {
  return recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: needs.clock(),
    activityDisplayName,
    category: 'DirectoryManagement',
    loggedByService: 'Core Directory',
    initiatedBy: { kind: caller.kind, id: caller.objectId, displayName: caller.displayName },
    targetId: id,
    additionalDetails,
  })
}
