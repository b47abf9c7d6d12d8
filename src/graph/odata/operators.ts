import type { FilterOperator } from './filterable.js'

/** A set of filter operators, for tables of properties. */
export function operators(...names: FilterOperator[]): ReadonlySet<FilterOperator> {
  return new Set(names)
}

/** `eq` and `in`: what Graph's directory filters by without more. */
export const EQUALITY = operators('eq', 'in')
/** `ne` and `not`, which Graph's directory has only in advanced queries. */
export const NEGATION = operators('ne', 'not')
/** What Graph's directory filters text by: plainly by value and start, in advanced queries also by their opposites. */
export const TEXT = {
  operators: operators('eq', 'in', 'startsWith', 'ge', 'le'),
  advanced: operators('ne', 'not', 'null'),
}
/** The same of addresses, which Graph also finds by how they end. */
export const ADDRESS = { operators: TEXT.operators, advanced: operators('ne', 'not', 'null', 'endsWith') }
/** Dates and times: a value or a limit, and their opposites in advanced queries. */
export const DATE_TIME = {
  operators: operators('eq', 'in', 'ge', 'le'),
  advanced: operators('ne', 'not', 'gt', 'lt', 'null'),
}
