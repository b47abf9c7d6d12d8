import { sql } from 'drizzle-orm'
import { customType, index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** PostgreSQL's xid8, as text: a transaction id of 64 bits that is never used again. */
export const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' })

/** The transaction that last wrote a row. An INSERT takes the default, the trigger `changes_track` sees to UPDATEs. */
export const changedXid = () => xid8('changed_xid').notNull().default(sql`pg_current_xact_id()`)

/** What a tracked table has: `changedXid`, and which transaction last changed which column. */
export const trackedColumns = {
  changedXid: changedXid(),
  /** Column to xid; the empty name stands for the INSERT. Null until the first UPDATE, so that inserting writes nothing. */
  propertyXids: jsonb('property_xids').$type<Record<string, number>>(),
}

/** What is left of a row of a tracked table that is gone for good: enough to tell those who follow changes. */
export const removedObjects = pgTable(
  'removed_objects',
  {
    tenantId: uuid('tenant_id').notNull(),
    kind: text().notNull(),
    id: uuid().notNull(),
    changedXid: changedXid(),
    removedDateTime: timestamp('removed_date_time', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.kind, table.id] }),
    index('removed_objects_changed').on(table.tenantId, table.kind, table.changedXid, table.id),
    index('removed_objects_old').on(table.tenantId, table.removedDateTime),
  ],
)

/** The same for a row that linked two objects, such as a membership. A link made anew makes this one meaningless. */
export const removedLinks = pgTable(
  'removed_links',
  {
    tenantId: uuid('tenant_id').notNull(),
    kind: text().notNull(),
    ownerId: uuid('owner_id').notNull(),
    /** What the target was: `user`, `group`. */
    targetType: text('target_type').notNull(),
    targetId: uuid('target_id').notNull(),
    changedXid: changedXid(),
    removedDateTime: timestamp('removed_date_time', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.kind, table.ownerId, table.targetId] }),
    index('removed_links_changed').on(table.tenantId, table.kind, table.changedXid, table.ownerId),
    index('removed_links_old').on(table.tenantId, table.removedDateTime),
  ],
)
