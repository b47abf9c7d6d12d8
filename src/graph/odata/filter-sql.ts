import { type SQL, sql } from 'drizzle-orm'
import type { Refusal } from '../../kernel/refusal.js'
import { advancedNeeded, unsupportedFilter } from './filter-refusals.js'
import type {
  Comparison,
  ComparisonOperator,
  FilterNode,
  Lambda,
  Membership,
  PropertyPath,
  StringMatch,
} from './filter-tree.js'
import { pathText } from './filter-tree.js'
import { foldedColumn, foldedText, prefixSql, sides, writtenBackwards } from './filter-values.js'
import type { FilterCollection, FilterOperator, FilterProperty, FilterResource, Permitted } from './filterable.js'

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
  const path = node.subject
  const property = scalar(path, context)
  permit(property, node.operator, path, context)
  if (node.value.type === 'null') {
    permit(property, 'null', path, context)
    if (node.operator !== 'eq' && node.operator !== 'ne') throw invalid(path, context)
    return isNull(property, node.operator === 'eq')
  }
  const [column, value] = sides(property, node.value, () => invalid(path, context))
  if (property.type === 'boolean' && node.operator !== 'eq' && node.operator !== 'ne') throw invalid(path, context)
  // Who has no value has another one than this.
  if (property.holds && node.operator === 'ne')
    return sql`not ${property.holds(comparison(property, { ...node, operator: 'eq' }, column, value))}`
  return held(property, comparison(property, node, column, value))
}

/** One comparison of a value of the property, with what it implies. */
function comparison(property: FilterProperty, { operator, value: literal }: Comparison, column: SQL, value: SQL): SQL {
  const isRange = property.type === 'string' && operator !== 'eq' && operator !== 'ne'
  const compared =
    property.isShownInSeconds && literal.type === 'dateTime' && isWholeSecond(literal.value)
      ? inSeconds(column, operator, value)
      : sql`${column}${isRange ? BY_BYTES : NOTHING} ${operators[operator]} ${value}`
  const implied = property.implies?.(operator, String(literal.value))
  return implied ? sql`(${compared} and ${implied})` : compared
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
  if (property.type === 'dateTime') return held(property, anyMoment(property, node, context))
  const values = node.values.map((value) => sides(property, value, () => invalid(node.subject, context))[1])
  return held(property, sql`${foldedColumn(property)} in (${sql.join(values, sql`, `)})`)
}

/** Each moment as `eq` compares it. */
function anyMoment(property: FilterProperty, { subject, values, position }: Membership, context: Context): SQL {
  const moments = values.map((literal) => {
    const [column, value] = sides(property, literal, () => invalid(subject, context))
    return comparison(property, { kind: 'compare', operator: 'eq', subject, value: literal, position }, column, value)
  })
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
