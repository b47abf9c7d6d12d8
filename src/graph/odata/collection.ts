import { and, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
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
    search: properties.some(([, { search }]) => search !== undefined),
    expand: variants.length === 0 && relationNames(resource).length > 0,
  }
  const all: OptionName[] = ['select', 'filter', 'orderby', 'top', 'skiptoken', 'count', 'search', 'expand']
  return {
    type: resource.type,
    resource: resource.name,
    options: new Set(options ?? all.filter((name) => can[name] ?? true)),
    properties: new Set([resource, ...variants].flatMap((each) => Object.keys(each.properties))),
    singleOnly: new Set(properties.flatMap(([name, { isSingleOnly }]) => (isSingleOnly ? [name] : []))),
    orderBy: Object.fromEntries(orderBy),
    orderWithFilterIsAdvanced: true,
    relations: resource.relations,
  }
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
  const ranged = asked.length === 0 && options.filter ? rangedKey(options.filter, collection) : undefined
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

/** The condition of everything the caller asked for and may see, but for the position of the page. */
export function conditionOf(collection: Collection, options: QueryOptions, context: ReadContext, within?: SQL): SQL {
  const filter =
    options.filter && compileFilter(options.filter, collection.resource.filters, { isAdvanced: options.isAdvanced })
  return and(collection.where(context.scope.tenantId), within, filter) ?? sql`true`
}

type Located = { id: string; type: string | null; keys: (string | null)[] }

/** The ids of one page in order, and whether there is another one after it. */
export async function locatePage(
  collection: Collection,
  context: ReadContext,
  query: { where: SQL; terms: readonly SortTerm[]; after: Keys | undefined; most: number },
): Promise<{ items: { id: string; type: string | null }[]; next: Keys | undefined }> {
  const { where, terms, after, most } = query
  const type = collection.itemType ? sql`${collection.itemType}::text` : sql`null::text`
  const rows = await context.scope.orm.execute<Located>(sql`
    select ${collection.id}::text as id, ${type} as type, ${keysSql(terms)} as keys
    from ${collection.from}
    where ${after ? and(where, afterSql(terms, after)) : where}
    order by ${orderSql(terms)}
    limit ${most + 1}`)
  const items = rows.slice(0, most)
  return { items, next: rows.length > most ? items.at(-1)?.keys : undefined }
}

/** How many items match. */
export async function countItems(collection: Collection, context: ReadContext, where: SQL): Promise<number> {
  const [row] = await context.scope.orm.execute<{ n: number }>(
    sql`select count(*)::int as n from ${collection.from} where ${where}`,
  )
  return row?.n ?? 0
}

/** Reads and shows located items, each as what it is, in their order. */
export async function showItems(
  { resource, variants = [] }: Pick<Collection, 'resource' | 'variants'>,
  context: ReadContext,
  items: readonly { id: string; type: string | null }[],
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
