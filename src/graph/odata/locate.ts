import { and, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { chooseDrivers, type Drivers, drivenBy } from '../search/choose-drivers.js'
import { type Place, type Search, type Stream, streamsOf } from '../search/search-sql.js'
import type { Collection, Item } from './collection.js'
import { afterSql, type Keys, keysSql, orderSql, type SortTerm } from './keyset.js'
import type { ReadContext } from './resource.js'

type Located = Item & { keys: string }
export type LocatedPage = { items: Item[]; next: Keys | undefined }

/** What a list is asked for: a condition, an order, and words. */
export type Query = {
  where: SQL
  terms: readonly SortTerm[]
  /** One for each type that items can have. */
  search: readonly Search[] | undefined
  union?: Union | undefined
  /** `where` without what the caller filters by. */
  listed?: SQL
}

/**
 * Lists of one table read as one: the members of a group and of the groups inside it. A page of them is the first of
 * what each begins with, so it costs what a page of each costs.
 */
export type Union = {
  /** What tells one list from another, and the lists' values of it. */
  column: SQLWrapper
  of: readonly string[]
  /** True of one row only for each item, whichever of the lists it is in. */
  isFirst: SQL
}

/** What limits a list: further conditions, and either one more or the lists that it is made of. */
export function narrowed(
  within: SQL | Union | undefined,
  ...conditions: (SQL | undefined)[]
): Pick<Query, 'where' | 'union'> {
  const isUnion = within !== undefined && 'isFirst' in within
  return {
    where: and(...conditions, isUnion ? undefined : within) ?? sql`true`,
    union: isUnion ? within : undefined,
  }
}

/** The ids of one page in order, and whether there is another one after it. */
export async function locatePage(
  collection: Collection,
  context: ReadContext,
  query: Query,
  page: { after: Keys | undefined; most: number },
): Promise<LocatedPage> {
  const found =
    query.search && query.terms.length === 1
      ? await foundInOrder(collection, context, { ...query, search: query.search }, page)
      : undefined
  const statement = found ?? sorted(collection, query, await streamsTo(collection, context, query), page)
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
  { where, terms, union }: Query,
  streams: readonly Stream[] | undefined,
  { after, most }: { after: Keys | undefined; most: number },
): SQL {
  const found = streams && sql`${collection.id} in (${foundIds(streams)})`
  const page = (columns: SQL, ofOne?: SQL) => sql`
    select ${collection.id}::text as id, ${typeSql(collection)} as type, ${keysSql(terms)} as keys ${columns}
    from ${collection.from}
    where ${and(ofOne, where, found, after && afterSql(terms, after))}
    order by ${orderSql(terms)}
    limit ${most + 1}`
  if (!union) return page(sql``)
  const named = terms.map((term, index) => ({ ...term, name: sql.raw(`key${index}`) }))
  const columns = named.map(({ sql: key, name }) => sql`, ${key} as ${name}`)
  return sql`
    select id, type, keys from (
      select distinct found.* from unnest(${uuids(union.of)}) as part (id)
      cross join lateral (${page(sql.join(columns), sql`${union.column} = part.id`)}) as found
    ) as merged
    order by ${orderSql(named.map(({ name, ...term }) => ({ ...term, sql: sql`merged.${name}` })))}
    limit ${most + 1}`
}

const uuids = (ids: readonly string[]) => sql`${`{${ids.join(',')}}`}::text::uuid[]`

/** The condition of everything a query is about, each item once. */
function whole({ where, union }: Pick<Query, 'where' | 'union'>): SQL {
  return union ? sql`${union.column} = any (${uuids(union.of)}) and ${union.isFirst} and ${where}` : where
}

/** What a list may hold for a search of it to start at its items. */
const FEW = 500

type Searched = Pick<Query, 'where' | 'search' | 'union' | 'listed'>

/** The ways to what a search finds, led by the `drivers` of each of its parts; undefined without one. */
async function streamsTo(
  collection: Collection,
  context: ReadContext,
  query: Searched,
  drivers: readonly Drivers[] = [],
): Promise<Stream[] | undefined> {
  if (!query.search) return undefined
  const isShort = collection.isRelated && (await hasAtMost(FEW, collection, context, query))
  const place: Place = {
    tenantId: context.scope.tenantId,
    from: collection.from,
    id: collection.id,
    type: typeSql(collection),
    where: whole(query),
    start: isShort ? 'items' : 'hits',
  }
  return query.search.flatMap((search, index) => streamsOf(drivenBy(search, drivers[index] ?? []), place))
}

async function hasAtMost(
  most: number,
  { from }: Collection,
  { scope }: ReadContext,
  { where, listed = where, union }: Pick<Query, 'where' | 'union' | 'listed'>,
): Promise<boolean> {
  const [row] = await scope.orm.execute<{ n: number }>(sql`
    select count(*)::int as n from (select from ${from} where ${whole({ where: listed, union })} limit ${most + 1}) as few`)
  return (row?.n ?? 0) <= most
}

/**
 * A page of a search that asks for no order: each stream is read from its index until the page is full, so that a page
 * costs the same however many match.
 */
async function foundInOrder(
  collection: Collection,
  context: ReadContext,
  query: Searched & { search: readonly Search[] },
  { after, most }: { after: Keys | undefined; most: number },
): Promise<SQL> {
  const [begun, key, id] = after ?? []
  const [alternative = 0, ...begunWith] = (begun ?? '0').split('.').map(Number)
  const limit = most + 1
  const drivers = await Promise.all(
    query.search.map(async (search, index) => {
      const chosen = await chooseDrivers(context.scope, search)
      return after ? chosen.with(alternative, begunWith[index] ?? 0) : chosen
    }),
  )
  const beginningOf = (at: number) => [at, ...drivers.map((chosen) => chosen[at] ?? 0)].join('.')
  const streams = ((await streamsTo(collection, context, query, drivers)) ?? [])
    .filter((stream) => stream.alternative >= alternative)
    .map((stream) => {
      const isFirst = after !== undefined && stream.alternative === alternative
      const beyond = isFirst ? sql`(${stream.key}, ${stream.id}) > (${key}::text, ${id}::uuid)` : undefined
      return sql`(select ${stream.alternative}::int as alternative, ${beginningOf(stream.alternative)}::text as begun,
        ${stream.key}::text as key, ${stream.id} as id, ${stream.type} as type
        from ${stream.from} where ${and(stream.where, beyond)} order by ${stream.order} limit ${limit})`
    })
  if (streams.length === 0) return sql`select null::text as id, null::text as type, null::text as keys where false`
  return sql`
    select id::text as id, type, json_build_array(begun, key, id::text)::text as keys
    from (${sql.join(streams, sql` union all `)}) as found
    order by alternative, key collate "C", found.id
    limit ${limit}`
}

/** The ids of everything a search finds, each once. */
function foundIds(streams: readonly Stream[]): SQL {
  if (streams.length === 0) return sql`select null::uuid where false`
  const found = streams.map(
    ({ id, from, where, all = { from, where } }) => sql`select ${id} as id from ${all.from} where ${all.where}`,
  )
  return sql.join(found, sql` union all `)
}

/** How many items match. */
export async function countItems(collection: Collection, context: ReadContext, query: Searched): Promise<number> {
  const streams = await streamsTo(collection, context, query)
  const from = streams ? sql`(${foundIds(streams)}) as found` : sql`${collection.from} where ${whole(query)}`
  const [row] = await context.scope.orm.execute<{ n: number }>(sql`select count(*)::int as n from ${from}`)
  return row?.n ?? 0
}
