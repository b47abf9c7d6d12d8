import type { TenantScope } from '../platform/database.js'
import { auditEvents } from './tables.js'

export type AuditActor = { kind: 'user' | 'application' | 'service'; id?: string; displayName?: string }

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
