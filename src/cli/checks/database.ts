import { countOutdatedSecrets } from '../../applications/index.js'
import { countOutdatedWebhookSecrets, countUnopenedWebhookSecrets } from '../../notifications/index.js'
import type { Config } from '../../platform/config.js'
import { deriveKeys, type Keys } from '../../platform/crypto.js'
import { type Connection, connect, openDatabase, type TenantScope } from '../../platform/database.js'
import { pendingMigrations } from '../../platform/migrate.js'
import { countSigningKeys } from '../../provider/index.js'
import { countOutdatedHomes, countUnopenedSignIn } from '../../sign-in/index.js'
import { listTenantIds } from '../../tenants/index.js'
import { countOutdatedConnectors, countUnopenedConnectors } from '../../user-flows/index.js'
import { type Finding, fail, ok, reasonOf, warn } from './finding.js'

const OLDEST_VERSION = 150_000
/** Seconds by which two clocks may differ: half a minute already spoils client assertions. */
const NOTABLE_SKEW = 2
const INTOLERABLE_SKEW = 30

/** How much of what is stored only an earlier secret opens. */
type Outdated = { keys: number; secrets: number; subscriptions: number; elsewhere: number }

type Server = { version: string; number: number; role: string; is_exempt: boolean; now: Date }

/** Looks at the database, and at its clock, its migrations and its keys when it can be reached. */
export async function checkDatabase(
  config: Config,
  connection: Connection,
  secret: string | undefined,
): Promise<Finding[]> {
  const began = Date.now()
  const sql = connect(connection, 1)
  let server: Server | undefined
  try {
    await sql`select 1`
    const asked = Date.now()
    ;[server] = await sql<Server[]>`
      select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
        rolname as role, rolsuper or rolbypassrls as is_exempt, clock_timestamp() as now
      from pg_roles where rolname = current_user`
    if (!server) throw new Error('the server does not know our role')
    const middle = (asked + Date.now()) / 2
    return [
      ...serverFindings(server, asked - began),
      clockFinding((server.now.getTime() - middle) / 1_000),
      ...(await contentFindings(config, connection, secret)),
    ]
  } catch (error) {
    const mend = config.embedded
      ? 'Start the service and look at what it says (vestibule serve).'
      : 'Check DATABASE_URL, that the server runs and lets this machine in: psql "$DATABASE_URL"'
    return [fail('database', `It cannot be used: ${reasonOf(error)}`, mend)]
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function serverFindings(server: Server, connectMs: number): Finding[] {
  const found = `PostgreSQL ${server.version}, connected in ${connectMs} ms`
  return [
    server.number < OLDEST_VERSION
      ? fail('database', `${found}: too old`, 'Use PostgreSQL 15 or newer.')
      : ok('database', found),
    server.is_exempt
      ? fail(
          'database role',
          `${server.role} is a superuser or has BYPASSRLS, which switches row-level security off`,
          'Connect as a plain role that owns its database: create role vestibule login password ...; create database vestibule owner vestibule;',
        )
      : ok('database role', `${server.role} is a plain role`),
  ]
}

/** What to think of a clock that is so many seconds behind that of the database; negative when it is ahead. */
export function clockFinding(skewSeconds: number): Finding {
  const size = Math.abs(skewSeconds)
  if (size < NOTABLE_SKEW) return ok('clock', `It agrees with the database to ${size.toFixed(1)} s`)
  const message = `It is ${size.toFixed(0)} s ${skewSeconds < 0 ? 'ahead of' : 'behind'} the clock of the database`
  const mend = 'Synchronise both machines (NTP): timedatectl set-ntp true'
  return size < INTOLERABLE_SKEW ? warn('clock', message, mend) : fail('clock', message, mend)
}

async function contentFindings(config: Config, connection: Connection, secret: string | undefined): Promise<Finding[]> {
  const pending = await pendingMigrations(connection)
  if (pending.length > 0) {
    const mend = 'Run vestibule migrate, or start the service, which does it.'
    return [warn('migrations', `Still to be applied: ${pending.join(', ')}`, mend)]
  }
  const current = ok('migrations', 'All applied')
  return secret === undefined ? [current] : [current, ...(await keyFindings(config, connection, secret))]
}

/** A secret that is not the one the data was sealed with shows itself here before it does in every request. */
async function keyFindings(config: Config, connection: Connection, secret: string): Promise<Finding[]> {
  const database = openDatabase(connection, { hot: 1, ordinary: 1 })
  try {
    const tenants = await listTenantIds(database.orm)
    const needs = { database, keys: deriveKeys(secret, config.previousSecrets), clock: () => new Date() }
    let stored = 0
    const outdated: Outdated = { keys: 0, secrets: 0, subscriptions: 0, elsewhere: 0 }
    const closed: string[] = []
    const unopened: Record<string, number> = {}
    for (const tenantId of tenants) {
      const count = await countSigningKeys(needs, tenantId)
      stored += count.stored
      outdated.keys += count.outdated
      outdated.secrets += await database.withTenant(tenantId, (scope) =>
        countOutdatedSecrets(scope, needs.keys, needs.clock()),
      )
      outdated.subscriptions += await database.withTenant(tenantId, (scope) =>
        countOutdatedWebhookSecrets(scope, needs.keys),
      )
      outdated.elsewhere += await database.withTenant(
        tenantId,
        async (scope) =>
          (await countOutdatedConnectors(scope, needs.keys)) + (await countOutdatedHomes(scope, needs.keys)),
      )
      const found = await database.withTenant(tenantId, (scope) => countUnopened(scope, needs.keys))
      for (const [kind, number] of Object.entries(found)) unopened[kind] = (unopened[kind] ?? 0) + number
      if (count.opened < count.stored) closed.push(tenantId)
    }
    if (tenants.length === 0) {
      const create = 'vestibule tenant create --domain contoso.com --admin-email ada@contoso.com'
      const mend = config.embedded ? 'Start the service, which makes one.' : `Create one: ${create}`
      return [warn('organizations', 'There is none yet', mend)]
    }
    const organizations = ok('organizations', `${tenants.length}`)
    if (closed.length === 0) {
      const opened = ok('signing keys', `The secret opens all ${stored}`)
      return [organizations, opened, unopenedFinding(unopened), ...previousFindings(config, outdated)]
    }
    const shown = closed.slice(0, 3).join(', ')
    const message = `The secret does not open the keys of ${closed.length} of ${tenants.length} organizations (${shown})`
    const mend = 'Set VESTIBULE_SECRET to the value they were made with, the same for every process.'
    return [organizations, fail('signing keys', message, mend), unopenedFinding(unopened)]
  } finally {
    await database.close()
  }
}

/** What none of the configured secrets opens, by what it is. */
async function countUnopened(scope: TenantScope, keys: Keys): Promise<Record<string, number>> {
  return {
    ...(await countUnopenedSignIn(scope, keys)),
    'secrets of subscriptions': await countUnopenedWebhookSecrets(scope, keys),
    'secrets of API connectors': await countUnopenedConnectors(scope, keys),
  }
}

function unopenedFinding(unopened: Readonly<Record<string, number>>): Finding {
  const found = Object.entries(unopened).filter(([, number]) => number > 0)
  if (found.length === 0) return ok('sealed secrets', 'Every one that is kept can be opened')
  const kinds = found.map(([kind, number]) => `${number} ${kind}`).join(', ')
  const mend =
    'Put the secret they were sealed with into VESTIBULE_SECRET_PREVIOUS. If it is lost, give them again: PATCH clientSecret of the identity provider and authenticationConfiguration of the connector, rotate the secret of the subscription; people reset their password, and administrators their authenticator app.'
  return warn('sealed secrets', `No configured secret opens ${kinds}`, mend)
}

/** Whether the secrets of before can be given up. Links leave no trace here, so of those only the time can tell. */
function previousFindings({ previousSecrets }: Config, outdated: Outdated): Finding[] {
  if (previousSecrets.length === 0) return []
  const check = 'secret before'
  const links = 'links of invitations that were open at the change work only with it, until those have ended'
  const { keys, secrets, subscriptions, elsewhere } = outdated
  if (keys + secrets + subscriptions + elsewhere === 0) return [ok(check, `Nothing stored needs it any more; ${links}`)]
  const stored = `${keys} signing keys, ${secrets} client secrets, ${subscriptions} secrets of subscriptions and ${elsewhere} of API connectors and identity providers`
  const message = `Still needed for ${stored}; ${links}`
  const mend =
    'Keep VESTIBULE_SECRET_PREVIOUS: each is renewed when it is next used, those of subscriptions by the workers within a minute and the last within a quarter of an hour. Replace secrets of idle clients.'
  return [warn(check, message, mend)]
}
