import { createHash } from 'node:crypto'
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { FilterCollection, FilterProperty } from '../graph/odata/filterable.js'
import { operators } from '../graph/odata/operators.js'
import { directoryValues } from './tables.js'

/** Characters of a value that are kept as they are; an entry of an index cannot take many times more. */
const MOST = 256

/**
 * A value, in lower case, as `directory_values` keeps it. Of a longer one the start and a hash of the whole: it is found
 * by itself and by whatever it starts with, up to that length.
 */
export function searchable(value: string): string {
  if (value.length <= MOST) return value
  return value.slice(0, MOST).toWellFormed() + createHash('sha256').update(value).digest('hex')
}

/** Rows of a property, in the order in which a condition meets them. */
const item = sql.raw('item')

type Owner = { id: SQLWrapper; tenantId: SQLWrapper }
type Searched = Pick<FilterProperty, 'type' | 'operators'> & Partial<Pick<FilterProperty, 'advanced'>>

/** What `$filter` may do with a property whose values are in `directory_values`. */
export function searchedValue(owner: Owner, property: string, permitted: Searched): FilterProperty {
  return { ...permitted, ...stored, holds: (condition) => holds(owner, property, condition) }
}

/** The same for a property with several values. */
export function searchedValues(owner: Owner, property: string, permitted: Searched): FilterCollection {
  return {
    type: 'collection',
    operators: operators('any'),
    advanced: operators('not'),
    any: (condition) => holds(owner, property, condition),
    item: { ...permitted, ...stored },
  }
}

const stored = { sql: sql`${item}.value`, fold: 'stored', write: searchable } as const

function holds(owner: Owner, property: string, condition: SQL | undefined): SQL {
  return sql`exists (select 1 from ${directoryValues} ${item} where ${item}.tenant_id = ${owner.tenantId}
    and ${item}.object_id = ${owner.id} and ${item}.property = ${property} and ${condition ?? sql`true`})`
}
