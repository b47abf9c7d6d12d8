import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import t from 'tap'
import { insertBlock } from '../../src/invitations/store.js'
import { uuidv7 } from '../../src/kernel/ids.js'
import { connect, isAnswered, openDatabase, UNHURRIED, violates } from '../../src/platform/database.js'
import { migrateDatabase } from '../../src/platform/migrate.js'
import { engines, freshDatabase } from '../support/engines.js'

const one = uuidv7(1)
const two = uuidv7(2)
const now = new Date('2026-11-21T10:00:00Z')

t.test('work for a tenant', async (t) => {
  const { connection } = await freshDatabase(migrateDatabase)
  const database = openDatabase(connection)
  t.teardown(() => database.close())
  const count = (tenant: string) =>
    database.withTenant(tenant, async (scope) => {
      const [row] = await scope.orm.execute<{ n: number }>('select count(*)::int as n from mail_blocks')
      return row?.n
    })

  await t.test('commits when it resolves, and is seen by that tenant only', async (t) => {
    await database.withTenant(one, (scope) => insertBlock(scope, 'ana@partner.example', now))
    t.equal(await count(one), 1)
    t.equal(await count(two), 0)
  })

  await t.test('leaves nothing when it throws', async (t) => {
    const failing = database.withTenant(one, async (scope) => {
      await insertBlock(scope, 'bo@partner.example', now)
      throw new Error('for the test')
    })
    await t.rejects(failing, /for the test/)
    t.equal(await count(one), 1)
  })

  await t.test('of several tenants at once, more than there are connections, does not mix', async (t) => {
    const tenants = Array.from({ length: 40 }, (_, n) => uuidv7(100 + n))
    await Promise.all(
      tenants.map((tenant, n) => database.withTenant(tenant, (scope) => insertBlock(scope, `g${n}@x.example`, now))),
    )
    t.strictSame(new Set(await Promise.all(tenants.map(count))), new Set([1]))
  })

  await t.test('cannot name a tenant that is none', async (t) => {
    await t.rejects(database.withTenant("x'; drop table users; --", (scope) => insertBlock(scope, 'x@x.example', now)))
    t.equal(await count(one), 1)
  })

  await t.test('a failed constraint can be told by its name, through whatever wraps it', async (t) => {
    const insert = database.withTenant(one, (scope) =>
      scope.orm.execute(`insert into mail_blocks values ('${one}', 'ana@partner.example', now())`),
    )
    const error = await insert.catch((caught: unknown) => caught)
    t.ok(violates(error, 'mail_blocks_tenant_id_address_folded_pk'), String(error))
    t.notOk(violates(error, 'users_mail'))
    t.notOk(violates(undefined, 'users_mail'))
    t.notOk(violates(new Error('x', { cause: 'y' }), 'users_mail'))
  })

  await t.test('an answer of the server is told from a lost connection', async (t) => {
    const refused = await database.sql`select 1 / 0`.catch((caught: unknown) => caught)
    t.ok(isAnswered(refused))
    const nobody = postgres({ host: '127.0.0.1', port: 1, max: 1, connect_timeout: 1 })
    const lost = await nobody`select 1`.catch((caught: unknown) => caught)
    t.notOk(isAnswered(lost))
    t.notOk(isAnswered(new Error('x')))
    await nobody.end()
  })
})

t.test('statements of requests do not wait for ever, those of migrations and sweeps do', async (t) => {
  const { connection } = await freshDatabase(migrateDatabase)
  const hurried = connect(connection, 2, { ...UNHURRIED, statement_timeout: 1_000, lock_timeout: 200 })
  const patient = connect(connection, 2)
  t.teardown(() => Promise.all([hurried.end(), patient.end()]))
  const codeOf = (work: PromiseLike<unknown>) =>
    Promise.resolve(work).then(
      () => 'done',
      (error: { code: string }) => error.code,
    )
  t.equal(await codeOf(hurried`select pg_sleep(10)`), '57014')
  t.equal(await codeOf(patient`select pg_sleep(0.1)`), 'done')
  await patient.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(1)`
    t.equal(await codeOf(hurried`select pg_advisory_xact_lock(1)`), '55P03')
  })
  t.equal(await codeOf(hurried`select pg_advisory_xact_lock(1)`), 'done', 'the connection is as good as before')

  const database = openDatabase(connection)
  t.teardown(() => database.close())
  const settings = (sql: postgres.Sql) => sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name ~ '_timeout$' and source = 'client' order by name`
  const limits = (answer: string, lock: string, idle: string) => [
    { name: 'idle_in_transaction_session_timeout', setting: idle },
    { name: 'lock_timeout', setting: lock },
    { name: 'statement_timeout', setting: answer },
  ]
  t.same([...(await settings(database.sql))], limits('15000', '5000', '30000'))
  t.same([...(await settings(patient))], limits('0', '0', '300000'))
})

t.test('arrays travel both ways', async (t) => {
  const { connection } = await freshDatabase(migrateDatabase)
  const sql = connect(connection, 1)
  t.teardown(() => sql.end())
  const texts = ['a', '', 'b, c', '"quoted"', 'back\\slash', '\\"', 'two\nlines', '{}', 'null']
  const [row] = await sql`select ${texts}::text[] as texts, ${[one, two]}::uuid[] as ids, ${[1, -2]}::int[] as ints,
    ${[]}::text[] as none, null::text[] as nothing, array['x', null] as some`
  t.strictSame({ ...row }, { texts, ids: [one, two], ints: [1, -2], none: [], nothing: null, some: ['x', null] })
})

t.test('a parameter that cannot be sent fails its own statement, and everybody else gets his own rows', async (t) => {
  const { connection } = await freshDatabase(async () => {})
  const sql = connect(connection, 1)
  t.teardown(() => sql.end({ timeout: 1 }))
  await sql`select 1`
  // Without `sent.remove(q)` of `mend-postgres.js`: the first failed in place of the second, and 4 was told 5.
  const missing = JSON.parse('{}').missing
  const answers = [
    sql<{ n: number }[]>`select 1 as n, pg_sleep(0.05)`,
    sql<{ n: number }[]>`select ${missing} as n`,
    sql<{ n: number }[]>`select 4 as n`,
    sql<{ n: number }[]>`select 5 as n`,
  ]
  const outcomes = answers.map((answer) => answer.then(([row]) => row?.n).catch(({ code }) => code))
  t.strictSame(await Promise.race([Promise.all(outcomes), sleep(60_000, 'hangs', { ref: false })]), [
    1,
    'UNDEFINED_VALUE',
    4,
    5,
  ])
})

t.test('the connection that was used last is used next', async (t) => {
  const { connection } = await freshDatabase(async () => {})
  const sql = connect(connection, 3)
  t.teardown(() => sql.end({ timeout: 1 }))
  const processOf = async () => (await sql<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]?.pid
  const slow = () => sql`select pg_sleep(0.05)`
  await Promise.all([slow(), slow(), slow()])
  const turns = []
  for (let turn = 0; turn < 6; turn++) turns.push(await processOf())
  // Without `open.pop()` of `mend-postgres.js`: three processes take turns.
  t.equal(new Set(turns).size, 1)
  const [one] = turns
  const held = await sql.reserve()
  const [row] = await held<{ pid: number }[]>`select pg_backend_pid() as pid`
  t.equal(row?.pid, one, 'also for whoever keeps it a while')
  t.not(await processOf(), one, 'and then the next one is')
  held.release()
  t.equal(new Set(await Promise.all([processOf(), processOf(), processOf(), processOf()])).size, 3, 'all, when needed')
})

t.test('a server that goes while a connection is made fails the statement and nothing else', async (t) => {
  const ready = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(ready)
      socket.once('data', () => socket.destroy())
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const sql = connect({ host: '127.0.0.1', port, database: 'x', user: 'x' }, 1)
  t.teardown(() => sql.end({ timeout: 0 }))
  // A rejection that nobody handles would end a process of the service; here it fails this test.
  await t.rejects(sql`select 1`, { code: 'CONNECTION_CLOSED' })
})

t.test('ten processes that migrate one empty database at once', async (t) => {
  const { postgresAdmin } = await engines()
  const { connection, drop } = await freshDatabase(async () => {})
  if (!('database' in connection)) throw new Error('the tests connect by socket')
  const admin = postgres({ ...postgresAdmin, max: 1, onnotice: () => {} })
  t.teardown(async () => {
    await admin.end()
    await drop()
  })
  // The template of other tests may not be empty: this one starts from nothing.
  await admin`drop database ${admin(connection.database)} with (force)`
  await admin`create database ${admin(connection.database)} owner vestibule`

  await Promise.all(Array.from({ length: 10 }, () => migrateDatabase(connection)))
  const sql = postgres({ ...connection, username: connection.user, max: 1, onnotice: () => {} })
  t.teardown(() => sql.end())
  const [state] = await sql<{ migrations: number; hashes: number; functions: number; locked: number }[]>`
    select (select count(*)::int from drizzle.__drizzle_migrations) as migrations,
      (select count(*)::int from vestibule_functions) as hashes,
      (select count(*)::int from pg_proc where proname = 'invitations_create') as functions,
      (select count(*)::int from pg_class where relforcerowsecurity) as locked`
  t.equal(state?.hashes, 1)
  t.equal(state?.functions, 1)
  t.ok(state && state.locked >= 10)

  const again = await sql`select replaced_at from vestibule_functions`
  await migrateDatabase(connection)
  t.strictSame(
    [...(await sql`select replaced_at from vestibule_functions`)],
    [...again],
    'a later start changes nothing',
  )
  t.match(await sql`select count(*)::int as n from drizzle.__drizzle_migrations`, [{ n: state?.migrations }])
})
