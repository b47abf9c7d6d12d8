import postgres from 'postgres'
import t from 'tap'
import { startListener } from '../../src/platform/listener.js'
import { createLogger } from '../../src/platform/log.js'
import { updateTenant } from '../../src/tenants/index.js'
import { engines, freshDatabase } from '../support/engines.js'
import { startService } from '../support/service.js'
import { until } from '../support/until.js'

const log = createLogger('silent')

/** Ends the LISTEN connections of a database, and keeps them from coming back until the answer is called. */
async function cutOff(database: string): Promise<() => Promise<void>> {
  const { postgresAdmin } = await engines()
  const admin = postgres({ ...postgresAdmin, max: 1, onnotice: () => {} })
  await admin`alter database ${admin(database)} with allow_connections false`
  // The pools of the service name themselves; its LISTEN connection does not.
  await admin`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database} and application_name = ''`
  return async () => {
    await admin`alter database ${admin(database)} with allow_connections true`
    await admin.end()
  }
}

t.test('listening', async (t) => {
  const { connection } = await freshDatabase(async () => {})
  const sql = postgres({ ...connection, username: connection.user, max: 1 })
  const listener = startListener(connection, log)
  t.teardown(async () => {
    await listener.close()
    await sql.end()
  })
  const heard: (string | undefined)[] = []
  listener.on('one', (payload) => heard.push(payload))

  await t.test('starts with "anything may have been missed"', async (t) => {
    t.equal(listener.isUp(), false, 'not before it is connected')
    await until(() => listener.isUp())
    t.strictSame(heard, [undefined])
  })

  await t.test('hears its channels, also those added later, and no others', async (t) => {
    const warnings: Error[] = []
    const warned = (warning: Error) => warnings.push(warning)
    process.on('warning', warned)
    t.teardown(() => process.off('warning', warned))
    const second: (string | undefined)[] = []
    listener.on('two', (payload) => second.push(payload))
    listener.on('one', (payload) => second.push(payload))
    // The last thing it asked for: it has it once the connection is idle again.
    const asked = () => sql`
      select 1 from pg_stat_activity where datname = current_database() and query = 'listen "two"' and state = 'idle'`
    await until(async () => listener.isUp() && (await asked()).length === 1, 'it listens to the second')
    await sql`select pg_notify('one', 'a'), pg_notify('two', 'b'), pg_notify('three', 'c')`
    await until(() => second.length === 2)
    t.strictSame(heard.slice(1), ['a'])
    t.strictSame([...second].sort(), ['a', 'b'])
    t.strictSame(warnings, [], 'no statement is begun while another runs, which the next pg refuses')
  })

  await t.test(
    'a lost connection is down at once, comes back, and says that it may have missed something',
    async (t) => {
      heard.length = 0
      const letBack = await cutOff(connection.database)
      await until(() => !listener.isUp())
      await sql`select pg_notify('one', 'while away')`
      t.strictSame(heard, [])
      await letBack()
      await until(() => listener.isUp())
      t.strictSame(heard, [undefined])
      await sql`select pg_notify('one', 'back')`
      await until(() => heard.length === 2)
      t.strictSame(heard, [undefined, 'back'])
    },
  )

  await t.test('closed, it hears nothing and is not up', async (t) => {
    await listener.close()
    await listener.close()
    t.equal(listener.isUp(), false)
  })
})

t.test('while nothing is heard, caches read through', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId, connection } = service
  const { tenants, database, listener } = services
  if (!('database' in connection)) throw new Error('the tests connect by socket')
  await until(() => listener.isUp())
  const nameOf = async () => (await tenants.find(tenantId))?.displayName

  t.equal(await nameOf(), 'Contoso')
  await updateTenant(database.orm, tenantId, { displayName: 'Cached' })
  t.equal(await nameOf(), 'Contoso', 'it is cached: nobody was told')

  const letBack = await cutOff(connection.database)
  await until(() => !listener.isUp())
  t.equal(await nameOf(), 'Cached')
  await updateTenant(database.orm, tenantId, { displayName: 'Read through' })
  t.equal(await nameOf(), 'Read through')
  await letBack()
  await until(() => listener.isUp())
  t.equal(await nameOf(), 'Read through', 'and what came while away is not forgotten when it is back')
})

t.test('while nothing is heard, many changes at once do not wait for each other in a circle', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, connection } = service
  if (!('database' in connection)) throw new Error('the tests connect by socket')
  const users = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => (await service.invite(`g${n}@partner.example`)).invitedUser.id),
  )
  // Every connection of the pool is made before no more can be.
  const { sql, withTenant } = services.database
  const rest = 'select pg_sleep(0.3)'
  await Promise.all([
    ...Array.from({ length: 10 }, () => sql.unsafe(rest)),
    ...Array.from({ length: 8 }, () => withTenant(service.tenantId, (scope) => scope.orm.execute(rest))),
  ])
  await until(() => services.listener.isUp())
  const letBack = await cutOff(connection.database)
  t.teardown(letBack)
  await until(() => !services.listener.isUp())
  const answers = await Promise.all(
    users.map((id, n) => service.api('PATCH', `/users/${id}`, { mail: `h${n}@partner.example` })),
  )
  t.strictSame([...new Set(answers.map(({ status }) => status))], [204])
})
