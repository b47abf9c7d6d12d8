import { and, eq } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { type AuditActor, auditEvents } from './tables.js'

export type { AuditActor }

export type AuditEvent = {
  id: string
  activityDateTime: Date
  activityDisplayName: string
  category: 'UserManagement' | 'Policy' | 'ApplicationManagement' | 'DirectoryManagement' | 'GroupManagement'
  loggedByService: 'Invited Users' | 'Core Directory' | 'Authentication Methods' | 'Self-service Sign-up'
  initiatedBy: AuditActor
  targetId?: string | undefined
  additionalDetails?: Record<string, unknown> | undefined
}

/** Writes who did what, in the transaction that did it. */
export async function recordAudit(scope: TenantScope, event: AuditEvent): Promise<void> {
  await recordAudits(scope, [event])
}

/** The same for several things done together, in one statement. */
export async function recordAudits(scope: TenantScope, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return
  await scope.orm.insert(auditEvents).values(
    events.map((event) => ({
      ...event,
      tenantId: scope.tenantId,
      result: 'success',
      targetId: event.targetId ?? null,
      additionalDetails: event.additionalDetails ?? null,
    })),
  )
}

/** What was written of one event. */
export async function findAudit(
  scope: TenantScope,
  id: string,
): Promise<Pick<AuditEvent, 'activityDateTime' | 'initiatedBy' | 'targetId' | 'additionalDetails'> | undefined> {
  const { tenantId, id: eventId, activityDateTime, initiatedBy, targetId, additionalDetails } = auditEvents
  const [row] = await scope.orm
    .select({ activityDateTime, initiatedBy, targetId, additionalDetails })
    .from(auditEvents)
    .where(and(eq(tenantId, scope.tenantId), eq(eventId, id)))
  return (
    row && {
      activityDateTime: row.activityDateTime,
      initiatedBy: row.initiatedBy,
      targetId: row.targetId ?? undefined,
      additionalDetails: row.additionalDetails ?? undefined,
    }
  )
}
