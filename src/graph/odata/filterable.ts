import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { ComparisonOperator } from './filter-tree.js'

/** What a filter may do with a property. `null` is a comparison with null, `count` one of `property/$count`. */
export type FilterOperator =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'ge'
  | 'lt'
  | 'le'
  | 'in'
  | 'not'
  | 'null'
  | 'startsWith'
  | 'endsWith'
  | 'contains'
  | 'any'
  | 'all'
  | 'count'

/** Which operators, and when. */
export type Permitted = {
  /** What a plain request may use. */
  operators: ReadonlySet<FilterOperator>
  /** What needs `ConsistencyLevel: eventual` and `$count=true` (Graph: advanced queries). */
  advanced?: ReadonlySet<FilterOperator>
}

export type FilterProperty = Permitted & {
  /** Column or expression. */
  sql: SQLWrapper
  type: 'string' | 'guid' | 'dateTime' | 'boolean' | 'integer' | 'enum'
  /**
   * How a string ignores case: `lower` (the default) compares `lower(column)`, which wants an index on that
   * expression; `stored` says the column holds lower case already; `none` compares as it is.
   */
  fold?: 'lower' | 'stored' | 'none'
  /** Whether an index leads with the tenant and this column: then a range of it is also the order of the page. */
  isIndexed?: boolean
  /**
   * Column of `foldedText` with the same text from its last letter to its first (`reverse`), and an index like the text's
   * own: "ends with" is a range of that, where of the text itself it is every row.
   */
  backwards?: SQLWrapper
  /**
   * Of a date and time that answers show without fractions of a second: one that is written in whole seconds stands for
   * all of that second, so that objects are found by what they are shown with.
   */
  isShownInSeconds?: boolean
  /**
   * What a comparison with a date and time says of the row besides, in a column that has an index: of objects whose ids
   * are UUIDs of version 7, when they came. Must be true of every row that the comparison is true of.
   */
  implies?(operator: ComparisonOperator, value: string): SQL | undefined
  /** Whether a filter that asks for it may ask for nothing else (Graph keeps it in another store than the directory). */
  isAlone?: boolean
  /** Whether one object of its type at most has a value, which an index finds. */
  isUnique?: boolean
  /**
   * For values that are rows of another table, `sql` being its column: whether the object has a row of which the
   * condition holds. Without a condition, whether it has any.
   */
  holds?(condition: SQL | undefined): SQL
  /** How a value stands in a column of text, whatever its type; strings come in lower case. */
  write?(value: string): string
  /** How the end of a value stands in `backwards`, which reads it from behind; it comes in lower case. */
  writeEnd?(value: string): string
  /** Of an `enum`: what is stored for each of Graph's values. Values compare without regard to case. */
  values?: Readonly<Record<string, string>>
}

export type FilterCollection = Permitted & {
  type: 'collection'
  /** `exists (... where condition)`; without a condition, whether there is any item. */
  any(condition: SQL | undefined): SQL
  /** How many items; needed for the operator `count`. */
  count?: SQLWrapper
  /** What one item is, as the lambda's variable sees it: a value, or properties by name. */
  item: FilterProperty | { type: 'object'; properties: Readonly<Record<string, FilterProperty>> }
}

/** A resource and what can be asked of it. Keys are paths as written in a filter: `mail`, `employeeOrgData/division`. */
export type FilterResource = {
  /** Graph's name in error messages: `User`. */
  name: string
  properties: Readonly<Record<string, FilterProperty | FilterCollection>>
}
