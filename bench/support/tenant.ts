import { addClientSecret, createApplication } from '../../src/applications/index.js'
import { createTenant } from '../../src/bootstrap.js'
import { applicationPermissions } from '../../src/graph/permissions.js'
import { loadConfig } from '../../src/platform/config.js'
import { readDatabaseUrl } from '../../src/platform/database-url.js'
import { createLogger } from '../../src/platform/log.js'
import type { MailTransport } from '../../src/platform/mail/mail.js'
import { migrateDatabase } from '../../src/platform/migrate.js'
import { openServices, type Services } from '../../src/services.js'
import { createDatabase, type Engines } from './engines.js'
import { SECRET } from './service.js'

/** A migrated database with one organization and one client that holds every permission. */
export type World = {
  database: string
  databaseUrl: string
  tenantId: string
  clientId: string
  clientSecret: string
  /** For service processes on this database; add roles and whatever else a scenario needs. */
  env: Record<string, string>
}

/** Makes a database ready for service processes, by the same functions that `vestibule tenant create` calls. */
export async function createWorld(engines: Engines, database: string): Promise<World> {
  const databaseUrl = await createDatabase(engines, database)
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: engines.redisUrl,
    VESTIBULE_SECRET: SECRET,
    MAIL_TRANSPORT: 'mailbox',
  }
  await migrateDatabase(readDatabaseUrl(databaseUrl))
  return { database, databaseUrl, env, ...(await createOrganization(env, 'contoso.example')) }
}

/** Another organization of the same database, with a client of its own. */
export async function addOrganization(world: World, domain: string): Promise<World> {
  return { ...world, ...(await createOrganization(world.env, domain)) }
}

async function createOrganization(env: Record<string, string>, domain: string) {
  const services = await openWorld(env)
  try {
    const { tenantId } = await createTenant(services, { domain, adminMail: `admin@${domain}` })
    const client = await services.database.withTenant(tenantId, async (scope) => {
      const wish = { displayName: 'Benchmark', permissions: applicationPermissions }
      const application = await createApplication(scope, wish, services)
      const secret = await addClientSecret(scope, application.id, {}, services)
      return { clientId: application.appId, clientSecret: secret.secretText }
    })
    return { tenantId, ...client }
  } finally {
    await services.close()
  }
}

/** The service's own parts in this process, on the database of a world. */
export async function openWorld(env: Record<string, string>, transport?: MailTransport): Promise<Services> {
  const { config } = loadConfig({ PORT: '3000', ...env })
  return openServices({
    config,
    log: createLogger('warn', process.stderr),
    connection: readDatabaseUrl(env['DATABASE_URL'] ?? ''),
    secret: SECRET,
    ...(transport && { transport }),
  })
}

/** A token by client credentials; good for the whole run. */
export async function fetchToken(port: number, world: Pick<World, 'tenantId' | 'clientId' | 'clientSecret'>) {
  const response = await fetch(`http://127.0.0.1:${port}/${world.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: world.clientId,
      client_secret: world.clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  })
  const body = (await response.json()) as { access_token?: string; error_description?: string }
  if (!body.access_token) throw new Error(`no token: ${body.error_description}`)
  return body.access_token
}
