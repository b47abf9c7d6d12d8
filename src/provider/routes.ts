import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import storage from 'oidc-provider/lib/helpers/als.js'
import { createFederatedProof } from '../applications/index.js'
import { isGuid, uuidv7 } from '../kernel/ids.js'
import { quietly } from '../platform/quiet-storage.js'
import { beginExchange } from './exchange.js'
import { withFederatedProof } from './federated-client.js'
import type { KnownTenant, ProviderNeeds } from './needs.js'
import { oauthError, unavailable, unknownTenant } from './oauth-errors.js'
import { createOpenidProvider, PATHS } from './openid-provider.js'
import { readWhole, replayed } from './replayed-request.js'

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>
type TenantRequest = FastifyRequest<{ Params: { tenant: string } }>

const MOST_BODY_BYTES = 64 * 1024
const MOST_INSTANCES = 500
/** No assertion fits into a shorter form: those that cannot hold one go to the library unread. */
const LEAST_ASSERTION_BYTES = 400
// Ids and domain names; anything else never reaches the database.
const TENANT_NAME = /^[A-Za-z0-9.-]{1,253}$/
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-prefix', 'x-original-host']

/**
 * OAuth 2.0 and OpenID discovery per tenant: `/{tenant}/oauth2/v2.0/token`, `/{tenant}/discovery/v2.0/keys` and
 * `/{tenant}/v2.0/.well-known/openid-configuration`, where `{tenant}` is an id or a verified domain.
 */
export const registerProvider: FastifyPluginAsync<ProviderNeeds> = async (app, needs) => {
  const instances = new LRUCache<string, Handle>({ max: MOST_INSTANCES })

  const instanceFor = async (tenant: KnownTenant, origin: string): Promise<Handle> => {
    const ring = await needs.signingKeys.of(tenant.id)
    const key = `${tenant.id} ${origin} ${ring.version}`
    let handle = instances.get(key)
    if (!handle) {
      handle = createOpenidProvider(needs, tenant.id, origin, ring).callback()
      instances.set(key, handle)
    }
    return handle
  }

  const proof = { database: needs.database, isFederatedProof: createFederatedProof(needs) }
  /** The request as the library can judge it: assertions of other issuers are judged here. */
  const withProof = async (raw: IncomingMessage, tenantId: string): Promise<IncomingMessage> => {
    const length = raw.headers['content-length']
    if (raw.method !== 'POST' || (length !== undefined && Number(length) < LEAST_ASSERTION_BYTES)) return raw
    const body = (await readWhole(raw)) ?? ''
    const form = body.includes('client_assertion=') ? new URLSearchParams(body) : undefined
    const changed = form && (await withFederatedProof(proof, tenantId, form))
    return replayed(raw, changed ? changed.toString() : body)
  }

  /** Answers with the library, which sees `path` and nothing a client said about host, scheme or format. */
  const answer = (path: string) => async (request: TenantRequest, reply: FastifyReply) => {
    const ids = idsOf(request, needs.clock().getTime())
    const name = request.params.tenant
    const tenant = TENANT_NAME.test(name) ? await needs.tenants.find(name) : undefined
    reply.header('cache-control', 'no-store')
    if (!tenant?.enabled) {
      return reply.code(400).send(unknownTenant(printable(name), ids, needs.clock()))
    }
    if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) {
      return reply
        .code(413)
        .header('connection', 'close')
        .send(oauthError('invalid_request', 'The body is larger than 64 kB.', ids, needs.clock()))
    }
    const origin = needs.originOf(request)
    const handle = await instanceFor(tenant, origin)
    rewrite(request.raw, path, origin, tenant.id)
    const asked = path === PATHS.token ? await withProof(request.raw, tenant.id) : request.raw
    beginExchange(asked, { tenant, ...ids })
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value)
    }
    // The library looks into its storage only for client id metadata documents, which we do not offer.
    await quietly(storage, () => handle(asked, reply.raw))
  }

  // The library reads the body itself; nothing may have read it before.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.setErrorHandler((error, request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    const ids = idsOf(request, needs.clock().getTime())
    if (status >= 400 && status < 500) {
      return reply.code(400).send(oauthError('invalid_request', 'The request cannot be read.', ids, needs.clock()))
    }
    request.log.error({ err: error }, 'the token endpoint failed')
    return reply.code(503).header('retry-after', '5').send(unavailable(ids, needs.clock()))
  })

  const config = { permission: 'public' } as const
  const mounts = [
    { method: 'POST', url: '/:tenant/oauth2/v2.0/token', path: PATHS.token },
    { method: 'GET', url: '/:tenant/discovery/v2.0/keys', path: PATHS.jwks },
    { method: 'GET', url: '/:tenant/v2.0/.well-known/openid-configuration', path: PATHS.discovery },
  ]
  for (const { method, url, path } of mounts) {
    app.route<{ Params: { tenant: string } }>({ method: [method, 'OPTIONS'], url, config, handler: answer(path) })
  }
}

function rewrite(raw: IncomingMessage, path: string, origin: string, tenantId: string): void {
  const { host, protocol } = new URL(origin)
  const query = raw.url?.indexOf('?') ?? -1
  raw.url = query < 0 ? path : `${path}${raw.url?.slice(query)}`
  // Where the library thinks it is mounted: it leads every URL it builds. It would rather guess from the other one.
  Object.assign(raw, { baseUrl: `/${tenantId}`, originalUrl: undefined })
  for (const name of FORWARDING) delete raw.headers[name]
  raw.headers.host = host
  raw.headers['x-forwarded-host'] = host
  raw.headers['x-forwarded-proto'] = protocol.slice(0, -1)
  raw.headers.accept = 'application/json'
}

/** The ids that tie an answer to the log and to the caller's own records. */
function idsOf(request: FastifyRequest, nowMs: number): { traceId: string; correlationId: string } {
  const fromQuery = (request.query as Record<string, unknown>)['client-request-id']
  const named = [fromQuery, request.headers['client-request-id']].find((id) => typeof id === 'string' && isGuid(id))
  const traceId = isGuid(request.id) ? request.id : uuidv7(nowMs)
  return { traceId, correlationId: typeof named === 'string' ? named : traceId }
}

function printable(text: string): string {
  return text.slice(0, 253).replace(/[^\w.-]/g, '?')
}
