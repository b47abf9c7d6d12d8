import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/** Something rows can be sorted by. For speed it wants an index on the tenant, this and the id. */
export type SortKey = {
  /** Column or expression. Text is sorted by its bytes: use a folded column to ignore case. */
  sql: SQLWrapper
  type: 'text' | 'timestamptz' | 'uuid' | 'bigint' | 'boolean'
  /** Nulls sort below every value, as OData has it. Pages of a key that is never null cost the least. */
  isNullable?: boolean
}

export type SortTerm = SortKey & { direction: 'asc' | 'desc' }

/** The keys of a row as PostgreSQL writes them, in the order of the terms. */
export type Keys = readonly (string | null)[]

/** `order by` of the terms. The last one must be unique, or pages overlap. */
export function orderSql(terms: readonly SortTerm[]): SQL {
  const parts = terms.map((term) => sql`${keySql(term)} ${DIRECTION[term.direction]}${nullsOf(term)}`)
  return sql.join(parts, sql`, `)
}

/** The keys of a row as text: exact to the microsecond, which a JavaScript date is not. */
export function keysSql(terms: readonly SortTerm[]): SQL {
  return sql`array[${sql.join(
    terms.map((term) => sql`${term.sql}::text`),
    sql`, `,
  )}]::text[]`
}

/** The condition of the rows that come after the one with these keys. */
export function afterSql(terms: readonly SortTerm[], keys: Keys): SQL {
  const [first] = terms
  if (!first || terms.length !== keys.length) throw new Error('a position must have one key for each term')
  const isPlain = terms.every((term) => term.direction === first.direction && !term.isNullable)
  if (isPlain) {
    const columns = sql.join(terms.map(keySql), sql`, `)
    const values = sql.join(
      terms.map((term, index) => valueSql(term, keys[index] ?? null)),
      sql`, `,
    )
    return sql`(${columns}) ${first.direction === 'asc' ? sql`>` : sql`<`} (${values})`
  }
  const alternatives = terms.map((term, index) => {
    const equal = terms.slice(0, index).map((earlier, at) => equalSql(earlier, keys[at] ?? null))
    return sql`(${sql.join([...equal, beyondSql(term, keys[index] ?? null)], sql` and `)})`
  })
  return sql`(${sql.join(alternatives, sql` or `)})${boundSql(first, keys[0] ?? null)}`
}

const DIRECTION = { asc: sql`asc`, desc: sql`desc` }
const CAST = {
  text: sql`::text`,
  timestamptz: sql`::text::timestamptz`,
  uuid: sql`::uuid`,
  bigint: sql`::bigint`,
  boolean: sql`::boolean`,
}

function keySql({ sql: key, type }: SortKey): SQL {
  return type === 'text' ? sql`${key} collate "C"` : sql`${key}`
}

function valueSql({ type }: SortKey, value: string | null): SQL {
  return sql`${value}${CAST[type]}`
}

function nullsOf({ isNullable, direction }: SortTerm): SQL {
  if (!isNullable) return sql``
  return direction === 'asc' ? sql` nulls first` : sql` nulls last`
}

function equalSql(term: SortTerm, value: string | null): SQL {
  return value === null ? sql`${term.sql} is null` : sql`${keySql(term)} = ${valueSql(term, value)}`
}

function beyondSql(term: SortTerm, value: string | null): SQL {
  if (value === null) return term.direction === 'asc' ? sql`${term.sql} is not null` : sql`false`
  if (term.direction === 'asc') return sql`${keySql(term)} > ${valueSql(term, value)}`
  const less = sql`${keySql(term)} < ${valueSql(term, value)}`
  return term.isNullable ? sql`(${less} or ${term.sql} is null)` : less
}

/** The same once more for the first key alone: a range that an index can start at, which alternatives are not. */
function boundSql(term: SortTerm, value: string | null): SQL {
  if (value === null || (term.isNullable && term.direction === 'desc')) return sql``
  const operator = term.direction === 'asc' ? sql`>=` : sql`<=`
  return sql` and ${keySql(term)} ${operator} ${valueSql(term, value)}`
}
