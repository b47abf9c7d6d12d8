import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import t from 'tap'
import { openDatabase } from '../../src/platform/database.js'
import { freshDatabase } from '../support/engines.js'

t.setTimeout(120_000)

const TENANT = '01900000-0000-7000-8000-000000000001'
const ROUNDS = 10

// Seen to end the process in the first round without `mend-postgres.js`, and to hang in a later one with half of it.
t.test(
  'a server that cuts every connection in mid-work costs answers, never the process or a connection',
  async (t) => {
    const { connection } = await freshDatabase(async () => {})
    if ('url' in connection) throw new Error('the tests reach their server by its socket')
    const database = openDatabase(connection, { hot: 4, ordinary: 8 })
    const server = postgres({ ...connection, username: 'postgres', max: 1, onnotice: () => {} })
    t.teardown(() => Promise.all([database.close(), server.end()]))

    const settled = (work: Promise<unknown>): Promise<string> =>
      Promise.race([work.then(() => 'done').catch(() => 'failed'), sleep(20_000, 'hanging', { ref: false })])
    const query = () => settled(database.sql`select pg_sleep(0.002)`.execute())
    const transaction = () =>
      settled(
        database.withTenant(TENANT, async ({ orm }) => {
          for (let turn = 0; turn < 5; turn++) {
            await orm.execute(sql`select pg_sleep(0.002)`)
            // As long as a rule takes to decide: the cut may come while the connection has nothing to do.
            await sleep(turn % 3)
          }
        }),
      )

    for (let round = 1; round <= ROUNDS; round++) {
      const work = [...Array.from({ length: 200 }, query), ...Array.from({ length: 12 }, transaction)]
      await sleep(5 + round)
      await server`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = ${connection.database} and pid <> pg_backend_pid()`
      const outcomes = await Promise.all(work)
      t.notOk(outcomes.includes('hanging'), `round ${round}: everything has an answer`)
      t.ok(outcomes.includes('failed'), 'the cut came in mid-work')
      const afterwards = await Promise.all(Array.from({ length: 24 }, (_, n) => (n % 2 ? query() : transaction())))
      t.strictSame(new Set(afterwards), new Set(['done']), 'and every connection works again')
    }
  },
)
