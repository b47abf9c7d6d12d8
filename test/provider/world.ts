import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type postgres from 'postgres'
import { addClientSecret, createApplication } from '../../src/applications/index.js'
import { uuidv7 } from '../../src/kernel/ids.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { type Connection, openDatabase } from '../../src/platform/database.js'
import { createEgress } from '../../src/platform/egress/egress.js'
import { startListener } from '../../src/platform/listener.js'
import { createLogger } from '../../src/platform/log.js'
import { migrateDatabase } from '../../src/platform/migrate.js'
import { createAuthenticator, createSigningKeys, registerProvider, type Subject } from '../../src/provider/index.js'
import { createTenants, insertTenant, raiseVersion, updateTenant } from '../../src/tenants/index.js'
import { freshDatabase } from '../support/engines.js'
import { until } from '../support/until.js'

export type Answer = {
  status: number
  headers: NodeJS.Dict<string | string[]>
  text: string
  json: Record<string, unknown>
}
export type World = Awaited<ReturnType<typeof openWorld>>

const SECRET = 'a secret of the tests, long enough to be one'

/** The provider and the token check on a real database, behind an http and an https listener of their own. */
export async function openWorld(options: { onStatement?: (text: string) => void } = {}) {
  const fresh = await freshDatabase(migrateDatabase)
  const lines: string[] = []
  const log = createLogger('info', { write: (line) => lines.push(line) })
  const tenants = [
    await newTenant(fresh.connection, 'contoso.example'),
    await newTenant(fresh.connection, 'fabrikam.example'),
  ] as const
  const subjects = new Map<string, Subject>()
  let offsetMs = 0
  const clock = () => new Date(Date.now() + offsetMs)
  const secure = await selfSigned()
  const origins: string[] = []
  const originOf = (request: FastifyRequest) => origins['encrypted' in request.raw.socket ? 1 : 0] ?? ''

  const processes: { close(): Promise<void> }[] = []
  /** What one process of a deployment opens: its own pool, caches and listener. */
  const openProcess = (connection: Connection = fresh.connection) => {
    const opened = openDatabase(connection, { hot: 4, ordinary: 6 })
    const { onStatement } = options
    const database = onStatement ? { ...opened, sql: watched(opened.sql, onStatement) } : opened
    const listener = startListener(connection, log)
    const keys = deriveKeys(SECRET)
    const tenants = createTenants({ database, listener })
    const signingKeys = createSigningKeys({ database, keys, clock, listener })
    const needs = {
      database,
      keys,
      clock,
      log,
      listener,
      signingKeys,
      tenants,
      egress: createEgress({ allow: ['localhost'] }),
      origins: () => origins,
      originOf,
      provesEnough: async () => true,
    }
    const authenticate = createAuthenticator({
      ...needs,
      findSubject: async (_scope, id) => subjects.get(id),
      readingOf: async () => ({ guests: 'restricted', membersReadOthers: true }),
    })
    processes.push({ close: () => Promise.all([listener.close(), database.close()]).then(() => undefined) })
    return { ...needs, authenticate: (token?: string) => authenticate(token && `Bearer ${token}`, origins[0] ?? '') }
  }
  const main = openProcess()

  const apps: FastifyInstance[] = [Fastify(), Fastify({ https: secure })]
  for (const [index, app] of apps.entries()) {
    await app.register(registerProvider, main)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    origins.push(`${index === 0 ? 'http' : 'https'}://localhost:${port}`)
  }
  await until(() => main.listener.isUp())

  return {
    ...main,
    connection: fresh.connection,
    ca: secure.cert,
    lines,
    tenantIds: [tenants[0].id, tenants[1].id] as const,
    subjects,
    origin: origins[0] ?? '',
    tlsOrigin: origins[1] ?? '',
    openProcess,
    /** Moves the clock of the service. */
    moveClock: (ms: number) => {
      offsetMs += ms
    },
    /** Disables or enables a tenant, and waits until this process has heard. */
    async setTenantEnabled(id: string, enabled: boolean) {
      await main.database.orm.transaction(async (tx) => {
        await updateTenant(tx, id, { enabled })
        await raiseVersion(tx, id)
      })
      await until(async () => (await main.tenants.find(id))?.enabled === enabled)
    },
    /** Registers a client with one secret. */
    async newClient(tenantId: string, permissions: string[] = ['User.Invite.All', 'User.Read.All']) {
      return main.database.withTenant(tenantId, async (scope) => {
        const application = await createApplication(scope, { displayName: 'Onboarding robot', permissions }, main)
        const secret = await addClientSecret(scope, application.id, {}, main)
        return { ...application, ...secret }
      })
    },
    send: (url: string, options?: Options) => send(url, secure.cert, options),
    async close() {
      await Promise.all(apps.map((app) => app.close()))
      await Promise.all(processes.map((process) => process.close()))
      await fresh.drop()
    },
  }
}

/** The same client, which says what it is asked. */
function watched(sql: postgres.Sql, onStatement: (text: string) => void): postgres.Sql {
  return new Proxy(sql, {
    apply(target, self, given: unknown[]) {
      const [strings] = given
      if (Array.isArray(strings) && 'raw' in strings) onStatement(strings.join('?'))
      return Reflect.apply(target, self, given)
    },
  })
}

export type Options = {
  method?: string
  headers?: Record<string, string>
  form?: Record<string, string>
  body?: string
}

/** Sends a request without any of a browser's or SDK's manners, so that any header can be forged. */
export function send(url: string, ca: string, { form, body, ...options }: Options = {}): Promise<Answer> {
  const text = form ? new URLSearchParams(form).toString() : body
  const headers = { ...(form && { 'content-type': 'application/x-www-form-urlencoded' }), ...options.headers }
  const full: RequestOptions & { ca: string; servername: string } = {
    method: text === undefined ? 'GET' : 'POST',
    ...options,
    headers,
    ca,
    // Node would take it from a forged Host.
    servername: 'localhost',
  }
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, full, (response) => {
      let received = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        received += chunk
      })
      response.on('end', () => {
        const json = received.startsWith('{') ? JSON.parse(received) : {}
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: received, json })
      })
    })
    request.on('error', reject).end(text)
  })
}

async function newTenant(connection: Connection, domain: string): Promise<{ id: string }> {
  const database = openDatabase(connection, { hot: 1, ordinary: 1 })
  const id = uuidv7(Date.now())
  await insertTenant(database.orm, { id, displayName: domain, domain, createdAt: new Date() })
  await database.close()
  return { id }
}

/** A certificate for localhost that lives as long as the test. */
async function selfSigned(): Promise<{ cert: string; key: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-tls-'))
  try {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
    const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    await promisify(execFile)('openssl', [...request, ...name, '-keyout', key, '-out', cert])
    return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
  } finally {
    await rm(folder, { recursive: true })
  }
}
