import type { FastifyInstance } from 'fastify'
import type { Database } from './database.js'
import type { Metrics } from './metrics.js'
import { stylesheet } from './pages/stylesheet.js'

type Needs = {
  database: Database
  metrics: Metrics
  /** False until this start has done everything that must come before the first request. */
  isReady: () => boolean
}

/** `/healthz`, `/readyz`, `/metrics` and the stylesheet of the pages. */
export async function operations(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.get('/healthz', options, async () => ({ status: 'ok' }))

  app.get('/readyz', options, async (_request, reply) => {
    if (!needs.isReady()) return reply.code(503).send({ status: 'starting' })
    try {
      await needs.database.sql`select 1`
      return { status: 'ready' }
    } catch {
      return reply.code(503).send({ status: 'database unreachable' })
    }
  })

  app.get('/metrics', options, async (_request, reply) => {
    const { registry } = needs.metrics
    return reply.type(registry.contentType).send(await registry.metrics())
  })

  const { path, body } = stylesheet()
  app.get(path, options, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=31536000, immutable').type('text/css; charset=utf-8').send(body),
  )
}

/** Counts every answered request by the route it matched; unmatched paths share one label. */
export function countRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    metrics.request(
      request.method,
      request.routeOptions.url ?? 'unmatched',
      reply.statusCode,
      reply.elapsedTime / 1_000,
    )
    done()
  })
}
