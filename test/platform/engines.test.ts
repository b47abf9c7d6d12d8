import { Redis } from 'ioredis'
import postgres from 'postgres'
import t from 'tap'
import { type Connection, engines, freshDatabase, freshRedis } from '../support/engines.js'

/** How every test file gets real services; a fault here shows up as riddles elsewhere. */
async function migrate(connection: Connection): Promise<void> {
  const sql = postgres({ ...connection, max: 1 })
  await sql`create table migrated as select 1 as n`
  await sql.end()
}

t.test('each database is a migrated copy of its own, owned by the plain role', async (t) => {
  const [one, two] = await Promise.all([freshDatabase(migrate), freshDatabase(migrate)])
  const first = postgres({ ...one.connection, max: 1 })
  const second = postgres({ ...two.connection, max: 1 })
  await first`insert into migrated values (2)`
  t.same(await second`select n from migrated`, [{ n: 1 }])
  t.same(await second`select current_user as name, rolsuper from pg_roles where rolname = current_user`, [
    { name: 'vestibule', rolsuper: false },
  ])
  await Promise.all([first.end(), second.end()])
  await one.drop()
  const gone = postgres({ ...one.connection, max: 1 })
  await t.rejects(gone`select 1`, { code: '3D000' })
  await gone.end()
})

t.test('another way to migrate gives another template', async (t) => {
  const { connection } = await freshDatabase(async (connection) => {
    const sql = postgres({ ...connection, max: 1 })
    await sql`create table otherwise as select 2 as n`
    await sql.end()
  })
  const sql = postgres({ ...connection, max: 1 })
  t.same(await sql`select n from otherwise`, [{ n: 2 }])
  await sql.end()
})

t.test('each Redis database is empty and of its own', async (t) => {
  const one = new Redis(await freshRedis())
  await one.set('key', 'value')
  const two = new Redis(await freshRedis())
  t.equal(await two.dbsize(), 0)
  t.equal(await one.get('key'), 'value')
  one.disconnect()
  two.disconnect()
})

t.test('the administrator may create databases', async (t) => {
  const { postgresAdmin } = await engines()
  const sql = postgres({ ...postgresAdmin, max: 1 })
  t.same(await sql`select rolcreatedb from pg_roles where rolname = current_user`, [{ rolcreatedb: true }])
  await sql.end()
})
