import type { SQLWrapper } from 'drizzle-orm'

/**
 * How `$search` finds a property: by the words of its text, which the search index holds, or by its start, for which
 * `sql` is a folded column with an index.
 */
export type SearchKey = { kind: 'words'; sql: SQLWrapper } | { kind: 'startsWith'; sql: SQLWrapper }
