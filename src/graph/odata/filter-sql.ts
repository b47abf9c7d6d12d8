import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { isGuid } from '../../kernel/ids.js'
import { Refusal } from '../../kernel/refusal.js'
import type {
  Comparison,
  ComparisonOperator,
  FilterNode,
  Lambda,
  Literal,
  Membership,
  PropertyPath,
  StringMatch,
} from './filter-tree.js'
import { pathText } from './filter-tree.js'

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

type Permitted = {
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

type Context = {
  resource: FilterResource
  isAdvanced: boolean
  isNegated: boolean
  /** The items lambdas have named. */
  scope: ReadonlyMap<string, FilterCollection['item']>
}

/**
 * Compiles a parsed filter to a parameterised condition: no part of the filter's text reaches the SQL. What the
 * resource's table does not permit is refused with Graph's 400. Strings compare without regard to case, `ne` is true
 * of null and `not` of what is unknown (OData 4.01 part 2, section 5.1.1.1).
 */
export function compileFilter(node: FilterNode, resource: FilterResource, options: { isAdvanced: boolean }): SQL {
  return compile(node, { resource, isAdvanced: options.isAdvanced, isNegated: false, scope: new Map() })
}

/** Graph's refusal of a filter on a property that cannot be filtered that way. */
export function unsupportedFilter(resource: string, property: string, code: string): Refusal {
  const message = `Unsupported or invalid query filter clause specified for property '${property.slice(0, 128)}' of resource '${resource}'.`
  return new Refusal('invalid', code, message, { target: '$filter', graphCode: 'Request_UnsupportedQuery' })
}

/** Graph's refusal of a filter on a list of several types that is no advanced query. */
export function unsupportedReferenceFilter(): Refusal {
  const message = 'The specified filter to the reference property query is currently not supported.'
  return new Refusal('invalid', 'advancedQueryNeeded', message, {
    target: '$filter',
    graphCode: 'Request_UnsupportedQuery',
  })
}

/** Graph's refusal of something only advanced queries may use. */
export function advancedNeeded(operator: string): Refusal {
  const message = `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`
  return new Refusal('invalid', 'advancedQueryNeeded', message, {
    target: '$filter',
    graphCode: 'Request_UnsupportedQuery',
  })
}

function compile(node: FilterNode, context: Context): SQL {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const items = node.items.map((item) => sql`(${compile(item, context)})`)
      return sql.join(items, node.kind === 'and' ? sql` and ` : sql` or `)
    }
    // Three-valued logic would drop the rows where the inner condition is null.
    case 'not':
      return sql`(${compile(node.item, { ...context, isNegated: true })}) is not true`
    case 'compare':
      return compare(node, context)
    case 'in':
      return membership(node, context)
    case 'match':
      return match(node, context)
    case 'lambda':
      return lambda(node, context)
  }
}

function compare(node: Comparison, context: Context): SQL {
  if (node.subject.kind === 'count') return compareCount(node, node.subject.of, context)
  const property = scalar(node.subject, context)
  permit(property, node.operator, node.subject, context)
  if (node.value.type === 'null') {
    permit(property, 'null', node.subject, context)
    if (node.operator !== 'eq' && node.operator !== 'ne') throw invalid(node.subject, context)
    return isNull(property, node.operator === 'eq')
  }
  const [column, value] = sides(property, node.value, node.subject, context)
  if (property.type === 'boolean' && node.operator !== 'eq' && node.operator !== 'ne')
    throw invalid(node.subject, context)
  // Who has no value has another one than this.
  const isOther = property.holds !== undefined && node.operator === 'ne'
  const operator = isOther ? 'eq' : node.operator
  const isRange = property.type === 'string' && operator !== 'eq' && operator !== 'ne'
  const compared =
    property.isShownInSeconds && node.value.type === 'dateTime' && isWholeSecond(node.value.value)
      ? inSeconds(column, operator, value)
      : sql`${column}${isRange ? BY_BYTES : NOTHING} ${operators[operator]} ${value}`
  const implied = property.implies?.(operator, String(node.value.value))
  const condition = held(property, implied ? sql`(${compared} and ${implied})` : compared)
  return isOther ? sql`not ${condition}` : condition
}

/** Whether a time, as the parser writes it, has no fraction of a second. */
function isWholeSecond(value: string): boolean {
  return !/\.\d*[1-9]/.test(value)
}

/** A comparison with all of a second, in which the column stands alone so that an index serves it. */
function inSeconds(column: SQL, operator: ComparisonOperator, second: SQL): SQL {
  const next = sql`${second} + interval '1 second'`
  switch (operator) {
    case 'eq':
      return sql`(${column} >= ${second} and ${column} < ${next})`
    case 'ne':
      return sql`(${column} >= ${second} and ${column} < ${next}) is not true`
    case 'gt':
      return sql`${column} >= ${next}`
    case 'le':
      return sql`${column} < ${next}`
    case 'ge':
    case 'lt':
      return sql`${column} ${operators[operator]} ${second}`
  }
}

function held(property: FilterProperty, condition: SQL): SQL {
  return property.holds ? property.holds(condition) : condition
}

function isNull(property: FilterProperty, isWanted: boolean): SQL {
  if (property.holds) return isWanted ? sql`not ${property.holds(undefined)}` : property.holds(undefined)
  return isWanted ? sql`${property.sql} is null` : sql`${property.sql} is not null`
}

const BY_BYTES = sql` collate "C"`
const NOTHING = sql``

const operators = {
  eq: sql`=`,
  ne: sql`is distinct from`,
  gt: sql`>`,
  ge: sql`>=`,
  lt: sql`<`,
  le: sql`<=`,
}

/** Graph: only `eq` and `ne` with 0 or 1. */
function compareCount({ operator, value }: Comparison, path: PropertyPath, context: Context): SQL {
  const collection = find(path, context)
  if (collection.type !== 'collection' || !collection.count) throw unsupported(path, context)
  permit(collection, 'count', path, context)
  const isPermitted = (operator === 'eq' || operator === 'ne') && (value.value === 0 || value.value === 1)
  if (!isPermitted) throw invalid(path, context)
  return sql`${collection.count} ${operators[operator]} ${value.value}::int`
}

function membership(node: Membership, context: Context): SQL {
  const property = scalar(node.subject, context)
  permit(property, 'in', node.subject, context)
  if (property.type === 'dateTime') return anyMoment(node, context)
  const values = node.values.map((value) => sides(property, value, node.subject, context)[1])
  return held(property, sql`${foldedColumn(property)} in (${sql.join(values, sql`, `)})`)
}

/** Each moment as `eq` compares it. */
function anyMoment({ subject, values, position }: Membership, context: Context): SQL {
  const moments = values.map((value) => compare({ kind: 'compare', operator: 'eq', subject, value, position }, context))
  return sql`(${sql.join(moments, sql` or `)})`
}

function match(node: StringMatch, context: Context): SQL {
  const property = scalar(node.subject, context)
  permit(property, node.operator, node.subject, context)
  if (property.type !== 'string') throw unsupported(node.subject, context)
  const text = node.value.value
  if (typeof text !== 'string') throw invalid(node.subject, context)
  if (node.operator === 'startsWith') {
    const range = prefixSql(foldedColumn(property), (end) => foldedText(property, text + end))
    return held(property, range)
  }
  if (node.operator === 'endsWith' && property.backwards) {
    const { writeEnd = (end: string) => end } = property
    const start = writtenBackwards(writeEnd(text.toLowerCase()))
    return held(
      property,
      prefixSql(property.backwards, (end) => sql`${start + end}`),
    )
  }
  const literal = text.replace(/[\\%_]/g, '\\$&')
  const pattern = node.operator === 'endsWith' ? `%${literal}` : `%${literal}%`
  return held(property, sql`${foldedColumn(property)} like ${foldedText(property, pattern)}`)
}

/** Every text that starts with a prefix lies between it and it with this code point, which no text holds, behind it. */
const LAST_CODE_POINT = '\u{10ffff}'

/** "Starts with" as a range in the order of bytes: row security lets that into an index condition, `like` it does not. */
export function prefixSql(column: SQLWrapper, prefixWith: (end: string) => SQL): SQL {
  return sql`${column} collate "C" >= ${prefixWith('')} and ${column} collate "C" < ${prefixWith(LAST_CODE_POINT)}`
}

/** As PostgreSQL's `reverse` has it, by code points. */
function writtenBackwards(text: string): string {
  return [...text].reverse().join('')
}

function lambda(node: Lambda, context: Context): SQL {
  const collection = find(node.subject, context)
  if (collection.type !== 'collection') throw unsupported(node.subject, context)
  permit(collection, node.quantifier, node.subject, context)
  if (!node.body) return collection.any(undefined)
  const scope = new Map([...context.scope, [node.body.variable, collection.item] as const])
  const inner = compile(node.body.condition, { ...context, scope, isNegated: false })
  if (node.quantifier === 'any') return collection.any(inner)
  return sql`not ${collection.any(sql`(${inner}) is not true`)}`
}

/** Column and parameter in the form in which they are compared. */
function sides(property: FilterProperty, literal: Literal, path: PropertyPath, context: Context): [SQL, SQL] {
  const wrong = () => invalid(path, context)
  const column = foldedColumn(property)
  const { write } = property
  switch (property.type) {
    case 'string':
      if (literal.type !== 'string') throw wrong()
      return [column, foldedText(property, literal.value)]
    case 'enum':
      if (literal.type !== 'string') throw wrong()
      return [column, sql`${storedValue(property, literal.value) ?? raise(wrong())}`]
    // Graph's ids are strings in `$filter`; other GUIDs come bare.
    case 'guid':
      if (literal.type !== 'guid' && literal.type !== 'string') throw wrong()
      if (!isGuid(literal.value)) throw wrong()
      return [column, sql`${literal.value.toLowerCase()}::uuid`]
    case 'dateTime':
      if (literal.type !== 'dateTime') throw wrong()
      // By way of text: as a timestamp parameter the driver would cut it to milliseconds.
      return [column, write ? sql`${write(literal.value)}` : sql`${literal.value}::text::timestamptz`]
    case 'boolean':
      if (literal.type !== 'boolean') throw wrong()
      return [column, write ? sql`${write(String(literal.value))}` : sql`${literal.value}::boolean`]
    case 'integer':
      if (literal.type !== 'number' || !Number.isSafeInteger(literal.value)) throw wrong()
      return [column, write ? sql`${write(String(literal.value))}` : sql`${literal.value}::bigint`]
  }
}

function foldedColumn(property: FilterProperty): SQL {
  const folds = property.type === 'string' && (property.fold ?? 'lower') === 'lower'
  return folds ? sql`lower(${property.sql})` : sql`${property.sql}`
}

// `lower` on both sides: JavaScript and PostgreSQL disagree about a few letters.
function foldedText(property: FilterProperty, text: string): SQL {
  if (property.fold === 'none') return sql`${text}`
  const { write = (value: string) => value } = property
  return property.fold === 'stored' ? sql`${write(text.toLowerCase())}` : sql`lower(${text})`
}

function storedValue(property: FilterProperty, text: string): string | undefined {
  const wanted = text.toLowerCase()
  return Object.entries(property.values ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1]
}

function scalar(path: PropertyPath, context: Context): FilterProperty {
  const property = find(path, context)
  if (property.type === 'collection') throw unsupported(path, context)
  return property
}

function find(path: PropertyPath, context: Context): FilterProperty | FilterCollection {
  const name = path.steps.join('/')
  if (path.variable === undefined) {
    // Outside its own items a lambda's condition could only ask the same of every one of them.
    const known = context.scope.size === 0 && Object.hasOwn(context.resource.properties, name)
    const property = known ? context.resource.properties[name] : undefined
    return property ?? raise(unknown(path, context))
  }
  const item = context.scope.get(path.variable)
  if (item?.type === 'object') {
    const property = Object.hasOwn(item.properties, name) ? item.properties[name] : undefined
    return property ?? raise(unknown(path, context))
  }
  if (item === undefined || path.steps.length > 0) throw unknown(path, context)
  return item
}

function permit(permitted: Permitted, operator: FilterOperator, path: PropertyPath, context: Context): void {
  const needed: FilterOperator[] = context.isNegated && operator !== 'null' ? [operator, 'not'] : [operator]
  for (const name of needed) {
    if (permitted.operators.has(name)) continue
    if (!permitted.advanced?.has(name)) throw unsupported(path, context)
    if (!context.isAdvanced) throw advancedNeeded(name)
  }
}

function unknown(path: PropertyPath, { resource }: Context): Refusal {
  return unsupportedFilter(resource.name, pathText(path), 'unknownFilterProperty')
}

function unsupported(path: PropertyPath, { resource }: Context): Refusal {
  return unsupportedFilter(resource.name, pathText(path), 'unsupportedFilterOperator')
}

function invalid(path: PropertyPath, { resource }: Context): Refusal {
  return unsupportedFilter(resource.name, pathText(path), 'invalidFilterValue')
}

function raise(refusal: Refusal): never {
  throw refusal
}
