import { type AuditActor, recordAudits } from '../../audit/index.js'
import type { Caller } from '../../graph/caller.js'
import type { TenantScope } from '../../platform/database.js'
import type { GroupNeeds } from './needs.js'

type Activity =
  | 'Add group'
  | 'Update group'
  | 'Delete group'
  | 'Restore Group'
  | 'Renew group'
  | 'Hard Delete group'
  | 'Add member to group'
  | 'Remove member from group'
  | 'Add owner to group'
  | 'Remove owner from group'

/** Writes down what happened to a group; about members and owners one event for each of them, as Graph does. */
export async function recordChanges(
  needs: Pick<GroupNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  actor: AuditActor,
  groupId: string,
  activities: readonly { activity: Activity; objectId?: string; details?: Record<string, unknown> }[],
): Promise<void> {
  const activityDateTime = needs.clock()
  await recordAudits(
    scope,
    activities.map(({ activity, objectId, details }) => ({
      id: needs.newId(),
      activityDateTime,
      activityDisplayName: activity,
      category: 'GroupManagement',
      loggedByService: 'Core Directory',
      initiatedBy: actor,
      targetId: objectId ?? groupId,
      additionalDetails: objectId === undefined ? details : { groupId, ...details },
    })),
  )
}

export function actorOf(caller: Caller): AuditActor {
  return { kind: caller.kind, id: caller.objectId, displayName: caller.displayName }
}
