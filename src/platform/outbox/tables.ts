import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true })

/** Work that a committed transaction asked for. Outside row security: the relay serves every tenant. Ids only. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid().primaryKey(),
    tenantId: uuid('tenant_id').notNull(),
    topic: text().notNull(),
    subjectId: uuid('subject_id').notNull(),
    /** Not before this; while a relay has handed the row to the queue, the end of its lease. */
    availableAt: instant('available_at').notNull().defaultNow(),
    attempts: integer().notNull().default(0),
    failures: integer().notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('outbox_due').on(table.topic, table.availableAt)],
)
