import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { xid8 } from '../../platform/changes/tables.js'
import { foldedText } from '../../platform/columns.js'

/**
 * The words of texts that `$search` finds by word: `field` is table and property (`users.displayName`). The table is a
 * tracked one (`platform/changes`), which says what the index does not hold yet.
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
 * How far the index is, table by table: it holds the words of every object up to this one, in the order in which they
 * last changed (`changed_xid`, `id`). A search looks at the text itself of what changed later.
 */
export const searchPositions = pgTable(
  'search_positions',
  {
    tenantId: uuid('tenant_id').notNull(),
    source: text().notNull(),
    changedXid: xid8('changed_xid').notNull(),
    objectId: uuid('object_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.source] })],
)
