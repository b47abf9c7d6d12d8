import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { unsupportedFilter, unsupportedReferenceFilter } from './filter-refusals.js'
import { compileFilter } from './filter-sql.js'
import { type FilterNode, propertiesOf } from './filter-tree.js'
import type { FilterCollection, FilterProperty, FilterResource } from './filterable.js'
import type { SortKey } from './keyset.js'
import type { GraphType, Resource } from './resource.js'

/**
 * A column of the list itself that holds a property of its items, with an index on what narrows the list, this and the
 * id: filters, ranges and orders by it are read from that index, without a look at the items.
 */
export type ListColumn = { filter: FilterProperty; orderBy: SortKey }

type Definition = {
  resource: Resource
  variants?: readonly Resource[]
  columns?: Readonly<Record<string, ListColumn>>
  id: SQLWrapper
  itemType?: SQLWrapper
}

/** What `$filter` of a list is compiled by. */
export type ListFilters = {
  /** What the list knows of its items by itself: their ids, and its columns. */
  own: FilterResource
  /** What each type of item is asked. */
  types: readonly { type: GraphType; filters: FilterResource; table: Resource['table'] }[]
}

/**
 * What can be asked of the items of a list. In a list of several types a property is asked of all of them: one that a
 * type does not have is null in its items, and one that a type has and cannot be filtered by is refused, since it would
 * be answered wrongly.
 */
export function listFilters({ resource, variants = [], columns = {}, id }: Definition): ListFilters {
  const types = variants.length > 0 ? variants : [resource]
  const name = resource.name
  const kept = Object.fromEntries(Object.entries(columns).map(([property, { filter }]) => [property, filter]))
  const ofList = Object.keys(columns).length > 0
  const paths = [...new Set(types.flatMap((type) => Object.keys(type.filters.properties)))]
  const askable = paths.filter((path) => types.every((type) => path in type.filters.properties || !has(type, path)))
  return {
    own: { name, properties: variants.length > 0 ? { ...kept, id: idFilter(types, id) } : kept },
    types: types.map((type) => ({
      type: type.type,
      table: type.table,
      filters: {
        name,
        properties: Object.fromEntries(
          askable.map((path) => [path, kept[path] ?? filterIn(type, path, types, ofList || variants.length > 0)]),
        ),
      },
    })),
  }
}

/**
 * The condition of a `$filter` on a list. What only the list's own columns are asked stands beside the rest, where an
 * index can serve it, and so does where to find the items of a value that one object at most has.
 * @throws Refusal for what the types do not permit; in a list of several, everything but ids wants an advanced query.
 */
export function compileListFilter(
  node: FilterNode,
  list: Definition & { filters: ListFilters },
  { isAdvanced, tenantId }: { isAdvanced: boolean; tenantId: string },
): SQL {
  const { own, types } = list.filters
  const parts = node.kind === 'and' ? node.items : [node]
  if (list.variants && !isAdvanced && !parts.every(asksForIds)) throw unsupportedReferenceFilter()
  mustStandAlone(node, list)
  const conditions = parts.flatMap((part) => {
    const asked = [...propertiesOf(part)]
    if (asked.length > 0 && asked.every((name) => Object.hasOwn(own.properties, name))) {
      return [compileFilter(part, own, { isAdvanced })]
    }
    const ofTypes = types.map(({ type, filters }) => ({ type, sql: compileFilter(part, filters, { isAdvanced }) }))
    const [only] = ofTypes
    if (!list.variants && only) return [only.sql]
    const cases = ofTypes.map(({ type, sql: condition }) => sql`when ${type} then (${condition})`)
    return [...located(part, list, tenantId, isAdvanced), sql`case ${list.itemType} ${sql.join(cases, sql` `)} end`]
  })
  return sql.join(
    conditions.map((condition) => sql`(${condition})`),
    sql` and `,
  )
}

/** @throws Refusal for a property that is asked for beside others and cannot be. */
function mustStandAlone(node: FilterNode, { resource, filters }: Definition & { filters: ListFilters }): void {
  const asked = propertiesOf(node)
  if (asked.size < 2) return
  for (const { filters: known } of filters.types) {
    for (const [path, property] of Object.entries(known.properties)) {
      const [name = ''] = path.split('/')
      if (property.type === 'collection' || !property.isAlone || !asked.has(name)) continue
      throw unsupportedFilter(resource.name, name, 'filteredWithOthers')
    }
  }
}

/** The items that have a value which one object of a type at most has: looked up, not looked for. */
function located(part: FilterNode, list: Definition & { filters: ListFilters }, tenantId: string, isAdvanced: boolean) {
  const isValue =
    part.kind === 'in' || (part.kind === 'compare' && part.operator === 'eq' && part.value.type !== 'null')
  const [name = ''] = propertiesOf(part)
  if (!isValue) return []
  const sources = list.filters.types.map(({ filters, table }) => {
    const property = filters.properties[name]
    if (!property || property.type === 'collection' || !property.isUnique || !table) return undefined
    const where = compileFilter(part, filters, { isAdvanced })
    return sql`select ${table.id} as id from ${table.from}
      where ${table.tenantId} = ${tenantId}::uuid and ${table.present} and ${where}`
  })
  // A type that does not have the property has no item with the value.
  const found = sources.filter((source) => source !== undefined)
  const isWhole = list.filters.types.every(({ filters }, index) => sources[index] || isAbsent(filters.properties[name]))
  if (found.length === 0 || !isWhole) return []
  return [sql`${list.id} = any (array(${sql.join(found, sql` union all `)}))`]
}

function asksForIds(node: FilterNode): boolean {
  if (node.kind === 'in') return node.subject.steps.join('/') === 'id'
  return (
    node.kind === 'compare' &&
    node.operator === 'eq' &&
    node.subject.kind === 'property' &&
    node.subject.steps.join('/') === 'id'
  )
}

/** Ranges are in the order of the list's own indexes; those of the items' tables are of no use to it. */
function filterIn(
  type: Resource,
  path: string,
  types: readonly Resource[],
  isApart: boolean,
): FilterProperty | FilterCollection {
  const own = type.filters.properties[path]
  if (own) return own.type === 'collection' || !isApart ? own : { ...own, isIndexed: false }
  const other = types.map(({ filters }) => filters.properties[path]).find((filter) => filter !== undefined)
  if (!other) throw new Error(`'${path}' was let through as a filter`)
  return absent(other)
}

const NULL = {
  string: sql`null::text`,
  enum: sql`null::text`,
  guid: sql`null::uuid`,
  dateTime: sql`null::timestamptz`,
  boolean: sql`null::boolean`,
  integer: sql`null::bigint`,
}
const ABSENT = new Set<unknown>(Object.values(NULL))

function absent(other: FilterProperty | FilterCollection): FilterProperty | FilterCollection {
  if (other.type !== 'collection') return { ...other, sql: NULL[other.type], isIndexed: false, isUnique: false }
  return { ...other, any: () => sql`false`, ...(other.count && { count: NULL.integer }) }
}

function isAbsent(property: FilterProperty | FilterCollection | undefined): boolean {
  return property !== undefined && property.type !== 'collection' && ABSENT.has(property.sql)
}

function has({ properties }: Resource, path: string): boolean {
  return Object.hasOwn(properties, path.split('/')[0] ?? '')
}

function idFilter([first]: readonly Resource[], id: SQLWrapper): FilterProperty {
  const filter = first?.filters.properties['id']
  if (!filter || filter.type === 'collection') throw new Error('items of a list are filtered by id')
  return { ...filter, sql: id }
}
