import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import { type Connection, connect } from './database.js'
import { packageRoot } from './package-root.js'

/** Any number, the same for every process that migrates. */
const LOCK = 7_316_001

/**
 * Brings the database up to date: the generated migrations of `drizzle/`, then the functions that capabilities own
 * (`functions.sql` in each folder of `src`) and row security, which are replaced whole whenever their text changed. One process at a
 * time, however many start together; the others wait and find the work done.
 * @throws when the server is older than PostgreSQL 15 or a statement fails; nothing of the failed step stays.
 */
export async function migrateDatabase(connection: Connection): Promise<void> {
  const sql = connect(connection, 1)
  try {
    const [server] = await sql<{ version: number }[]>`select current_setting('server_version_num')::int as version`
    if (server && server.version < 150_000) throw new Error('PostgreSQL 15 or newer is needed.')
    await sql`select pg_advisory_lock(${LOCK})`
    await migrate(drizzle(sql), { migrationsFolder: join(packageRoot, 'drizzle') })
    await replaceFunctions(sql)
  } finally {
    await sql.end()
  }
}

/**
 * What `migrateDatabase` would still do: names of migrations, and `functions` when their text changed. Writes nothing.
 */
export async function pendingMigrations(connection: Connection): Promise<string[]> {
  const journal: { entries: { tag: string; when: number }[] } = JSON.parse(
    readFileSync(join(packageRoot, 'drizzle/meta/_journal.json'), 'utf8'),
  )
  const sql = connect(connection, 1)
  try {
    const [known] = await sql<{ migrations: boolean; functions: boolean }[]>`
      select to_regclass('drizzle.__drizzle_migrations') is not null as migrations,
        to_regclass('vestibule_functions') is not null as functions`
    const [last] = known?.migrations
      ? await sql<{ at: string | null }[]>`select max(created_at) as at from drizzle.__drizzle_migrations`
      : []
    const [functions] = known?.functions ? await sql<{ hash: string }[]>`select hash from vestibule_functions` : []
    const pending = journal.entries.filter(({ when }) => when > Number(last?.at ?? 0)).map(({ tag }) => tag)
    return functions?.hash === functionText().hash ? pending : [...pending, 'functions']
  } finally {
    await sql.end()
  }
}

async function replaceFunctions(sql: ReturnType<typeof connect>): Promise<void> {
  const { source, hash } = functionText()
  await sql`create table if not exists vestibule_functions (hash text not null, replaced_at timestamptz not null default now())`
  const [known] = await sql<{ hash: string }[]>`select hash from vestibule_functions`
  if (known?.hash === hash) return
  await sql.begin(async (tx) => {
    // The bodies name functions that come later in the text.
    await tx`set local check_function_bodies = off`
    await tx.unsafe(source)
    await tx`delete from vestibule_functions`
    await tx`insert into vestibule_functions (hash) values (${hash})`
  })
}

function functionText(): { source: string; hash: string } {
  const source = functionFiles()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  // A migration may bring a table, which row security must then find: it counts as a change of the text.
  const migrations = readFileSync(join(packageRoot, 'drizzle/meta/_journal.json'), 'utf8')
  return { source, hash: createHash('sha256').update(source).update(migrations).digest('hex') }
}

/** In a fixed order: what triggers of capabilities call comes first, row security last, so that it finds every table. */
function functionFiles(): string[] {
  const files = readdirSync(join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' })
  const functions = files.filter((file) => file.endsWith('functions.sql')).sort()
  const isShared = (file: string) => /^(?:platform|graph)\//.test(file)
  const shared = functions.filter(isShared)
  const ofCapabilities = functions.filter((file) => !isShared(file))
  return [...shared, ...ofCapabilities, 'platform/row-security.sql'].map((file) => join(packageRoot, 'src', file))
}
