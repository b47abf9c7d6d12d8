import { type AuditActor, recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import type { TenantScope } from '../platform/database.js'
import type { ChangeNeeds } from './needs.js'

type Activity =
  | 'Add application'
  | 'Update application'
  | 'Delete application'
  | 'Restore application'
  | 'Hard Delete application'
  | 'Update application – Certificates and secrets management'
  | 'Add owner to application'
  | 'Remove owner from application'
  | 'Add service principal'
  | 'Update service principal'
  | 'Remove service principal'
  | 'Restore service principal'
  | 'Hard Delete service principal'
  | 'Add service principal credentials'
  | 'Remove service principal credentials'
  | 'Add owner to service principal'
  | 'Remove owner from service principal'
  | 'Add app role assignment to service principal'
  | 'Remove app role assignment from service principal'
  | 'Add app role assignment grant to user'
  | 'Remove app role assignment from user'
  | 'Add app role assignment to group'
  | 'Remove app role assignment from group'

/** Writes down what happened to an application, in Entra's words for it. */
export function recordChange(
  needs: Pick<ChangeNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  caller: Caller,
  activity: Activity,
  targetId: string,
  details?: Record<string, unknown>,
): Promise<void> {
  const actor = { kind: caller.kind, id: caller.objectId, displayName: caller.displayName }
  return recordChangeBy(needs, scope, actor, activity, targetId, details)
}

/** The same for whoever did it, which may be the service itself. */
export async function recordChangeBy(
  needs: Pick<ChangeNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  actor: AuditActor,
  activity: Activity,
  targetId: string,
  details?: Record<string, unknown>,
): Promise<void> {
  await recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: needs.clock(),
    activityDisplayName: activity,
    category: 'ApplicationManagement',
    loggedByService: 'Core Directory',
    initiatedBy: actor,
    targetId,
    additionalDetails: details,
  })
}
