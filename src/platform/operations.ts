import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Database } from './database.js'
import type { Metrics } from './metrics.js'
import { mayReadMetrics } from './metrics-access.js'
import { stylesheet } from './pages/stylesheet.js'

type Needs = {
  database: Database
  metrics: Metrics
  config: { metricsToken: string | undefined }
  /** False until this start has done everything that must come before the first request. */
  isReady: () => boolean
}

/** What browsers ask for beside every page: a doorway, in the colour of our text. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><style>path{fill:#1b1d1f}@media(prefers-color-scheme:dark){path{fill:#eceef0}}</style><path d="M3 15V1h10v14h-3V4H6v11z"/></svg>'

/** `/healthz`, `/readyz`, `/metrics`, and the stylesheet and icon of the pages. */
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

  app.get('/metrics', options, async (request, reply) => {
    const { headers, ip: address } = request
    const { metricsToken: token } = needs.config
    const throughUnknownProxy = isForwarded(request) && !isBelieved(request)
    const answer = mayReadMetrics({ token, authorization: headers.authorization, address, throughUnknownProxy })
    if (answer !== 'yes') {
      const [status, words] = METRICS_REFUSED[answer]
      if (status === 401) reply.header('www-authenticate', 'Bearer realm="Vestibule metrics"')
      return reply.code(status).type('text/plain; charset=utf-8').send(words)
    }
    const { registry } = needs.metrics
    return reply.type(registry.contentType).send(await registry.metrics())
  })

  const { path, body } = stylesheet()
  app.get(path, options, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=31536000, immutable').type('text/css; charset=utf-8').send(body),
  )
  app.get('/favicon.ico', options, async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=86400')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .type('image/svg+xml')
      .send(ICON),
  )
}

const METRICS_REFUSED = {
  tokenNeeded: [401, 'Metrics need the token of VESTIBULE_METRICS_TOKEN: Authorization: Bearer <token>\n'],
  notFromHere: [
    403,
    'Metrics are shown to this machine and private networks only. Set VESTIBULE_METRICS_TOKEN to read them from elsewhere.\n',
  ],
} as const

/** What proxies add, whichever kind they are. */
function isForwarded({ headers }: FastifyRequest): boolean {
  return ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined)
}

/** Whether the client's address is what a trusted proxy says, and not simply the peer's. */
function isBelieved({ ips, headers }: FastifyRequest): boolean {
  return headers['x-forwarded-for'] !== undefined && (ips?.length ?? 0) > 1
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
