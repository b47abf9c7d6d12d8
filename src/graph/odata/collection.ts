import { and, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { type Search, type SearchKey, searchOf, streamsOf } from '../search/search-sql.js'
import { compileFilter } from './filter-sql.js'
import type { FilterNode } from './filter-tree.js'
import { afterSql, type Keys, keysSql, orderSql, type SortKey, type SortTerm } from './keyset.js'
import type { OptionName, QueryOptions, QueryRules } from './query-options.js'
import type { Entity, ReadContext, Resource } from './resource.js'

/** Where the objects of a list come from, and what they are. */
export type CollectionDefinition = {
  /** What `@odata.context` calls it: `users`, `directoryObjects`. Unless set, the resource's own set. */
  set?: string
  /** Declared type of the items; filters, orders and searches are by its properties. */
  resource: Resource
  /** For a list of several types: what each item is shown with. Their properties may be selected too. */
  variants?: readonly Resource[]
  /** `from` clause: the table, and whatever it is joined with. */
  from: SQL
  /** Id of an item in that clause; with an index on the tenant and this, pages cost the same however deep. */
  id: SQLWrapper
  /** Of which type an item is (`microsoft.graph.user`); needed with `variants`. */
  itemType?: SQLWrapper
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
}

/** A list of the dialect. Define it once, at the start; `answerCollection` serves it. */
export function defineCollection(definition: CollectionDefinition): Collection {
  return { ...definition, rules: collectionRules(definition) }
}

/** What `GET` of one entity of this resource takes: `$select` and `$expand`. */
export function entityRules(resource: Resource, options: readonly OptionName[] = ['select', 'expand']): QueryRules {
  return {
    type: resource.type,
    resource: resource.name,
    options: new Set(options.filter((name) => name !== 'expand' || relationNames(resource).length > 0)),
    properties: new Set(Object.keys(resource.properties)),
    open: resource.open?.names,
    relations: resource.relations,
  }
}

function collectionRules({ resource, variants = [], options }: CollectionDefinition): QueryRules {
  const properties = Object.entries(resource.properties)
  const orderBy = properties.flatMap(([name, { orderBy: key }]) =>
    key ? [[name, key.isAdvanced ? 'advanced' : 'default'] as const] : [],
  )
  const can: Partial<Record<OptionName, boolean>> = {
    filter: Object.keys(resource.filters.properties).length > 0,
    orderby: orderBy.length > 0,
    search: Object.keys(searchKeys(resource)).length > 0,
    expand: variants.length === 0 && relationNames(resource).length > 0,
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
    orderWithFilterIsAdvanced: true,
    expandIsPlain: true,
    searchable: new Set(Object.keys(searchKeys(resource))),
    relations: resource.relations,
  }
}

function searchKeys({ properties }: Resource): Record<string, SearchKey> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, { search }]) => (search ? [[name, search]] : [])),
  )
}

function relationNames({ relations }: Resource): string[] {
  return Object.entries(relations).flatMap(([name, { load }]) => (load ? [name] : []))
}

/** Terms of a page's order: what was asked for, or what an index gives for nothing; the id last, so that it is total. */
export function sortTerms(collection: Collection, options: QueryOptions): SortTerm[] {
  const { resource, id, idOrder = 'asc' } = collection
  const asked = (options.orderBy ?? []).flatMap(({ property, direction }) => {
    const key = resource.properties[property]?.orderBy
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
    (node.kind === 'match' && node.operator === 'startsWith') ||
    (node.kind === 'compare' && node.operator !== 'eq' && node.operator !== 'ne' && node.value.type !== 'null')
  if (!isRange || node.subject.kind !== 'property' || node.subject.variable !== undefined) return undefined
  const path = node.subject.steps.join('/')
  const filters = collection.resource.filters.properties
  const property = Object.hasOwn(filters, path) ? filters[path] : undefined
  if (!property || property.type === 'collection' || !property.isIndexed) return undefined
  const type = property.type === 'dateTime' ? 'timestamptz' : property.type === 'string' ? 'text' : undefined
  return type && { sql: property.sql, type }
}

/** The condition of the request's `$filter`. @throws Refusal for what the resource does not permit. */
export function filterOf(collection: Collection, options: QueryOptions, now: Date): SQL | undefined {
  const { filter, isAdvanced } = options
  if (!filter) return undefined
  if (collection.filter) return collection.filter(filter, { isAdvanced, now })
  return compileFilter(filter, collection.resource.filters, { isAdvanced })
}

type Item = { id: string; type: string | null }
type Located = Item & { keys: string }
export type LocatedPage = { items: Item[]; next: Keys | undefined }

/** What a list is asked for: a condition, an order, and words. */
export type Query = { where: SQL; terms: readonly SortTerm[]; search: Search | undefined }

/** The words of a request's `$search`, when it has one. */
export function searchOfOptions({ resource }: Collection, { search }: QueryOptions): Search | undefined {
  return search && searchOf(search, searchKeys(resource))
}

/** The ids of one page in order, and whether there is another one after it. */
export async function locatePage(
  collection: Collection,
  context: ReadContext,
  query: Query,
  page: { after: Keys | undefined; most: number },
): Promise<LocatedPage> {
  const statement =
    query.search && query.terms.length === 1
      ? foundInOrder(collection, context, query.where, query.search, page)
      : sorted(collection, context, query, page)
  const rows = await context.scope.orm.execute<Located>(statement)
  const items = rows.slice(0, page.most)
  const last = rows.length > page.most ? items.at(-1) : undefined
  return { items, next: last && JSON.parse(last.keys) }
}

function typeSql({ itemType }: Collection): SQL {
  return itemType ? sql`${itemType}::text` : sql`null::text`
}

function sorted(
  collection: Collection,
  context: ReadContext,
  { where, terms, search }: Query,
  { after, most }: { after: Keys | undefined; most: number },
): SQL {
  const found = search && sql`${collection.id} in (${foundIds(collection, context, where, search)})`
  return sql`
    select ${collection.id}::text as id, ${typeSql(collection)} as type, ${keysSql(terms)} as keys
    from ${collection.from}
    where ${and(where, found, after && afterSql(terms, after))}
    order by ${orderSql(terms)}
    limit ${most + 1}`
}

/**
 * A page of a search that asks for no order: each stream is read from its index until the page is full, so that a page
 * costs the same however many match.
 */
function foundInOrder(
  collection: Collection,
  context: ReadContext,
  where: SQL,
  search: Search,
  { after, most }: { after: Keys | undefined; most: number },
): SQL {
  const [alternative = '0', key, id] = after ?? []
  const limit = most + 1
  const streams = streamsOf(search, { tenantId: context.scope.tenantId, from: collection.from, id: collection.id })
    .filter((stream) => stream.alternative >= Number(alternative))
    .map((stream) => {
      const isFirst = after !== undefined && stream.alternative === Number(alternative)
      const beyond = isFirst ? sql`(${stream.key}, ${stream.id}) > (${key}::text, ${id}::uuid)` : undefined
      return sql`(select ${stream.alternative}::int as alternative, ${stream.key}::text as key, ${stream.id} as id,
        ${typeSql(collection)} as type
        from ${stream.from} where ${and(stream.where, where, beyond)} order by ${stream.order} limit ${limit})`
    })
  if (streams.length === 0) return sql`select null::text as id, null::text as type, null::text as keys where false`
  return sql`
    select id::text as id, type, json_build_array(alternative::text, key, id::text)::text as keys
    from (${sql.join(streams, sql` union all `)}) as found
    order by alternative, key collate "C", found.id
    limit ${limit}`
}

/** The ids of everything a search finds, each once. */
function foundIds(collection: Collection, context: ReadContext, where: SQL, search: Search): SQL {
  const place = { tenantId: context.scope.tenantId, from: collection.from, id: collection.id }
  const streams = streamsOf(search, place).map(
    (stream) => sql`select ${stream.id} as id from ${stream.from} where ${and(stream.where, where)}`,
  )
  if (streams.length === 0) return sql`select null::uuid where false`
  return sql.join(streams, sql` union all `)
}

/** How many items match. */
export async function countItems(
  collection: Collection,
  context: ReadContext,
  { where, search }: Pick<Query, 'where' | 'search'>,
): Promise<number> {
  const from = search
    ? sql`(${foundIds(collection, context, where, search)}) as found`
    : sql`${collection.from} where ${where}`
  const [row] = await context.scope.orm.execute<{ n: number }>(sql`select count(*)::int as n from ${from}`)
  return row?.n ?? 0
}

/** Reads and shows located items, each as what it is, in their order. */
export async function showItems(
  { resource, variants = [] }: Pick<Collection, 'resource' | 'variants'>,
  context: ReadContext,
  items: readonly Item[],
  select: readonly string[] | undefined,
): Promise<{ id: string; entity: Entity }[]> {
  const shown = new Map<string, Entity>()
  for (const each of variants.length > 0 ? variants : [resource]) {
    const ids = items.filter(({ type }) => variants.length === 0 || type === each.type).map(({ id }) => id)
    const own = select?.filter((name) => Object.hasOwn(each.properties, name))
    for (const [id, entity] of await each.render(context, ids, own)) {
      shown.set(id, each.type === resource.type ? entity : { '@odata.type': `#${each.type}`, ...entity })
    }
  }
  return items.flatMap(({ id }) => {
    const entity = shown.get(id)
    return entity ? [{ id, entity }] : []
  })
}
