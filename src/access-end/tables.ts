import { pgTable, primaryKey, smallint, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true })

/** A mail that was asked for: one for each end, mark and reader, whoever asks how often. */
export const accessReminders = pgTable(
  'access_reminders',
  {
    tenantId: uuid('tenant_id').notNull(),
    userId: uuid('user_id').notNull(),
    accessEndDateTime: instant('access_end_date_time').notNull(),
    /** Days before the end. */
    days: smallint().notNull(),
    /** The guest, or one of their sponsors. */
    recipientId: uuid('recipient_id').notNull(),
    /** Of the outbox row and of the mail. */
    id: uuid().notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.tenantId, table.userId, table.accessEndDateTime, table.days, table.recipientId],
    }),
    uniqueIndex('access_reminders_id').on(table.tenantId, table.id),
  ],
)
