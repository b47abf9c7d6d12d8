import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net'
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { connect, openDatabase, type TenantScope } from '../../src/platform/database.js'
import { freshDatabase } from '../support/engines.js'
import { until } from '../support/until.js'

t.setTimeout(900_000)

const ONE = '01900000-0000-7000-8000-000000000001'
const TWO = '01900000-0000-7000-8000-000000000002'
/** Milliseconds. More than any answer here takes on a busy machine, less than the statements that are cut and any limit. */
const PATIENCE = 9_000

/** What became of `work`; it never rejects. */
function settled(work: PromiseLike<unknown>): Promise<string> {
  const outcome = Promise.resolve(work).then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  )
  return Promise.race([outcome, sleep(PATIENCE, 'hangs', { ref: false })])
}

/** A database behind a TCP port, and two ways to lose all connections to it. */
async function openAndCut(t: Test, sizes = { hot: 1, ordinary: 1 }) {
  const { connection } = await freshDatabase(async () => {})
  const inwards = new Set<Socket>()
  const proxy = createServer((inward) => {
    const onward = createConnection(`${connection.host}/.s.PGSQL.${connection.port}`)
    inwards.add(inward)
    inward.on('error', () => {}).on('close', () => inwards.delete(inward) && onward.destroy())
    onward.on('error', () => {}).on('close', () => inward.destroy())
    inward.pipe(onward).pipe(inward)
  })
  const port = await listen(t, proxy)
  const database = openDatabase({ host: '127.0.0.1', port, database: connection.database, user: 'vestibule' }, sizes)
  const server = postgres({ ...connection, username: 'postgres', max: 1, onnotice: () => {} })
  t.teardown(() => Promise.all([database.close(), server.end()]))
  return {
    database,
    /** The server ends the sessions and says so: a restart, a failover that was planned. Gives their number. */
    async end() {
      const { count } = await server`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = ${connection.database} and pid <> pg_backend_pid()`
      return count
    },
    /** Waits until the server is at a statement of ours that holds this text. */
    isAt: (text: string) =>
      until(async () => {
        const at = await server`select 1 from pg_stat_activity
          where datname = ${connection.database} and pid <> pg_backend_pid() and state = 'active'
            and query like ${`%${text}%`}`
        return at.count > 0
      }, `the server is at ${text}`),
    /** Waits until no connection is left, and both sides know it. */
    async isCut() {
      await until(() => inwards.size === 0, 'every connection is closed')
      await sleep(100)
    },
    /** The sockets are reset: a server or a host that crashed. Gives their number. */
    reset() {
      const { size } = inwards
      for (const socket of inwards) socket.resetAndDestroy()
      return size
    },
  }
}

async function tenantOf(orm: TenantScope['orm']): Promise<string | undefined> {
  const [row] = await orm.execute<{ tenant: string }>(sql`select current_setting('vestibule.tenant', true) as tenant`)
  return row?.tenant
}

async function listen(t: Test, server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

// Each case says what it saw without the part of `mend-postgres.js` that it is about, all others being there.

t.test('what is sent on a connection that has just broken gets an answer, and so does the next call', async (t) => {
  const { database, reset, isAt } = await openAndCut(t)
  const { sql } = database
  // Whoever tries again at once is handed the same connection, whose socket has reported its error and not closed yet.
  for (const later of [() => Promise.resolve(), () => immediate()]) {
    t.equal(await settled(sql`select 1`), 'done')
    const first = sql`select pg_sleep(10)`
    const again = settled(first.catch(later).then(() => sql`select 2`))
    await isAt('pg_sleep(10)')
    t.equal(reset(), 1)
    t.equal(await settled(first), 'ECONNRESET')
    // Without `errored(gone)` and what follows it in closed(): this hung.
    t.equal(await again, 'CONNECTION_CLOSED')
    // Without `chunk = nextWriteTimer = null` in closed(): this hung in the second turn, where a write was planned while
    // the socket closed, and so did all that followed.
    t.equal(await settled(sql`select 3`), 'done')
  }
})

t.test('neither the error nor the rows of a lost statement are left for the next one', async (t) => {
  const { database, end, isAt } = await openAndCut(t)
  // Rows too long for the server to hold back. Without `query = results = errorResponse = null` in closed(): 57P01 for
  // the next call. Without `rows = 0`: its row came as the fourth or so, behind holes.
  const lost = settled(database.sql`select repeat('x', 20000), pg_sleep(0.02) from generate_series(1, 500)`)
  await isAt('generate_series')
  // Some rows are on their way by then; all take ten seconds.
  await sleep(200)
  t.equal(await end(), 1)
  t.not(await lost, 'done')
  t.strictSame([...(await database.sql`select 7 as n`)], [{ n: 7 }])
})

t.test("a transaction that has lost its connection does not go on in somebody else's", async (t) => {
  const { database, end, isAt } = await openAndCut(t)
  let answerLate = () => {}
  const late = new Promise<void>((resolve) => {
    answerLate = resolve
  })
  let seen: unknown
  let waiting: string[] = []
  const first = settled(
    database.withTenant(ONE, async ({ orm }) => {
      // The second waits inside the driver for the first, whose parameter the server has to describe before. Without
      // `queries.shift().reject(gone)`: it hung, and this function never went on.
      const both = [orm.execute(sql`select pg_sleep(${10}::int)`), orm.execute(sql`select 1`)].map(settled)
      waiting = await Promise.all(both)
      await late
      // Without `if (gone) return`: this told the other tenant's id, and what it did was done in his name. The rollback
      // that followed was his.
      seen = await tenantOf(orm).catch(() => 'refused')
      throw new Error('to be rolled back')
    }),
  )
  await isAt('pg_sleep(')
  t.equal(await end(), 1)
  t.equal(await first, 'CONNECTION_CLOSED', 'the caller has his answer while the function still runs')

  const second = database.withTenant(TWO, async ({ orm }) => {
    // Any statement: the transaction has begun.
    await orm.execute(sql`select 1`)
    answerLate()
    await until(() => seen !== undefined, 'the first has gone on')
    return tenantOf(orm)
  })
  t.equal(await second.catch(String), TWO)
  t.equal(seen, 'refused')
  t.equal(waiting.length, 2)
  t.notOk(waiting.includes('done') || waiting.includes('hangs'), waiting.join())
})

t.test('a session kept for oneself whose connection is lost refuses what comes later', async (t) => {
  const { database, end, isCut } = await openAndCut(t)
  await database.sql`select 1`
  const session = await database.sql.reserve()
  t.equal(await end(), 1)
  await isCut()
  // Without `socket === null` in execute(): an uncaught exception, which ends a process.
  t.equal(await settled(session`select 2`), 'CONNECTION_DESTROYED')
  t.equal(await settled(session`select 3`), 'CONNECTION_DESTROYED')
  t.equal(await settled(database.sql`select 4`), 'done')
})

t.test('a server or proxy that hangs up on whoever connects fails the statement', async (t) => {
  let connections = 0
  const proxy = createServer((socket) => {
    connections++
    socket.on('error', () => {}).end()
  })
  const port = await listen(t, proxy)
  const client = connect({ host: '127.0.0.1', port, database: 'x', user: 'x' }, 1)
  t.teardown(() => client.end({ timeout: 0 }))
  // Without `&& options.host[1]` in closed(): it hung, and connected thousands of times.
  t.not(await settled(client`select 1`), 'hangs')
  t.equal(connections, 1)
})

t.test('after every cut, however much was under way, every connection works again', async (t) => {
  const HOT = 4
  const ORDINARY = 8
  const { database, end, reset } = await openAndCut(t, { hot: HOT, ordinary: ORDINARY })
  const query = () => database.sql`select pg_sleep(0.002)`
  const transaction = () =>
    database.withTenant(ONE, async ({ orm }) => {
      for (let turn = 0; turn < 5; turn++) {
        await orm.execute(sql`select pg_sleep(0.002)`)
        // As long as a rule takes to decide: the cut may come while the connection has nothing to do.
        await sleep(turn % 3)
      }
    })
  // At the same time for long enough that each needs a connection of its own.
  const everyConnection = async () => {
    const backends = [
      ...Array.from(
        { length: HOT },
        () => database.sql<{ pid: number }[]>`select pg_backend_pid() as pid, pg_sleep(0.1)`,
      ),
      ...Array.from({ length: ORDINARY }, () =>
        database.withTenant(ONE, ({ orm }) =>
          orm.execute<{ pid: number }>(sql`select pg_backend_pid() as pid, pg_sleep(0.1)`),
        ),
      ),
    ]
    return new Set((await Promise.all(backends)).map(([row]) => row?.pid)).size
  }

  t.equal(await everyConnection(), HOT + ORDINARY)
  for (let round = 1; round <= 5; round++) {
    // The first is sure to be under way at the cut.
    const work = [
      database.sql`select pg_sleep(2)`,
      ...Array.from({ length: 200 }, query),
      ...Array.from({ length: 12 }, transaction),
    ].map(settled)
    await sleep(5 + round)
    t.ok((round % 2 ? reset() : await end()) > 0)
    const outcomes = await Promise.all(work)
    t.notOk(outcomes.includes('hangs'), `round ${round}: everything has an answer`)
    t.ok(
      outcomes.some((outcome) => outcome !== 'done'),
      'the cut came in mid-work',
    )
    // A call may have been handed a connection that was just dying.
    await Promise.allSettled([query(), transaction()])
    // Without `backoff` in database.ts: some waited for up to 20 seconds.
    t.equal(await Promise.race([everyConnection(), sleep(PATIENCE, 'hangs', { ref: false })]), HOT + ORDINARY)
  }
})
