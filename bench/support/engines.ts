import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { findBinaries } from '../../src/platform/embedded-postgres/binaries.js'
import { ensureCluster } from '../../src/platform/embedded-postgres/cluster.js'
import { createLauncher } from '../../src/platform/embedded-postgres/launcher.js'
import { atEnd, freePort, stop, watch } from './processes.js'

/** What every scenario shares: one PostgreSQL server and one Redis, both made for this run. */
export type Engines = {
  /** Removed at the end of the run. */
  dir: string
  postgresPort: number
  redisUrl: string
  /** A superuser on `database`; row security does not bind it. */
  admin(database?: string): postgres.Sql
  adminUrlOf(database: string): string
  /** The URL of the plain role that the service works as. */
  urlOf(database: string): string
  /**
   * Gives PostgreSQL so many files of its log (16 MiB each) to use again, as one that has been running for hours has.
   * Making a new one takes 50 ms in the middle of somebody's commit, on either side of a comparison: for scenarios that
   * measure the slowest of a hundred requests, as many as they write.
   */
  recycleLog(files: number): Promise<void>
}

/**
 * The settings of the embedded server, over TCP because the service under test is told where PostgreSQL is by a URL.
 * `max_wal_size` keeps checkpoints from falling into one side of a comparison only, `min_wal_size` keeps the files of
 * `recycleLog`; durability is left alone.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '150',
  shared_buffers: '128MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  checkpoint_timeout: '15min',
  max_wal_size: '16GB',
  min_wal_size: '6GB',
  jit: 'off',
  timezone: 'UTC',
  log_checkpoints: 'off',
}

/** Starts both engines in a new directory under the system's place for temporary files. */
export async function startEngines(): Promise<Engines> {
  const dir = await mkdtemp(join(tmpdir(), 'vestibule-bench-'))
  atEnd(() => rm(dir, { recursive: true, force: true }))
  const postgresPort = await startPostgres(dir)
  const redisUrl = await startRedis(dir)
  const role = (user: string, database: string) => `postgresql://${user}@127.0.0.1:${postgresPort}/${database}`
  return {
    dir,
    postgresPort,
    redisUrl,
    admin: (database = 'postgres') => postgres(role('postgres', database), { max: 2, onnotice: () => {} }),
    adminUrlOf: (database) => role('postgres', database),
    urlOf: (database) => role('vestibule', database),
    async recycleLog(files) {
      const sql = postgres(role('postgres', 'postgres'), { max: 1 })
      for (let file = 0; file < files; file++) {
        await sql`select pg_logical_emit_message(false, 'vestibule', ''), pg_switch_wal()`
      }
      await sql`checkpoint`
      await sql.end()
    },
  }
}

/** Redis as one runs it for a queue: every write goes to its log, which is flushed once a second. */
async function startRedis(dir: string): Promise<string> {
  const port = await freePort()
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'yes', appendfsync: 'everysec', dir }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = watch(spawn('redis-server', args, { stdio: 'ignore' }))
  const failed = new Promise<never>((_, reject) =>
    child.once('error', () => reject(new Error('redis-server is missing: apt-get install redis-server'))),
  )
  atEnd(() => stop(child))
  const url = `redis://127.0.0.1:${port}`
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 100 })
  redis.on('error', () => {})
  await Promise.race([redis.ping(), failed])
  redis.disconnect()
  return url
}

async function startPostgres(dir: string): Promise<number> {
  const clusterDir = join(dir, 'postgres')
  const binaries = await findBinaries(`${clusterDir}-lib`)
  const launcher = await createLauncher(binaries, clusterDir)
  await ensureCluster(clusterDir, launcher, console)
  // Overwritten in place, so that the file stays its owner's.
  await writeFile(join(clusterDir, 'pg_hba.conf'), 'local all all trust\nhost all all 127.0.0.1/32 trust\n')
  const port = await freePort()
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(join(dir, 'postgres.log'), 'a')
  const child = watch(launcher.start(binaries.postgres, clusterDir, settings, log))
  closeSync(log)
  atEnd(async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGINT')
    await Promise.race([gone, sleep(10_000)])
  })
  await ready(port)
  return port
}

async function ready(port: number): Promise<void> {
  const sql = postgres(`postgresql://postgres@127.0.0.1:${port}/postgres`, { max: 1 })
  try {
    for (let turn = 0; ; turn++) {
      try {
        await sql`select 1`
        return
      } catch (error) {
        if (turn > 200) throw error
        await sleep(50)
      }
    }
  } finally {
    await sql.end()
  }
}

/** A new database that belongs to the service's role. */
export async function createDatabase(engines: Engines, name: string): Promise<string> {
  const admin = engines.admin()
  try {
    await admin`create database ${admin(name)} owner vestibule`
  } finally {
    await admin.end()
  }
  return engines.urlOf(name)
}

/** A directory of this run. */
export async function directory(engines: Engines, name: string): Promise<string> {
  const path = join(engines.dir, name)
  await mkdir(path, { recursive: true })
  return path
}
