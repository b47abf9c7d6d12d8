import { sql } from 'drizzle-orm'
import { bigint, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { foldedText } from '../../platform/columns.js'

/**
 * The words of texts that `$search` finds by word: `field` is table and property (`users.displayName`). True of every
 * object that is not in `search_pending`.
 */
export const searchWords = pgTable(
  'search_words',
  {
    tenantId: uuid('tenant_id').notNull(),
    field: text().notNull(),
    word: foldedText().notNull(),
    objectId: uuid('object_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.field, table.word, table.objectId] }),
    index('search_words_of_object').on(table.tenantId, table.objectId, table.field, table.word),
  ],
)

/**
 * Objects whose words may not be in the index yet: a search looks at their text itself. Triggers write the rows, one for
 * each transaction that changed the object; a sweep takes those it has seen.
 */
export const searchPending = pgTable(
  'search_pending',
  {
    tenantId: uuid('tenant_id').notNull(),
    source: text().notNull(),
    objectId: uuid('object_id').notNull(),
    xid: bigint({ mode: 'bigint' }).notNull().default(sql`pg_current_xact_id()::text::bigint`),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.source, table.objectId, table.xid] })],
)
