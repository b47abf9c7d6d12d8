import t from 'tap'
import { adoptObjects } from '../../../src/directory/adopt-objects.js'
import { users } from '../../../src/directory/tables.js'
import { userResource } from '../../../src/directory/user-resource.js'
import { chooseDrivers } from '../../../src/graph/search/choose-drivers.js'
import { indexWords } from '../../../src/graph/search/index-words.js'
import { searchOf } from '../../../src/graph/search/search-sql.js'
import { startService, type TestService } from '../../support/service.js'

const eventual = { headers: { consistencylevel: 'eventual' } }

const names = [
  'Ana Bell',
  'HelloWorld',
  'hello.world',
  'Bell, Ana (Sales)',
  'Anabel Stone',
  'Zoë O’Hara',
  '42 Rooms',
  'Ana',
]

async function people(t: Parameters<typeof startService>[0]) {
  const service = await startService(t, { workers: false })
  for (const [index, invitedUserDisplayName] of names.entries()) {
    await service.invite(`guest${index}@partner.example`, { invitedUserDisplayName })
  }
  return service
}

async function search(service: TestService, text: string, more = ''): Promise<string[]> {
  const {
    status,
    body,
    text: raw,
  } = await service.api(
    'GET',
    `/users?$select=displayName&$search=${encodeURIComponent(text)}${more}`,
    undefined,
    eventual,
  )
  if (status !== 200) throw new Error(raw)
  return body.value.map(({ displayName }: { displayName: string }) => displayName)
}

async function sweep({ services, tenantId }: TestService, most = 1_000): Promise<number> {
  return services.database.withTenant(tenantId, (scope) => indexWords(scope, userResource, most))
}

/** Until everything is in the index: what others have open on the server holds a sweep up. */
async function sweepAll(service: TestService): Promise<void> {
  const waiting = async () => {
    const [row] = await service.rows(`select count(*)::int as n from users
      where not exists (select from search_positions where source = 'users')
        or (changed_xid, id) > (select changed_xid, object_id from search_positions where source = 'users')`)
    return row?.['n']
  }
  do await sweep(service)
  while ((await waiting()) !== 0)
}

const cases: [text: string, found: string[]][] = [
  ['"displayName:ana"', ['Ana', 'Ana Bell', 'Anabel Stone', 'Bell, Ana (Sales)']],
  ['"displayName:ana bell"', ['Ana Bell', 'Bell, Ana (Sales)']],
  ['"displayName:bell ana"', ['Ana Bell', 'Bell, Ana (Sales)']],
  ['"displayName:BELL an"', ['Ana Bell', 'Bell, Ana (Sales)']],
  ['"displayName:hello"', ['HelloWorld', 'hello.world']],
  ['"displayName:helloworld"', ['HelloWorld', 'hello.world']],
  ['"displayName:world"', ['HelloWorld', 'hello.world']],
  ['"displayName:HelloWorld"', ['HelloWorld', 'hello.world']],
  ['"displayName:orld"', []],
  ['"displayName:zoë"', ['Zoë O’Hara']],
  ['"displayName:hara"', ['Zoë O’Hara']],
  ['"displayName:42"', ['42 Rooms']],
  ['"displayName:%"', []],
  ['"displayName:"', []],
  ['"mail:guest1"', ['HelloWorld']],
  ['"mail:GUEST1@"', ['HelloWorld']],
  ['"mail:uest1"', []],
  ['"displayName:stone" OR "displayName:zoë"', ['Anabel Stone', 'Zoë O’Hara']],
  ['"displayName:ana" AND "mail:guest7"', ['Ana']],
  ['"displayName:ana" OR "mail:guest7"', ['Ana', 'Ana Bell', 'Anabel Stone', 'Bell, Ana (Sales)']],
  ['"mail:guest7" OR "displayName:ana"', ['Ana', 'Ana Bell', 'Anabel Stone', 'Bell, Ana (Sales)']],
  ['("displayName:ana" OR "displayName:zoë") AND ("mail:guest7" OR "mail:guest5")', ['Ana', 'Zoë O’Hara']],
  ['"displayName:a\\"b"', ['Ana Bell', 'Bell, Ana (Sales)']],
]

t.test('a search finds the same before and after its words are in the index', async (t) => {
  const service = await people(t)
  const check = async (t: Parameters<typeof people>[0]) => {
    for (const [text, found] of cases) {
      t.strictSame((await search(service, text)).sort(), [...found].sort(), text)
      const paged = await everyPage(service, text)
      t.strictSame(paged.sort(), [...found].sort(), `${text} a page of one at a time`)
      const sorted = await search(service, text, '&$orderby=displayName&$count=true').catch(() => undefined)
      if (sorted) t.strictSame(sorted.sort(), [...found].sort(), `${text} sorted`)
      const count = await service.api('GET', `/users/$count?$search=${encodeURIComponent(text)}`, undefined, eventual)
      t.equal(count.text, String(found.length), `${text} counted`)
    }
  }
  await t.test('waiting', check)
  while ((await sweep(service, 3)) < 3);
  await t.test('in part', check)
  await sweepAll(service)
  const [indexed] = await service.rows('select count(distinct object_id)::int as n from search_words')
  t.equal(indexed?.['n'], names.length + 1, 'with the administrator')
  await t.test('indexed', check)
})

async function everyPage(service: TestService, text: string): Promise<string[]> {
  const found: string[] = []
  let path = `/users?$top=1&$select=displayName&$search=${encodeURIComponent(text)}`
  for (let page = 0; page < 20; page++) {
    const { body } = await service.api('GET', path, undefined, eventual)
    found.push(...body.value.map(({ displayName }: { displayName: string }) => displayName))
    if (body['@odata.nextLink'] === undefined) return found
    path = body['@odata.nextLink'].slice(`${service.baseUrl}/v1.0`.length)
  }
  throw new Error('pages never end')
}

t.test('a changed name is found at once, its old one no more', async (t) => {
  const service = await people(t)
  await sweepAll(service)
  const [row] = await service.rows("select id from users where display_name = 'Anabel Stone'")
  await service.api('PATCH', `/users/${row?.['id']}`, { displayName: 'Quentin' })
  t.strictSame(await search(service, '"displayName:anabel"'), [])
  t.strictSame(await search(service, '"displayName:quentin"'), ['Quentin'])
  await sweepAll(service)
  t.strictSame(await search(service, '"displayName:anabel"'), [])
  t.strictSame(await search(service, '"displayName:quentin"'), ['Quentin'])
  const words = await service.rows(`select word from search_words where object_id = '${row?.['id']}'`)
  t.strictSame([...words], [{ word: 'quentin' }])
})

t.test('who changes beside a transaction that stays open is found, and indexed when it is over', async (t) => {
  const service = await people(t)
  const { sql } = service.services.database
  await sweepAll(service)
  let end = () => {}
  const isOver = new Promise<void>((resolve) => {
    end = resolve
  })
  const open = new Promise<void>((resolve) => {
    void sql.begin(async (tx) => {
      await tx`select pg_current_xact_id()`
      resolve()
      await isOver
    })
  })
  await open
  await service.invite('quentin@partner.example', { invitedUserDisplayName: 'Quentin' })
  t.equal(await sweep(service), 0)
  t.strictSame(await search(service, '"displayName:quentin"'), ['Quentin'])
  end()
  await sweepAll(service)
  t.strictSame(await search(service, '"displayName:quentin"'), ['Quentin'])
  t.equal((await service.rows("select from search_words where word = 'quentin'")).length, 1)
})

t.test('who is deleted for good leaves no word behind', async (t) => {
  const service = await people(t)
  await sweepAll(service)
  const [row] = await service.rows("select id from users where display_name = 'Anabel Stone'")
  await service.api('DELETE', `/users/${row?.['id']}`)
  await service.api('DELETE', `/directory/deletedItems/${row?.['id']}`)
  t.strictSame([...(await service.rows(`select word from search_words where object_id = '${row?.['id']}'`))], [])
})

t.test('a position that came from another cluster counts for nothing', async (t) => {
  const service = await people(t)
  await sweepAll(service)
  await service.rows("update search_positions set changed_xid = '9000000000000000'")
  await service.invite('quentin@partner.example', { invitedUserDisplayName: 'Quentin' })
  t.strictSame(await search(service, '"displayName:quentin"'), ['Quentin'])
  while ((await sweep(service)) === 0);
  t.strictSame(await search(service, '"displayName:quentin"'), ['Quentin'])
  t.strictSame(await search(service, '"displayName:anabel"'), ['Anabel Stone'])
})

t.test('rows that came from another cluster are adopted, and indexed then', async (t) => {
  const service = await people(t)
  await service.rows("update users set changed_xid = '9000000000000000' where display_name = 'Anabel Stone'")
  await sweep(service)
  t.strictSame(await search(service, '"displayName:anabel"'), ['Anabel Stone'])
  await adoptObjects(service.services.database, service.tenantId)
  await sweepAll(service)
  t.strictSame(await search(service, '"displayName:anabel"'), ['Anabel Stone'])
  t.equal((await service.rows("select from search_words where word = 'anabel'")).length, 1)
})

t.test('pages taken before and after a sweep hold everybody once', async (t) => {
  const service = await people(t)
  const path = `/users?$top=2&$select=displayName&$search=${encodeURIComponent('"displayName:ana"')}`
  const first = await service.api('GET', path, undefined, eventual)
  await sweep(service)
  const next = first.body['@odata.nextLink'].slice(`${service.baseUrl}/v1.0`.length)
  const second = await service.api('GET', next, undefined, eventual)
  const found = [...first.body.value, ...second.body.value].map(({ displayName }) => displayName)
  t.strictSame(found.sort(), ['Ana', 'Ana Bell', 'Anabel Stone', 'Bell, Ana (Sales)'])
})

t.test(
  'the rarest word leads, and pages hold everybody once when another one becomes the rarest between them',
  async (t) => {
    const service = await startService(t, { workers: false })
    const found = ['Elizabeth Wu', 'Elizabeth Wulf', 'Wu, Elizabeth', 'Wulf Wu Elizabeth']
    const all = [...found, 'Wu Ana', ...Array.from({ length: 30 }, (_, n) => `Elizabeth ${'abcdef'[n % 6]}${n}`)]
    for (const [n, invitedUserDisplayName] of all.entries()) {
      await service.invite(`guest${n}@partner.example`, { invitedUserDisplayName })
    }
    while ((await sweep(service)) > 0);
    const { database } = service.services
    const wanted = searchOf([[{ property: 'displayName', text: 'Elizabeth Wu', position: 0 }]], {
      displayName: { kind: 'words', table: 'users', sql: users.displayName },
    })
    const drivers = () => database.withTenant(service.tenantId, (scope) => chooseDrivers(scope, wanted))
    await service.rows('analyze search_words')
    t.strictSame(await drivers(), [1], 'wu')
    const text = encodeURIComponent('"displayName:Elizabeth Wu"')
    let path = `/users?$top=1&$select=displayName&$search=${text}`
    const pages: string[] = []
    for (let page = 0; page < 10 && path !== ''; page++) {
      const { body } = await service.api('GET', path, undefined, eventual)
      pages.push(...body.value.map(({ displayName }: { displayName: string }) => displayName))
      path = String(body['@odata.nextLink'] ?? '').slice(`${service.baseUrl}/v1.0`.length)
      if (page > 0) continue
      await service.rows(`insert into search_words (tenant_id, field, word, object_id)
      select '${service.tenantId}', 'users.displayName', 'wu' || n, gen_random_uuid() from generate_series(1, 500) n`)
      await service.rows('analyze search_words')
      t.strictSame(await drivers(), [0], 'elizabeth')
    }
    t.strictSame(pages.sort(), [...found].sort())
  },
)

t.test('another organization finds nothing of it', async (t) => {
  const service = await people(t)
  const other = await service.otherTenant('fabrikam.example')
  const ask = () =>
    service.api('GET', `/users?$search=${encodeURIComponent('"displayName:ana" OR "mail:guest1"')}`, undefined, {
      ...eventual,
      token: other.token,
    })
  t.strictSame((await ask()).body.value, [])
  await sweep(service)
  t.strictSame((await ask()).body.value, [])
  const theirs = await service.rows('select * from search_words', other.tenantId)
  t.equal(theirs.length, 0)
})
