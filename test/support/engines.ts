import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import t from 'tap'
import type { EmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js'
import { openSession } from '../../src/platform/embedded-postgres/session.js'
import { answers } from './engines-redis.js'
import { type Facts, readFacts } from './engines-state.js'
import { programOf } from './program.js'

export type Connection = EmbeddedPostgres['connection']

/** The real services all tests of a run share. */
export type Engines = {
  /** A superuser: may create databases. The service itself works as the role `vestibule`. */
  postgresAdmin: Connection
  /** Shared by every file; take `freshRedis` for keys of your own. */
  redisUrl: string
}

/** The service's connection to a database of its own. */
export type FreshDatabase = { connection: Connection; drop(): Promise<void> }

const root = join(import.meta.dirname, '../..')
const REDIS_DATABASES = 512
const TEMPLATES_KEPT = 4
/** Held while the template is looked at, made or copied, which several test files want at once. */
const TEMPLATE_LOCK = 0x74656d70

let shared: Promise<Engines> | undefined

/** PostgreSQL and Redis: those of this run, or left over by another one, or started now and left for the next. */
export function engines(): Promise<Engines> {
  shared ??= attach()
  return shared
}

/**
 * An empty, migrated database of its own, copied from a template that is made again whenever `drizzle/` or `migrate`
 * changes. Dropped with the test file at the latest.
 */
export async function freshDatabase(migrate: (connection: Connection) => Promise<unknown>): Promise<FreshDatabase> {
  const { postgresAdmin } = await engines()
  const admin = postgres({ ...postgresAdmin, max: 1, onnotice: () => {} })
  const database = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  try {
    await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`
    const template = await ensureTemplate(admin, postgresAdmin, migrate)
    await admin`create database ${admin(database)} template ${admin(template)} owner vestibule`
  } finally {
    await admin.end()
  }
  const drop = () => dropDatabase(postgresAdmin, database)
  t.teardown(drop)
  return { connection: { ...postgresAdmin, user: 'vestibule', database }, drop }
}

/** The URL of an empty Redis database that no other test file uses. */
export async function freshRedis(): Promise<string> {
  const { redisUrl } = await engines()
  const redis = new Redis(redisUrl)
  try {
    const number = ((await redis.incr('databases-given')) % (REDIS_DATABASES - 1)) + 1
    await redis.select(number)
    await redis.flushdb()
    return `${redisUrl}/${number}`
  } finally {
    redis.disconnect()
  }
}

async function attach(): Promise<Engines> {
  if (!(await isUp(await readFacts()))) {
    // A process of its own, so that the engines outlive this one.
    await promisify(execFile)(process.execPath, programOf('test/support/start-engines.ts'))
  }
  const facts = await readFacts()
  if (!facts) throw new Error('the engines were started but left no word where')
  const session = await openSession(facts.postgres, 'tool', () => {})
  if (!session) throw new Error('PostgreSQL was started for the tests but does not answer')
  // Whoever stops the engines leaves them alone while a test file counts itself among their users.
  await session.join()
  t.teardown(() => session.close())
  return { postgresAdmin: { ...facts.postgres, user: 'postgres', database: 'postgres' }, redisUrl: facts.redisUrl }
}

async function isUp(facts: Facts | undefined): Promise<boolean> {
  if (!facts || !(await answers(facts.redisUrl))) return false
  const session = await openSession(facts.postgres, 'tool', () => {})
  await session?.close()
  return session !== undefined
}

async function ensureTemplate(
  admin: postgres.Sql,
  postgresAdmin: Connection,
  migrate: (connection: Connection) => Promise<unknown>,
): Promise<string> {
  const template = `template_${await fingerprint(migrate)}`
  const templates = await admin<{ name: string }[]>`
    select datname as name from pg_database where datname like 'template\\_%' order by oid desc`
  if (templates.some(({ name }) => name === template)) return template
  for (const { name } of templates.slice(TEMPLATES_KEPT)) await admin`drop database if exists ${admin(name)}`
  // Named only when complete: a run that is interrupted leaves nothing that looks like a template.
  const draft = `draft_${template}`
  await admin`drop database if exists ${admin(draft)} with (force)`
  await admin`create database ${admin(draft)} owner vestibule`
  await migrate({ ...postgresAdmin, user: 'vestibule', database: draft })
  await admin`alter database ${admin(draft)} rename to ${admin(template)}`
  return template
}

async function fingerprint(migrate: (connection: Connection) => Promise<unknown>): Promise<string> {
  const hash = createHash('sha256').update(migrate.toString())
  const folders = [join(root, 'drizzle'), join(root, 'src')]
  const entries = (
    await Promise.all(folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })))
  ).flat()
  const files = entries
    .filter((entry) => entry.isFile() && /\.(sql|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.sort()) hash.update(file.slice(root.length)).update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}

async function dropDatabase(postgresAdmin: Connection, database: string): Promise<void> {
  const admin = postgres({ ...postgresAdmin, max: 1, onnotice: () => {} })
  try {
    await admin`drop database if exists ${admin(database)} with (force)`
  } finally {
    await admin.end()
  }
}
