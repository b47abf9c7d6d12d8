import { jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Who did it. */
export type AuditActor = { kind: 'user' | 'application' | 'service'; id?: string; displayName?: string }

/** Graph: directoryAudit. Ids are version 7: the primary key is the order of time. */
export const auditEvents = pgTable(
  'audit_events',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    activityDateTime: timestamp('activity_date_time', { withTimezone: true }).notNull(),
    activityDisplayName: text('activity_display_name').notNull(),
    category: text().notNull(),
    loggedByService: text('logged_by_service').notNull(),
    result: text().notNull(),
    initiatedBy: jsonb('initiated_by').$type<AuditActor>().notNull(),
    targetId: uuid('target_id'),
    additionalDetails: jsonb('additional_details').$type<Record<string, unknown>>(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
)
