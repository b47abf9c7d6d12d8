import { createServer } from 'node:https'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { loadConfig } from '../../src/platform/config.js'
import { ensureLocalCertificate } from '../../src/platform/local-ca.js'
import { createLogger } from '../../src/platform/log.js'
import { openServices, type Services } from '../../src/services.js'
import { TEST_SECRET, type TestService } from '../support/service.js'

export type Instance = { services: Services; baseUrl: string; log: string[] }

/** Another process's worth of the service on the same database: pools, caches, LISTEN connection and port of its own. */
export async function anotherInstance(
  t: Test,
  service: TestService,
  options: { env?: Record<string, string>; level?: string } = {},
): Promise<Instance> {
  const { dataDir } = service.services.config
  const { config } = loadConfig({ PORT: '0', VESTIBULE_DATA_DIR: dataDir, ...options.env })
  const log: string[] = []
  const services = await openServices({
    config,
    log: createLogger(options.level ?? 'silent', { write: (line) => log.push(line) }),
    connection: service.connection,
    secret: TEST_SECRET,
    clock: service.services.clock,
  })
  const app = await buildApp(services)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = app.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  const baseUrl = `http://localhost:${address.port}`
  // One deployment: tokens and links of any instance are good at the others.
  services.origins.set({ publicUrl: service.services.origins.publicUrl() })
  const close = async () => {
    await app.close()
    await services.close()
  }
  // The database is dropped with the service, so whatever uses it must end before.
  t.teardown(close)
  const closeService = service.close
  service.close = async () => {
    await close()
    await closeService()
  }
  return { services, baseUrl, log }
}

/** The service's https listener, as a local start has one. Answers with its origin. */
export async function secureListener(t: Test, service: TestService): Promise<string> {
  const { services, app } = service
  const { cert, key } = await ensureLocalCertificate({
    dataDir: services.config.dataDir,
    hosts: ['localhost'],
    now: services.clock(),
  })
  const server = createServer({ cert, key }, (request, response) => app.routing(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  const tlsUrl = `https://localhost:${address.port}`
  services.origins.set({ publicUrl: services.origins.publicUrl(), tlsUrl })
  return tlsUrl
}
