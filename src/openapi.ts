import { buildApp } from './app.js'
import { loadConfig } from './platform/config.js'
import { readDatabaseUrl } from './platform/database-url.js'
import { createLogger } from './platform/log.js'
import { openServices } from './services.js'

/** The discard port: nobody listens there, and nothing connects before it is asked to. */
const NOWHERE = '127.0.0.1:9'

/**
 * The OpenAPI document of the whole service, from the routes that `buildApp` registers. Needs no database and no Redis:
 * no request is answered.
 */
export async function describeApi(): Promise<object> {
  const { config } = loadConfig({ LOG_LEVEL: 'silent', REDIS_URL: `redis://${NOWHERE}` })
  const services = await openServices({
    config,
    log: createLogger(config.logLevel, process.stderr),
    connection: readDatabaseUrl(`postgres://nobody@${NOWHERE}/none`),
    secret: 'only documents are made with this one',
  })
  const app = await buildApp(services)
  try {
    await app.ready()
    return app.swagger()
  } finally {
    await app.close()
    await services.close()
  }
}
