import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { addClientSecret, createApplication } from '../../src/applications/index.js'
import { createTenant } from '../../src/bootstrap.js'
import { applicationPermissions } from '../../src/graph/permissions.js'
import { loadConfig } from '../../src/platform/config.js'
import type { Connection } from '../../src/platform/database.js'
import { createEgress } from '../../src/platform/egress/egress.js'
import { createLogger } from '../../src/platform/log.js'
import type { MailTransport } from '../../src/platform/mail/mail.js'
import { migrateDatabase } from '../../src/platform/migrate.js'
import { startRelay } from '../../src/platform/outbox/relay.js'
import { openQueues } from '../../src/platform/queue.js'
import { openServices, type Services, TOPICS } from '../../src/services.js'
import type { ResolveTxt } from '../../src/tenants/index.js'
import type { CallLimits } from '../../src/user-flows/index.js'
import { startGroupWorkers } from '../../workers/groups.js'
import { startMailWorkers } from '../../workers/mail.js'
import { startNotificationWorkers } from '../../workers/notifications.js'
import { startProviderWorkers } from '../../workers/provider.js'
import { freshDatabase, freshRedis } from './engines.js'
import { request } from './request.js'
import { giveSigningKey } from './signing-keys.js'
import { signTestToken } from './tokens.js'
import { until } from './until.js'

/** `VESTIBULE_SECRET` of every test service, for processes that share its database. */
export const TEST_SECRET = 'a secret for tests, 32 characters or more'

/** A mail as `/dev/mailbox/messages` shows it. */
export type MailJson = {
  id: string
  to: string[]
  cc: string[]
  from: string
  replyTo: string | null
  subject: string
  html: string
  text: string
  links: string[]
  createdDateTime: string
}

export type Answer<Body = any> = { status: number; body: Body; headers: Headers; text: string }

export type RequestOptions = {
  headers?: Record<string, string>
  /** Instead of the client with every permission; null sends none. */
  token?: string | null
}

export type TestService = {
  services: Services
  app: FastifyInstance
  connection: Connection
  baseUrl: string
  tenantId: string
  adminId: string
  clientId: string
  clientSecret: string
  /** Moves the service's clock on (or back) by milliseconds. */
  advance(ms: number): void
  /** Lets it stand still until `t` ends, but for `advance`: a busy machine takes none of the seconds that a test is about. */
  stopClock(t: Test): void
  /** A request to `/v1.0` as the client that holds every application permission. */
  api<Body = any>(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Answer<Body>>
  /** Invites with the least that is needed; `wish` adds and replaces properties. Fails the test unless it is a 201. */
  invite(address: string, wish?: Record<string, unknown>): Promise<any>
  /** A token of a client with just these application permissions. */
  appToken(permissions: readonly string[], displayName?: string): Promise<string>
  /** A delegated token of a person, signed with the tenant's real key. */
  userToken(userId: string, scopes: readonly string[]): Promise<string>
  /** A second organization on the same deployment, with a token of a client that holds every permission there. */
  otherTenant(domain: string): Promise<{ tenantId: string; adminId: string; token: string }>
  /** Mails in the mailbox, newest first. */
  mails(to?: string): Promise<MailJson[]>
  /** Waits until `count` mails to an address have arrived. */
  waitForMails(to: string, count?: number): Promise<MailJson[]>
  /** Rows of a table, by SQL as the owner with row security set to `tenantId`. */
  rows(sql: string, tenantId?: string): Promise<Record<string, any>[]>
  close(): Promise<void>
}

export type ServiceOptions = {
  /** BullMQ on Redis instead of on PostgreSQL. */
  redis?: boolean
  /** Start relay and mail workers; true unless set. */
  workers?: boolean
  transport?: (services: { clock: () => Date }) => MailTransport
  env?: Record<string, string>
  domain?: string
  /** TXT records by name, instead of real DNS. */
  resolveTxt?: ResolveTxt
  /** A certificate authority, PEM, that calls to elsewhere trust. */
  trustedCa?: string
  /** How long connectors are waited for, and by how many, instead of the usual. */
  connectorLimits?: Partial<CallLimits>
}

/**
 * A whole service in this process on a database of its own: real PostgreSQL, real queues, a listening socket, a clock
 * that can be moved. Closed when `t` ends.
 */
export async function startService(t: Test, options: ServiceOptions = {}): Promise<TestService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vestibule-test-'))
  const { connection, drop } = await freshDatabase(migrateForTests)
  const redisUrl = options.redis ? await freshRedis() : undefined
  const { config } = loadConfig({
    PORT: '0',
    VESTIBULE_DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...options.env,
  })
  let offset = 0
  let stoppedAt: number | undefined
  const clock = () => new Date((stoppedAt ?? Date.now()) + offset)
  const level = process.env['TEST_LOG']
  const log = level === undefined ? createLogger('warn', answeredOnce) : createLogger(level)
  const services = await openServices({
    config,
    log,
    connection,
    secret: TEST_SECRET,
    clock,
    ...(options.resolveTxt && { resolveTxt: options.resolveTxt }),
    ...(options.trustedCa && { egress: createEgress({ allow: config.egressAllow, ca: options.trustedCa }) }),
    ...(options.connectorLimits && { connectorLimits: options.connectorLimits }),
    ...(options.transport && { transport: options.transport({ clock }) }),
  })
  const app = await buildApp(services)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = app.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  const baseUrl = `http://localhost:${address.port}`
  services.origins.set({ publicUrl: config.publicUrl ?? baseUrl })
  const stopWorkers = options.workers === false ? async () => {} : startWorkers(services)

  const { tenantId, adminId } = await createTenant(services, {
    domain: options.domain ?? 'contoso.example',
    adminMail: `admin@${options.domain ?? 'contoso.example'}`,
  })
  await giveSigningKey(services, tenantId)
  const client = await newClient(services, tenantId, applicationPermissions, 'Every permission')
  const token = await fetchToken(baseUrl, tenantId, client.clientId, client.clientSecret)

  let closed: Promise<void> | undefined
  const service: TestService = {
    services,
    app,
    connection,
    baseUrl,
    tenantId,
    adminId,
    ...client,
    advance: (ms) => {
      offset += ms
    },
    stopClock(t) {
      const since = Date.now()
      stoppedAt = since
      t.teardown(() => {
        stoppedAt = undefined
        offset -= Date.now() - since
      })
    },
    api: (method, path, body, given = {}) => request(`${baseUrl}/v1.0${path}`, method, body, given, token),
    async invite(invitedUserEmailAddress, wish = {}) {
      const answer = await service.api('POST', '/invitations', {
        invitedUserEmailAddress,
        inviteRedirectUrl: 'https://app.example/welcome',
        ...wish,
      })
      if (answer.status !== 201) throw new Error(`inviting answered ${answer.status}: ${answer.text}`)
      return answer.body
    },
    async appToken(permissions, displayName = 'Some permissions') {
      const made = await newClient(services, tenantId, permissions, displayName)
      return fetchToken(baseUrl, tenantId, made.clientId, made.clientSecret)
    },
    userToken: (userId, scopes) =>
      signTestToken(services.signingKeys, baseUrl, { tenantId, clientId: client.clientId, userId, scopes }),
    async otherTenant(domain) {
      const other = await createTenant(services, { domain, adminMail: `admin@${domain}` })
      await giveSigningKey(services, other.tenantId)
      const made = await newClient(services, other.tenantId, applicationPermissions, 'Every permission')
      return { ...other, token: await fetchToken(baseUrl, other.tenantId, made.clientId, made.clientSecret) }
    },
    async mails(to) {
      const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`
      const response = await fetch(`${baseUrl}/dev/mailbox/messages${query}`)
      return (await response.json()) as MailJson[]
    },
    async waitForMails(to, count = 1) {
      let mails: MailJson[] = []
      await until(async () => {
        mails = await service.mails(to)
        return mails.length >= count
      }, `${count} mails to ${to} have arrived`)
      return mails
    },
    rows: (sql, tenant = tenantId) =>
      services.database.sql.begin(async (tx) => {
        await tx`select set_config('vestibule.tenant', ${tenant}, true)`
        return tx.unsafe(sql)
      }),
    close() {
      closed ??= (async () => {
        await stopWorkers()
        await app.close()
        await services.close()
        await drop()
        await rm(dataDir, { recursive: true, force: true })
      })()
      return closed
    },
  }
  t.teardown(() => service.close())
  return service
}

/**
 * Fails the test in which a handler answers a request twice. A reply is a thenable: one that is awaited comes back as
 * undefined once it is sent, and what was to happen only without it happens too.
 */
const answeredOnce = {
  write(line: string) {
    if (!line.includes('FST_ERR_REP_ALREADY_SENT')) return
    queueMicrotask(() => {
      throw new Error(`a request was answered twice: ${line}`)
    })
  },
}

/** Brings a template database up to date, queues included, so that each test's copy starts at once. */
async function migrateForTests(connection: Connection): Promise<void> {
  await migrateDatabase(connection)
  const queues = await openQueues({ connection }, createLogger('silent'))
  await queues.close()
}

function startWorkers(services: Services): () => Promise<void> {
  const workers = [
    ...startMailWorkers(services),
    ...startGroupWorkers(services),
    ...startNotificationWorkers(services),
    ...startProviderWorkers(services),
  ]
  const relay = startRelay(services, TOPICS)
  return async () => {
    await relay.close()
    await Promise.all(workers.map((worker) => worker.close()))
  }
}

async function newClient(services: Services, tenantId: string, permissions: readonly string[], displayName: string) {
  return services.database.withTenant(tenantId, async (scope) => {
    const application = await createApplication(scope, { displayName, permissions }, services)
    const { secretText } = await addClientSecret(scope, application.id, {}, services)
    return { clientId: application.appId, clientSecret: secretText }
  })
}

/** A token by client credentials. */
export async function fetchToken(
  baseUrl: string,
  tenantId: string,
  clientId: string,
  clientSecret: string,
): Promise<string> {
  const response = await fetch(`${baseUrl}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  })
  const body = (await response.json()) as { access_token?: string; error_description?: string }
  if (!body.access_token) throw new Error(`no token: ${body.error_description}`)
  return body.access_token
}
