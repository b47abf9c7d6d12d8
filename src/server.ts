import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { FastifyInstance } from 'fastify'
import { startGroupWorkers } from '../workers/groups.js'
import { startMailWorkers } from '../workers/mail.js'
import { startNotificationWorkers } from '../workers/notifications.js'
import { startProviderWorkers } from '../workers/provider.js'
import { startSchedules } from '../workers/schedules.js'
import { buildApp } from './app.js'
import { type Bootstrap, bootstrap, localSecret } from './bootstrap.js'
import type { Config } from './platform/config.js'
import type { Connection } from './platform/database.js'
import { startEmbeddedPostgres } from './platform/embedded-postgres/index.js'
import { HTTP_LIMITS, limitConnections } from './platform/http-limits.js'
import { ensureLocalCertificate } from './platform/local-ca.js'
import type { Logger } from './platform/log.js'
import { migrateDatabase } from './platform/migrate.js'
import { startRelay } from './platform/outbox/relay.js'
import { mustBePlainRole } from './platform/plain-role.js'
import type { QueueWorker } from './platform/queue.js'
import { openServices, type Services, TOPICS } from './services.js'

/** Milliseconds between two attempts to reach the queues for the schedules. */
const SCHEDULES_AGAIN_MS = 5_000

export type RunningServer = {
  services: Services
  /** Only of a local instance. */
  local: { facts: Bootstrap; file: string } | undefined
  /** Drains and stops everything that was started here. */
  stop(): Promise<void>
}

/**
 * Starts what the configuration says: database, migrations, listeners, workers. Undoes all of it when a step fails.
 * `onGone` is told when the embedded database was removed under it: nothing works then, and nothing will.
 */
export async function startServer(
  config: Config,
  log: Logger,
  onGone: (error: Error) => void = () => {},
): Promise<RunningServer> {
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) {
      await step().catch((error: unknown) => log.error({ err: error }, 'stopping failed'))
    }
  }
  try {
    const { connection, secret } = await openDatabaseOf(config, { log, onGone }, undo)
    await migrateDatabase(connection)
    const services = await openServices({ config, log, connection, secret })
    undo.push(() => services.close())

    let ready = false
    const isApi = config.roles.includes('api')
    const caFile = isApi ? await listen(services, () => ready, undo) : undefined
    if (!isApi) services.origins.set({ publicUrl: config.publicUrl ?? `http://localhost:${config.port}` })
    if (config.roles.includes('worker')) await startWorkers(services, undo)
    const local = config.embedded ? await bootstrap(services, { caFile }) : undefined
    ready = true
    return { services, local, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The database and the secret: a local instance brings both, any other is told. */
async function openDatabaseOf(
  config: Config,
  { log, onGone }: { log: Logger; onGone: (error: Error) => void },
  undo: (() => Promise<void>)[],
): Promise<{ connection: Connection; secret: string }> {
  const { database: connection, secret } = config
  if (connection !== undefined && secret !== undefined) {
    await mustBePlainRole(connection)
    return { connection, secret }
  }
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log, as: 'server', onGone })
  undo.push(() => postgres.stop())
  return { connection: postgres.connection, secret: config.secret ?? (await localSecret(config.dataDir)) }
}

async function listen(
  services: Services,
  isReady: () => boolean,
  undo: (() => Promise<void>)[],
): Promise<string | undefined> {
  const { config, origins } = services
  const app = await buildApp(services, isReady)
  undo.push(() => app.close())
  await app.ready()
  // Nothing answers before the origins are known, and those are known once the ports are bound.
  const port = await boundPort(app, config.port, config.host)
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`
  const secure = await listenSecurely(services, app, undo)
  origins.set({ publicUrl, tlsUrl: secure && `https://localhost:${secure.port}` })
  return secure?.caFile
}

async function boundPort(app: FastifyInstance, port: number, host: string): Promise<number> {
  await app.listen({ port, host }).catch((error: unknown) => {
    throw isTaken(error) ? portTaken('PORT', port, host, error) : error
  })
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

async function listenSecurely(
  services: Services,
  app: FastifyInstance,
  undo: (() => Promise<void>)[],
): Promise<{ port: number; caFile: string | undefined } | undefined> {
  const { tls, host, dataDir } = services.config
  if (tls.port === undefined) return undefined
  const given = tls.certFile !== undefined && tls.keyFile !== undefined
  const local = given
    ? undefined
    : await ensureLocalCertificate({ dataDir, hosts: ['localhost', '127.0.0.1', '::1'], now: services.clock() })
  const cert = local?.cert ?? (await readFile(tls.certFile ?? '', 'utf8'))
  const key = local?.key ?? (await readFile(tls.keyFile ?? '', 'utf8'))
  const server = createServer({ cert, key, ...HTTP_LIMITS }, (request, response) => app.routing(request, response))
  limitConnections(server)
  undo.push(async () => {
    server.closeIdleConnections()
    await new Promise<void>((done) => server.close(() => done()))
  })
  const port = await bind(server, tls.port, host, !tls.portSetByHand)
  return { port, caFile: local?.caFile }
}

/** Binds `port`; when it is taken and `anyPort` will do, a free one. */
async function bind(server: Server, port: number, host: string, anyPort: boolean): Promise<number> {
  const attempt = (wanted: number) =>
    new Promise<void>((done, failed) => {
      server.once('error', failed)
      server.listen(wanted, host, () => {
        server.off('error', failed)
        done()
      })
    })
  try {
    await attempt(port)
  } catch (error) {
    if (!isTaken(error)) throw error
    if (!anyPort) throw portTaken('VESTIBULE_TLS_PORT', port, host, error)
    await attempt(0)
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

function portTaken(name: string, port: number, host: string, cause: unknown): Error {
  return new Error(`${name}: ${port} on ${host} is taken. Stop what uses it, or set ${name} to another one.`, { cause })
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}

async function startWorkers(services: Services, undo: (() => Promise<void>)[]): Promise<void> {
  const workers = [
    ...startMailWorkers(services),
    ...startGroupWorkers(services),
    ...startNotificationWorkers(services),
    ...startProviderWorkers(services),
  ]
  undo.push(async () => {
    await Promise.all(workers.map((worker) => worker.close()))
  })
  const relay = startRelay(services, TOPICS)
  undo.push(() => relay.close())
  undo.push(startSchedulesInTime(services))
}

/** Redis may be away for a while: schedules only tidy up, and come when it is back. Returns how to stop them. */
function startSchedulesInTime(services: Services): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let started: Promise<QueueWorker[]>
  const attempt = () => {
    started = startSchedules(services).catch((error: unknown) => {
      services.log.warn({ err: error }, 'schedules could not be started, trying again')
      timer = setTimeout(attempt, SCHEDULES_AGAIN_MS)
      return []
    })
  }
  attempt()
  return async () => {
    clearTimeout(timer)
    const workers = await started
    clearTimeout(timer)
    await Promise.all(workers.map((worker) => worker.close()))
  }
}
