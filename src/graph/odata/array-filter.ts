import { type SQL, sql } from 'drizzle-orm'
import type { FilterCollection } from './filterable.js'
import { NEGATION, operators } from './operators.js'

/** What `$filter` may do with an array of texts: `identifierUris/any(u:u eq 'api://x')`. Reads rows, so for small tables. */
export function arrayFilter(array: SQL): FilterCollection {
  return {
    type: 'collection',
    operators: operators('any'),
    advanced: NEGATION,
    any: (condition) => sql`exists (select 1 from unnest(${array}) as item (value) where ${condition ?? sql`true`})`,
    item: { sql: sql`item.value`, type: 'string', operators: operators('eq', 'in', 'startsWith'), advanced: NEGATION },
  }
}
