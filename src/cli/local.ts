import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { localSecret } from '../bootstrap.js'
import { uuidv7 } from '../kernel/ids.js'
import { type Config, loadConfig } from '../platform/config.js'
import { deriveKeys, type Keys } from '../platform/crypto.js'
import { type Connection, type Database, openDatabase } from '../platform/database.js'
import { startEmbeddedPostgres } from '../platform/embedded-postgres/index.js'
import { migrateDatabase, pendingMigrations } from '../platform/migrate.js'
import { mustBePlainRole } from '../platform/plain-role.js'
import { createTenants, listTenantIds, type Tenant } from '../tenants/index.js'
import { CommandFailure, wrongUsage } from './failure.js'
import type { Io, Options } from './verb.js'

/** The service's own database, for verbs that run on its machine. */
export type Local = { config: Config; connection: Connection; database: Database; clock(): Date; newId(): string }

export const localNotes = `The database is the one of DATABASE_URL, or of the local instance in VESTIBULE_DATA_DIR (.vestibule
unless set), whether or not the service is running there.`

export const tenantOption = {
  tenant: { type: 'string', value: 'TENANT', help: 'Id or domain; the bootstrapped organization unless set.' },
} as const satisfies Options

/** Whom the audit names for what was done here: who may run this is not known to the directory. */
export const OPERATOR = { kind: 'service', displayName: 'vestibule command' } as const

/** What these verbs heed; a setting of the listener or of mail need not be there to create an organization. */
const NAMES = [
  'DATABASE_URL',
  'REDIS_URL',
  'VESTIBULE_DATA_DIR',
  'VESTIBULE_SECRET',
  'VESTIBULE_SECRET_PREVIOUS',
  'VESTIBULE_TENANT_DOMAIN',
]

/** The settings of a verb that seals and opens nothing unless `needsSecret`. @throws CommandFailure (wrong usage). */
function readSettings(env: NodeJS.ProcessEnv, needsSecret: boolean): Config {
  const given = Object.fromEntries(NAMES.map((name) => [name, env[name]]))
  const unused = needsSecret ? {} : { VESTIBULE_SECRET: 'not used by this verb, so not asked for' }
  try {
    return loadConfig({ ...given, ...unused, MAIL_TRANSPORT: 'mailbox' }).config
  } catch (error) {
    throw wrongUsage(error instanceof Error ? error.message : String(error))
  }
}

/** Opens the database, does `work` and closes it; a local instance that was not running is stopped again. */
export async function withLocal<T>(
  io: Io,
  work: (local: Local) => Promise<T>,
  options: { needsSecret?: boolean; mayBeOld?: boolean } = {},
): Promise<T> {
  const config = readSettings(io.env, options.needsSecret ?? false)
  return withConnection(config, io, async (connection) => {
    if (!options.mayBeOld) await mustBeCurrent(config, connection)
    const database = openDatabase(connection, { hot: 1, ordinary: 2 })
    try {
      const clock = () => new Date()
      return await work({ config, connection, database, clock, newId: () => uuidv7(Date.now()) })
    } finally {
      await database.close()
    }
  })
}

async function withConnection<T>(config: Config, io: Io, work: (connection: Connection) => Promise<T>): Promise<T> {
  if (config.database !== undefined) {
    await mustBePlainRole(config.database)
    return work(config.database)
  }
  await mustExist(config)
  return withEmbedded(config, io, work)
}

/** The database of a local instance, beside the running service or started for this. */
export async function withEmbedded<T>(
  { dataDir }: Pick<Config, 'dataDir'>,
  io: Io,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const tell = (_facts: unknown, text?: string) => text !== undefined && io.err(`${text}\n`)
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: { info: () => {}, warn: tell, error: tell },
    as: 'tool',
  })
  try {
    return await work(postgres.connection)
  } finally {
    await postgres.stop()
  }
}

/** The keys that the service derives from its secret. */
export async function localKeys({ config }: Local): Promise<Keys> {
  return deriveKeys(config.secret ?? (await localSecret(config.dataDir)), config.previousSecrets)
}

/**
 * The organization by id or domain; unless `wanted`, the bootstrapped one of a local instance, or the only one.
 * @throws CommandFailure when there is none, or a choice.
 */
export async function findTenant({ config, database }: Local, wanted: string | undefined): Promise<Tenant> {
  const listener = { on: () => {}, isUp: () => false, close: async () => {} }
  const tenants = createTenants({ database, listener })
  if (wanted !== undefined) {
    const tenant = await tenants.find(wanted)
    if (!tenant) throw new CommandFailure(`There is no organization '${wanted}'. Give its id or a verified domain.`)
    return tenant
  }
  const bootstrapped = config.embedded ? await tenants.find(config.tenantDomain) : undefined
  if (bootstrapped) return bootstrapped
  const [only, ...others] = await listTenantIds(database.orm)
  if (only === undefined) throw new CommandFailure('There is no organization yet. See vestibule tenant create --help.')
  const tenant = others.length === 0 ? await tenants.find(only) : undefined
  if (!tenant) throw wrongUsage('There are several organizations: say which with --tenant.')
  return tenant
}

/** A typing mistake in the directory must not make a database there. */
async function mustExist({ dataDir }: Config): Promise<void> {
  const exists = await access(join(dataDir, 'postgres')).then(
    () => true,
    () => false,
  )
  if (exists) return
  const ways = 'Start one (vestibule serve), or set VESTIBULE_DATA_DIR or DATABASE_URL.'
  throw new CommandFailure(`There is no local instance in ${dataDir}. ${ways}`, { code: 'noInstance' })
}

async function mustBeCurrent(config: Config, connection: Connection): Promise<void> {
  const pending = await pendingMigrations(connection)
  if (pending.length === 0) return
  if (config.embedded) return migrateDatabase(connection)
  throw new CommandFailure('The database is not up to date. Run vestibule migrate first.', { code: 'notMigrated' })
}
