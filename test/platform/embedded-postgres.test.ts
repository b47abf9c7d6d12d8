import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { findBinaries } from '../../src/platform/embedded-postgres/binaries.js'
import { ensureCluster } from '../../src/platform/embedded-postgres/cluster.js'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js'
import { createLauncher } from '../../src/platform/embedded-postgres/launcher.js'
import { findPostmaster, startPostmaster, stopPostmaster } from '../../src/platform/embedded-postgres/postmaster.js'
import { programOf } from '../support/program.js'
import { until } from '../support/until.js'

type Connection = EmbeddedPostgres['connection']
type Told = { up?: Connection; failed?: string; warned?: unknown[] }

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const isRoot = process.getuid?.() === 0

const template = await mkdtemp(join(tmpdir(), 'vestibule-test-'))
t.teardown(() => rm(template, { recursive: true, force: true }))

t.test('the first start makes a database for a plain role, a later one finds its rows', async (t) => {
  const dataDir = await dataDirectory(t)
  const first = await startEmbeddedPostgres({ dataDir, log: silent })
  await write(first.connection)
  const [role] = await ask(
    first.connection,
    `select current_user as name, rolsuper, rolbypassrls, rolcreatedb, pg_get_userbyid(datdba) as owner,
      current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses, lower('ÄÉ') as folded
    from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
  )
  t.same(role, {
    name: 'vestibule',
    rolsuper: false,
    rolbypassrls: false,
    rolcreatedb: false,
    owner: 'vestibule',
    fsync: 'on',
    addresses: '',
    folded: 'äé',
  })
  const client = new pg.Client(first.url)
  await client.connect()
  t.equal((await client.query('select current_user as name')).rows[0].name, 'vestibule', 'the URL is read by pg')
  await client.end()
  await first.stop()
  t.equal(await findPostmaster(join(dataDir, 'postgres')), undefined, 'it is gone after stop')

  const second = await startEmbeddedPostgres({ dataDir, log: silent })
  t.equal(await count(second.connection), 1)
  await second.stop()
})

await (await startEmbeddedPostgres({ dataDir: template, log: silent })).stop()

t.test('a second server is refused by the name of the first, a tool comes and goes beside it', async (t) => {
  const dataDir = await preparedDirectory(t)
  const server = await startEmbeddedPostgres({ dataDir, log: silent })
  const rival = await run(t, dataDir, 'server')
  t.match(rival.told.failed, new RegExp(`server, process ${process.pid}\\b`))

  const tool = await startEmbeddedPostgres({ dataDir, log: silent, as: 'tool' })
  await write(tool.connection)
  await tool.stop()
  t.equal(await count(server.connection), 1, 'the database still runs after the tool has left')
  await server.stop()
  t.equal(await findPostmaster(join(dataDir, 'postgres')), undefined)
})

t.test('a tool that works alone leaves nothing running', async (t) => {
  const dataDir = await dataDirectory(t)
  const tools = await Promise.all([1, 2, 3].map(() => run(t, dataDir, 'tool')))
  t.same(
    tools.map(({ told }) => told.failed),
    [undefined, undefined, undefined],
    'several that start at once share one database',
  )
  for (const tool of tools) {
    t.type(await findPostmaster(join(dataDir, 'postgres')), 'number')
    await end(tool.child, 'SIGTERM')
  }
  t.equal(await findPostmaster(join(dataDir, 'postgres')), undefined)
})

t.test('a killed server leaves its database running, and the next start adopts it', async (t) => {
  const dataDir = await preparedDirectory(t)
  const killed = await run(t, dataDir, 'server')
  await write(connectionOf(killed.told))
  await end(killed.child, 'SIGKILL')
  const orphan = await findPostmaster(join(dataDir, 'postgres'))
  t.type(orphan, 'number')

  const next = await startEmbeddedPostgres({ dataDir, log: silent })
  t.equal(await findPostmaster(join(dataDir, 'postgres')), orphan, 'it is the same process')
  t.equal(await count(next.connection), 1)
  await next.stop()
  t.equal(await findPostmaster(join(dataDir, 'postgres')), undefined, 'and stop ends it')
})

t.test('what was committed survives when server and database are killed together', async (t) => {
  const dataDir = await preparedDirectory(t)
  const killed = await run(t, dataDir, 'server')
  await write(connectionOf(killed.told))
  await end(killed.child, 'SIGKILL')
  process.kill(await postmasterOf(dataDir), 'SIGKILL')

  const next = await startEmbeddedPostgres({ dataDir, log: silent })
  t.equal(await count(next.connection), 1)
  await next.stop()
})

t.test('a database that is killed while its server runs comes back by itself', async (t) => {
  const dataDir = await preparedDirectory(t)
  const server = await startEmbeddedPostgres({ dataDir, log: silent })
  await write(server.connection)
  const killed = await postmasterOf(dataDir)
  process.kill(killed, 'SIGKILL')
  t.equal(await countInTime(server.connection), 1)
  t.not(await postmasterOf(dataDir), killed)

  const rival = await run(t, dataDir, 'server')
  t.match(rival.told.failed, `process ${process.pid}`, 'and the server has its claim again')
  await server.stop()
  t.equal(await findPostmaster(join(dataDir, 'postgres')), undefined)
})

t.test('database files that were never completed are made anew', async (t) => {
  const dataDir = await dataDirectory(t)
  mkdirSync(join(dataDir, 'postgres'), { recursive: true })
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '15\n')
  mkdirSync(join(dataDir, 'postgres.new-4194304-0badcafe', 'base'), { recursive: true })
  const database = await startEmbeddedPostgres({ dataDir, log: silent })
  await write(database.connection)
  t.equal(await count(database.connection), 1)
  await database.stop()
  const left = readdirSync(dataDir).map((name) => name.replace(/\d{5,}$/, 'N'))
  t.same(left.sort(), ['postgres', 'postgres.incomplete-N', 'postgres.log'])
})

t.test('a database whose files are removed while it is in use is given up, and not made anew', async (t) => {
  const dataDir = await preparedDirectory(t)
  const gone: Error[] = []
  const server = await startEmbeddedPostgres({ dataDir, log: silent, onGone: (error) => gone.push(error) })
  const pid = await findPostmaster(join(dataDir, 'postgres'))
  if (pid === undefined) throw new Error('no server runs')
  process.kill(pid, 'SIGKILL')
  // What is left of the killed server, and attempts to start it again, may still write while the files go.
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  await until(() => gone.length > 0, 'it is given up')
  t.match(gone, [{ message: /was removed while it was in use/ }])
  await sleep(1_500)
  t.equal(gone.length, 1, 'told once, and nobody tries again')
  t.notOk(existsSync(join(dataDir, 'postgres')), 'no empty database has taken its place')
  await server.stop()
})

t.test('lock files whose number belongs to another living process do not stop the start', async (t) => {
  const dataDir = await preparedDirectory(t)
  const first = await startEmbeddedPostgres({ dataDir, log: silent })
  await first.stop()
  // A container that was killed: its numbers are given again to other processes, here one of the same user.
  const { uid } = statSync(join(dataDir, 'postgres'))
  const bystander = spawn('sleep', ['60'], isRoot ? { uid, gid: uid } : {})
  t.teardown(() => bystander.kill())
  writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${bystander.pid}\n${dataDir}/postgres\n0\n5432\n.\n`)
  writeFileSync(join(dataDir, 'postgres', '.s.PGSQL.5432.lock'), `${bystander.pid}\n`)
  const next = await startEmbeddedPostgres({ dataDir, log: silent })
  t.same(await ask(next.connection, 'select 1 as one'), [{ one: 1 }])
  await next.stop()
})

t.test('a data directory whose path is too long for a socket works, and its link goes with the server', async (t) => {
  const dataDir = join(await dataDirectory(t), 'long-'.repeat(30), 'data')
  const server = await startEmbeddedPostgres({ dataDir, log: silent })
  const tool = await run(t, dataDir, 'tool')
  t.equal(tool.told.up?.host, server.connection.host, 'another process finds the same short path')
  t.ok(server.connection.host.length < 90)
  await write(server.connection)
  await end(tool.child, 'SIGTERM')
  await server.stop()
  t.notOk(existsSync(server.connection.host))
})

t.test('only the owner of the data directory reaches socket and files', async (t) => {
  const dataDir = await preparedDirectory(t)
  const server = await startEmbeddedPostgres({ dataDir, log: silent })
  t.equal(statSync(join(dataDir, 'postgres')).mode & 0o777, 0o700)
  t.equal(statSync(join(dataDir, 'postgres.log')).mode & 0o777, 0o600)
  t.equal(statSync(dataDir).mode & 0o777, 0o700)
  if (isRoot) {
    const status = readFileSync(`/proc/${await postmasterOf(dataDir)}/status`, 'utf8')
    t.match(status, /^Uid:\t65534\t65534/m, 'PostgreSQL does not run as root')
    t.equal(statSync(dataDir).uid, 0, 'in a directory it could not enter by its path')
  }
  await server.stop()
})

t.test('the database has none of the secrets in its environment', async (t) => {
  const dataDir = await preparedDirectory(t)
  const server = await run(t, dataDir, 'server', {
    env: { ...process.env, VESTIBULE_SECRET: 'a secret of the service' },
  })
  const environment = readFileSync(`/proc/${await postmasterOf(dataDir)}/environ`, 'utf8')
  t.match(environment, 'PGDATA=')
  t.notMatch(environment, 'VESTIBULE_SECRET')
  await end(server.child, 'SIGTERM')
})

if (isRoot) {
  t.test('programs in a directory that only root may enter still run', async (t) => {
    const home = await dataDirectory(t)
    const { postgres: program } = await findBinaries(join(home, 'lib'))
    const native = dirname(dirname(program))
    // Links to the same files: the programs find the rest of the package relative to themselves.
    execFileSync('cp', ['-al', native, join(home, 'native')])
    const binaries = { initdb: join(home, 'native/bin/initdb'), postgres: join(home, 'native/bin/postgres') }
    const clusterDir = join(home, 'postgres')
    const launcher = await createLauncher({ ...binaries, libraryPath: undefined }, clusterDir)
    await ensureCluster(clusterDir, launcher, silent)
    await startPostmaster(clusterDir, launcher)
    const connection = { host: clusterDir, port: 5432, database: 'vestibule', user: 'vestibule' }
    t.equal(await countInTime(connection, 'select 1 as n'), 1)
    const pid = await findPostmaster(clusterDir)
    t.ok(pid !== undefined && (await stopPostmaster(pid, clusterDir, 60_000)))

    chmodSync(home, 0o755)
    const reachable = await createLauncher({ ...binaries, libraryPath: undefined }, clusterDir)
    await ensureCluster(clusterDir, reachable, silent)
    t.equal(statSync(join(clusterDir, 'base')).uid, 65534, 'files follow the user when the way becomes free')
  })

  t.test('an ordinary user starts it, and root then runs it as that user', async (t) => {
    const dataDir = await dataDirectory(t)
    chownSync(dataDir, 65534, 65534)
    const ordinary = await run(t, dataDir, 'server', { uid: 65534, gid: 65534 })
    t.same(ordinary.told.failed, undefined)
    await write(connectionOf(ordinary.told))
    await end(ordinary.child, 'SIGTERM')

    const root = await startEmbeddedPostgres({ dataDir, log: silent })
    t.equal(await count(root.connection), 1)
    await root.stop()
    const again = await run(t, dataDir, 'server', { uid: 65534, gid: 65534 })
    t.equal(await count(connectionOf(again.told)), 1, 'and the ordinary user can use it still')
    await end(again.child, 'SIGTERM')
  })

  t.test("somebody else's data directory is refused with its owner", async (t) => {
    const dataDir = await dataDirectory(t)
    const ordinary = await run(t, dataDir, 'server', { uid: 65534, gid: 65534 })
    t.match(ordinary.told.failed, /VESTIBULE_DATA_DIR: .* belongs to user 0, cannot be used by user 65534/)
  })
}

/** A data directory of its own with an empty database in it, which takes less time to copy than to make. */
async function preparedDirectory(t: Test): Promise<string> {
  const dataDir = await dataDirectory(t)
  execFileSync('cp', ['-a', join(template, 'postgres'), dataDir])
  return dataDir
}

/** An empty directory of its own for a test; whatever runs in it is ended with the test. */
async function dataDirectory(t: Test): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vestibule-test-'))
  t.teardown(async () => {
    const pid = await findPostmaster(join(dataDir, 'postgres'))
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })
  return dataDir
}

type Run = { child: ChildProcess; told: Told }

/** Another process on the same directory, up or refused. */
async function run(t: Test, dataDir: string, use: string, options: object = {}): Promise<Run> {
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']
  const child = spawn(process.execPath, [...programOf('test/platform/embedded-postgres-process.ts'), dataDir, use], {
    stdio,
    ...options,
  })
  t.teardown(() => child.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, told: JSON.parse(String(line)) }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

function connectionOf(told: Told): Connection {
  if (!told.up) throw new Error(`the process did not start: ${JSON.stringify(told)}`)
  return told.up
}

async function postmasterOf(dataDir: string): Promise<number> {
  const pid = await findPostmaster(join(dataDir, 'postgres'))
  if (pid === undefined) throw new Error('no database runs')
  return pid
}

async function ask(connection: Connection, statement: string): Promise<{ n?: unknown }[]> {
  const sql = postgres({ ...connection, max: 1, onnotice: () => {} })
  try {
    return await sql.unsafe<{ n?: unknown }[]>(statement)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function write(connection: Connection): Promise<void> {
  await ask(connection, 'create table kept (n int); insert into kept values (1)')
}

async function count(connection: Connection, statement = 'select count(*)::int as n from kept'): Promise<unknown> {
  const [row] = await ask(connection, statement)
  return row?.n
}

/** The same of a server that is on its way. */
async function countInTime(connection: Connection, statement?: string): Promise<unknown> {
  let counted: unknown
  await until(async () => {
    counted = await count(connection, statement).catch(() => undefined)
    return counted !== undefined
  }, 'the server answers')
  return counted
}
