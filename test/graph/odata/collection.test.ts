import { sql } from 'drizzle-orm'
import t from 'tap'
import { filterOf, sortTerms } from '../../../src/graph/odata/collection.js'
import type { Keys } from '../../../src/graph/odata/keyset.js'
import { countItems, locatePage } from '../../../src/graph/odata/locate.js'
import { type QueryOptions, readQueryOptions } from '../../../src/graph/odata/query-options.js'
import type { ReadContext } from '../../../src/graph/odata/resource.js'
import { type Database, openDatabase } from '../../../src/platform/database.js'
import { migrateDatabase } from '../../../src/platform/migrate.js'
import { freshDatabase } from '../../support/engines.js'
import { callerWith } from '../support.js'
import { THINGS, thingCollection } from './things.js'

const TENANT = '01980000-0000-7000-8000-000000000001'
const id = (n: number) => `01980000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const names = ['b', null, 'a', 'B', 'c', null, 'aa', 'a', 'ß', 'Zz', '\u{1f600}', '\uffee']

let database: Database
t.before(async () => {
  const { connection } = await freshDatabase(migrateDatabase)
  database = openDatabase(connection, { hot: 1, ordinary: 2 })
  t.teardown(() => database.close())
  for (const statement of THINGS.split(';')) await database.orm.execute(sql.raw(statement))
  for (const [n, name] of names.entries()) {
    const size = n % 4 === 0 ? null : n % 3
    await database.orm.execute(sql`insert into things (tenant_id, id, name, size, is_open, made_at)
      values (${TENANT}, ${id(n)}, ${name}, ${size}, ${n % 2 === 0}, '2026-01-01T00:00:00.123456Z'::timestamptz)`)
  }
})

function inContext<Result>(read: (context: ReadContext) => Promise<Result>): Promise<Result> {
  const base = { url: '/v1.0/things', origin: 'http://localhost:3000' }
  return database.withTenant(TENANT, (scope) => read({ scope, caller: callerWith([]), base, now: new Date() }))
}

const eventual = { consistencylevel: 'eventual' }
const optionsOf = (query: Record<string, string>) =>
  readQueryOptions({ query: { $count: 'true', ...query }, headers: eventual }, thingCollection.rules)

async function allPages(options: QueryOptions, most: number): Promise<number[]> {
  const found: number[] = []
  const filter = filterOf(thingCollection, options, { now: new Date(), tenantId: TENANT })
  const where = sql`${thingCollection.where(TENANT)} and ${filter ?? sql`true`}`
  const query = { where, terms: sortTerms(thingCollection, options), search: undefined }
  let after: Keys | undefined
  for (let page = 0; page < 50; page++) {
    const { items, next } = await inContext((context) => locatePage(thingCollection, context, query, { after, most }))
    found.push(...items.map((item) => Number.parseInt(item.id.slice(-12), 16)))
    if (!next) return found
    after = next
  }
  throw new Error('pages never end')
}

/** Null below every value, text by its bytes without regard to case. */
function sorted(orderBy: string): number[] {
  const keys = orderBy.split(',').map((clause) => clause.trim().split(' '))
  const value = (n: number, name = '') =>
    name === 'name' ? (names[n]?.toLowerCase() ?? null) : n % 4 === 0 ? null : n % 3
  const rank = (one: string | number | null, other: string | number | null) => {
    if (one === null || other === null) return Number(one !== null) - Number(other !== null)
    return typeof one === 'number' ? one - Number(other) : Buffer.compare(Buffer.from(one), Buffer.from(String(other)))
  }
  const idSign = keys.at(-1)?.[1] === 'desc' ? -1 : 1
  return [...names.keys()].sort((one, other) => {
    for (const [name, direction] of keys) {
      const order = rank(value(one, name), value(other, name)) * (direction === 'desc' ? -1 : 1)
      if (order !== 0) return order
    }
    return (one - other) * idSign
  })
}

const orders = [
  'name',
  'name desc',
  'size',
  'size desc',
  'size,name',
  'size desc,name',
  'size,name desc',
  'size desc,name desc',
]
for (const orderBy of orders) {
  t.test(`pages by ${orderBy} hold every row once, in order, whatever their size`, async (t) => {
    const options = optionsOf({ $orderby: orderBy })
    for (const most of [1, 2, 5, 12, 100])
      t.strictSame(await allPages(options, most), sorted(orderBy), `${most} at a time`)
  })
}

t.test('without an order pages come by id, and a range comes in its own order', async (t) => {
  t.strictSame(await allPages(optionsOf({}), 5), [...names.keys()])
  t.strictSame(await allPages(optionsOf({ $filter: "startsWith(name,'a')" }), 1), [2, 7, 6])
  t.strictSame(await allPages(optionsOf({ $filter: "isOpen eq true and name ge 'b'" }), 2), [0, 4, 8, 10])
  t.strictSame(await allPages(optionsOf({ $filter: "startsWith(name,'\uffee')" }), 2), [11])
  t.strictSame(await allPages(optionsOf({ $filter: "startsWith(name,'\u{1f600}')" }), 2), [10])
})

t.test('what matches is counted', async (t) => {
  const options = optionsOf({ $filter: "startsWith(name,'a')" })
  const filter = filterOf(thingCollection, options, { now: new Date(), tenantId: TENANT })
  const where = sql`${thingCollection.where(TENANT)} and ${filter ?? sql`true`}`
  t.equal(await inContext((context) => countItems(thingCollection, context, { where, search: undefined })), 3)
})

t.test('a page is a range of an index, however deep it is', async (t) => {
  const plan = await database.orm.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`)
    await tx.execute(sql`set local enable_sort = off`)
    const options = optionsOf({ $filter: "startsWith(name,'a')" })
    const filter = filterOf(thingCollection, options, { now: new Date(), tenantId: TENANT })
    const rows = await tx.execute<{ 'QUERY PLAN': string }>(
      sql`explain (costs off) select id from things where ${thingCollection.where(TENANT)} and ${filter}
        and (name_folded collate "C", id) > ('aa'::text, ${id(1)}::uuid) order by name_folded collate "C", id limit 2`,
    )
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
  t.match(plan, /Index (?:Only )?Scan using things_tenant_id_name_folded_id_idx/)
  t.match(plan, /Index Cond: .*name_folded/)
  t.notMatch(plan, /Sort/)
})
