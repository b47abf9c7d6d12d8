import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { type Search, type SearchKey, searchOf } from '../search/search-sql.js'
import { type Expansion, expandInto } from './expand.js'
import type { FilterNode } from './filter-tree.js'
import type { FilterResource } from './filterable.js'
import type { SortKey, SortTerm } from './keyset.js'
import { compileListFilter, type ListColumn, type ListFilters, listFilters } from './list-filter.js'
import type { OptionName, QueryOptions, QueryRules } from './query-options.js'
import type { Entity, ReadContext, Relation, Resource } from './resource.js'

/** Where the objects of a list come from, and what they are. */
export type CollectionDefinition = {
  /** What `@odata.context` calls it: `users`, `directoryObjects`. Unless set, the resource's own set. */
  set?: string
  /** Declared type of the items; filters, orders and searches are by its properties, unless there are variants. */
  resource: Resource
  /**
   * For a list of several types: what each item is. They decide what may be selected, expanded, searched, filtered and
   * sorted by; the columns of their tables must be in the `from` clause, null for an item of another type.
   */
  variants?: readonly Resource[]
  /** `from` clause: the table, and whatever it is joined with. */
  from: SQL
  /** Id of an item in that clause; with an index on the tenant and this, pages cost the same however deep. */
  id: SQLWrapper
  /** Of which type an item is (`microsoft.graph.user`); needed with `variants`. */
  itemType?: SQLWrapper
  /** Whether it is about what hangs on one object, which may be little of what there is or nearly all. */
  isRelated?: boolean
  /** Holds a handful, whatever the organization: nothing of it is dear, so that nothing wants an advanced query. */
  isFew?: boolean
  /** Columns of the list's own, by the property of the items that they hold. */
  columns?: Readonly<Record<string, ListColumn>>
  /** Rows of the tenant that the list may show. */
  where(tenantId: string): SQL | undefined
  /** Order of ids when nothing else is asked for. */
  idOrder?: 'asc' | 'desc'
  /** Compiles `$filter` instead of the resource's table, for what depends on the moment. */
  filter?(node: FilterNode, moment: { isAdvanced: boolean; now: Date }): SQL
  /** Options the list takes; unless given, all its definition can do. */
  options?: readonly OptionName[]
}

export type Collection = CollectionDefinition & {
  /** What `readQueryOptions` and the OpenAPI document need. */
  rules: QueryRules
  filters: ListFilters
}

/** A list of the dialect. Define it once, at the start; `answerCollection` serves it. */
export function defineCollection(definition: CollectionDefinition): Collection {
  const filters = listFilters(definition)
  return { ...definition, filters, rules: collectionRules(definition, filters) }
}

/** What `GET` of one entity of this resource takes: `$select` and `$expand`. */
export function entityRules(resource: Resource, options: readonly OptionName[] = ['select', 'expand']): QueryRules {
  return {
    type: resource.type,
    resource: resource.name,
    options: new Set(options.filter((name) => name !== 'expand' || mayExpand([resource]))),
    properties: new Set(Object.keys(resource.properties)),
    open: resource.open?.names,
    relations: resource.relations,
  }
}

function collectionRules(definition: CollectionDefinition, filters: ListFilters): QueryRules {
  const { resource, variants = [], options } = definition
  const types = typesOf(definition)
  const properties = types.flatMap((type) => Object.entries(type.properties))
  const orderBy = [...new Set(properties.map(([name]) => name))].flatMap((name) => {
    const key = sortKey(definition, name)
    return key ? [[name, key.isAdvanced ? 'advanced' : 'default'] as const] : []
  })
  const searchable = types.flatMap((type) => Object.keys(searchKeys(definition, type)))
  const relations = relationsOf(types)
  const can: Partial<Record<OptionName, boolean>> = {
    filter: filters.types.some((type) => Object.keys(type.filters.properties).length > 0),
    orderby: orderBy.length > 0,
    search: searchable.length > 0,
    expand: mayExpand(types),
  }
  const all: OptionName[] = ['select', 'filter', 'orderby', 'top', 'skiptoken', 'count', 'search', 'expand']
  return {
    type: resource.type,
    resource: resource.name,
    options: new Set(options ?? all.filter((name) => can[name] ?? true)),
    properties: new Set([resource, ...variants].flatMap((each) => Object.keys(each.properties))),
    // Not in a list of several types, each of which has its own.
    open: variants.length === 0 ? resource.open?.names : undefined,
    singleOnly: new Set(properties.flatMap(([name, { isSingleOnly }]) => (isSingleOnly ? [name] : []))),
    orderBy: Object.fromEntries(orderBy),
    orderWithFilterIsAdvanced: !definition.isFew,
    filterable: new Set(filters.types.flatMap((type) => pathsOf(type.filters))),
    expandIsPlain: !definition.isFew,
    searchable: new Set(searchable),
    relations,
  }
}

/** Every path that a filter may name, with those from the items of its collections. */
function pathsOf({ properties }: FilterResource): string[] {
  return Object.entries(properties).flatMap(([path, property]) =>
    property.type === 'collection' && property.item.type === 'object'
      ? [path, ...Object.keys(property.item.properties).map((name) => `${path}/${name}`)]
      : [path],
  )
}

/** What the items of a list can be. */
export function typesOf({
  resource,
  variants,
}: Pick<CollectionDefinition, 'resource' | 'variants'>): readonly Resource[] {
  return variants ?? [resource]
}

/** Relations that items have; of one that several types have, the first tells what it is. */
export function relationsOf(types: readonly Resource[]): Record<string, Relation> {
  return Object.assign({}, ...[...types].reverse().map(({ relations }) => relations))
}

/** Lists of several types are searched by words: what only starts with a text has no index that fits them. */
function searchKeys({ variants }: CollectionDefinition, { properties }: Resource): Record<string, SearchKey> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, { search }]) =>
      search && (!variants || search.kind !== 'startsWith') ? [[name, search]] : [],
    ),
  )
}

/** Of types whose relations are not served `$expand` is no option. */
function mayExpand(types: readonly Resource[]): boolean {
  return types.some(
    ({ relations, hasNoRelations }) => hasNoRelations || Object.values(relations).some(({ load }) => load),
  )
}

/** How a list is sorted by a property: one that every type in it can be sorted by, in advanced queries only if they differ. */
function sortKey(list: CollectionDefinition, property: string): (SortKey & { isAdvanced?: boolean }) | undefined {
  const keys = typesOf(list).flatMap(({ properties }) => {
    const key = Object.hasOwn(properties, property) ? properties[property]?.orderBy : undefined
    return key ? [key] : []
  })
  const [first] = keys
  if (!first || keys.length < typesOf(list).length) return undefined
  const own = list.columns && Object.hasOwn(list.columns, property) ? list.columns[property]?.orderBy : undefined
  if (!list.variants) return { ...first, ...own }
  const either = sql`coalesce(${sql.join(
    keys.map((key) => sql`${key.sql}`),
    sql`, `,
  )})`
  return { ...first, sql: either, ...own, isAdvanced: true }
}

/** Terms of a page's order: what was asked for, or what an index gives for nothing; the id last, so that it is total. */
export function sortTerms(collection: Collection, options: QueryOptions): SortTerm[] {
  const { id, idOrder = 'asc' } = collection
  const asked = (options.orderBy ?? []).flatMap(({ property, direction }) => {
    const key = sortKey(collection, property)
    return key ? [{ ...key, direction }] : []
  })
  const ranged =
    asked.length === 0 && options.filter && !options.search ? rangedKey(options.filter, collection) : undefined
  const terms: SortTerm[] = ranged ? [{ ...ranged, direction: 'asc' }] : asked
  return [...terms, { sql: id, type: 'uuid', direction: terms.at(-1)?.direction ?? idOrder }]
}

/**
 * The column whose index a filter reads a range of. In its order the page is the start of that range, in any other one
 * every match would have to be found and sorted first.
 */
function rangedKey(node: FilterNode, collection: Collection): SortKey | undefined {
  if (node.kind === 'and') {
    for (const item of node.items) {
      const key = rangedKey(item, collection)
      if (key) return key
    }
    return undefined
  }
  const isRange =
    (node.kind === 'match' && node.operator !== 'contains') ||
    (node.kind === 'compare' && node.operator !== 'eq' && node.operator !== 'ne' && node.value.type !== 'null')
  if (!isRange || node.subject.kind !== 'property' || node.subject.variable !== undefined) return undefined
  const path = node.subject.steps.join('/')
  const { own, types } = collection.filters
  const filters = collection.columns || collection.variants ? own.properties : types[0]?.filters.properties
  const property = filters && Object.hasOwn(filters, path) ? filters[path] : undefined
  if (!property || property.type === 'collection' || !property.isIndexed) return undefined
  if (node.kind === 'match' && node.operator === 'endsWith') {
    return property.backwards && { sql: property.backwards, type: 'text' }
  }
  const type = property.type === 'dateTime' ? 'timestamptz' : property.type === 'string' ? 'text' : undefined
  return type && { sql: property.sql, type }
}

/** The condition of the request's `$filter`. @throws Refusal for what the resource does not permit. */
export function filterOf(
  collection: Collection,
  options: QueryOptions,
  moment: { now: Date; tenantId: string },
): SQL | undefined {
  const { filter, isAdvanced } = options
  if (!filter) return undefined
  if (collection.filter) return collection.filter(filter, { isAdvanced, now: moment.now })
  return compileListFilter(filter, collection, { isAdvanced, tenantId: moment.tenantId })
}

/** The words of a request's `$search` for each type that items can have. */
export function searchOfOptions(collection: Collection, { search }: QueryOptions): Search[] | undefined {
  return search && typesOf(collection).map((type) => searchOf(search, searchKeys(collection, type)))
}

/** An object in a list, and its type where the list holds several. */
export type Item = { id: string; type: string | null }

/** Reads and shows located items, each as what it is, in their order. */
export async function showItems(
  list: Pick<Collection, 'resource' | 'variants'>,
  context: ReadContext,
  items: readonly Item[],
  select: readonly string[] | undefined,
): Promise<Shown[]> {
  const shown = new Map<string, Entity>()
  for (const each of typesOf(list)) {
    const ids = ofType(list, each, items).map(({ id }) => id)
    const own = select?.filter((name) => Object.hasOwn(each.properties, name))
    for (const [id, entity] of await each.render(context, ids, own)) {
      shown.set(id, each.type === list.resource.type ? entity : { '@odata.type': `#${each.type}`, ...entity })
    }
  }
  return items.flatMap(({ id, type }) => {
    const entity = shown.get(id)
    return entity ? [{ id, type, entity }] : []
  })
}

type Shown = Item & { entity: Entity }

/** Adds expanded relations to the items shown, each to those whose type has it. */
export async function expandItems(
  list: Pick<Collection, 'resource' | 'variants'>,
  context: ReadContext,
  shown: readonly Shown[],
  expand: readonly Expansion[] = [],
): Promise<void> {
  for (const each of typesOf(list)) {
    const own = expand.filter(({ relation }) => Object.hasOwn(each.relations, relation))
    await expandInto(context, each, ofType(list, each, shown), own)
  }
}

function ofType<Of extends Item>({ variants }: Pick<Collection, 'variants'>, { type }: Resource, items: readonly Of[]) {
  return variants ? items.filter((item) => item.type === type) : items
}
