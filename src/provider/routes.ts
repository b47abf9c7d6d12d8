import type { IncomingMessage } from 'node:http'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import storage from 'oidc-provider/lib/helpers/als.js'
import { createFederatedProof, type RelyingParty } from '../applications/index.js'
import { permissions } from '../graph/permissions.js'
import { isGuid, uuidv7 } from '../kernel/ids.js'
import { Refusal } from '../kernel/refusal.js'
import { GRAPH_APP_ID } from '../kernel/well-known.js'
import { quietly } from '../platform/quiet-storage.js'
import { readBrowser } from '../sign-in/index.js'
import { clientIdOf, createClientTenants } from './client-tenant.js'
import { beginExchange, type Exchange } from './exchange.js'
import { withFederatedProof } from './federated-client.js'
import { createInstances, type Instances } from './instances.js'
import type { ProviderNeeds } from './needs.js'
import { oauthError, unavailable, unknownTenant } from './oauth-errors.js'
import { PATHS } from './openid-provider.js'
import { readAheadOfExchange, readAheadOfSignIn } from './read-ahead.js'
import { readWhole, replayed } from './replayed-request.js'
import { delegatedScopes } from './rules.js'
import { plainTokenForm } from './token-form.js'
import { nothingYet } from './written-last.js'

type Params = { tenant?: string; uid?: string }
type TenantRequest = FastifyRequest<{ Params: Params }>

const MOST_BODY_BYTES = 64 * 1024
// Ids and domain names; anything else never reaches the database.
const TENANT_NAME = /^[A-Za-z0-9.-]{1,253}$/
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-prefix', 'x-original-host']

/** A path of ours and the library's path behind it. Pages are for people, the rest for programs. */
type Mount = {
  methods: ('GET' | 'POST')[]
  url: string
  path: string
  isPage?: boolean
  /** At `adfs` the path names no tenant: the client does. */
  endpoint?: NonNullable<Exchange['endpoint']>
}

const V2 = '/:tenant/oauth2/v2.0'
const MOUNTS: Mount[] = [
  { methods: ['POST'], url: `${V2}/token`, path: PATHS.token },
  { methods: ['POST'], url: '/:tenant/oauth2/token', path: PATHS.token, endpoint: 'version1' },
  { methods: ['POST'], url: '/adfs/oauth2/token', path: PATHS.token, endpoint: 'adfs' },
  { methods: ['GET'], url: '/:tenant/discovery/v2.0/keys', path: PATHS.jwks },
  { methods: ['GET'], url: '/:tenant/v2.0/.well-known/openid-configuration', path: PATHS.discovery },
  { methods: ['GET'], url: `${V2}/authorize`, path: PATHS.authorization, isPage: true },
  { methods: ['GET'], url: `${V2}/authorize/:uid`, path: `${PATHS.authorization}/:uid`, isPage: true },
  { methods: ['GET'], url: `${V2}/logout`, path: PATHS.end_session, isPage: true },
  { methods: ['POST'], url: `${V2}/logout/confirm`, path: `${PATHS.end_session}/confirm`, isPage: true },
  { methods: ['GET'], url: `${V2}/logout/success`, path: `${PATHS.end_session}/success`, isPage: true },
  { methods: ['POST'], url: `${V2}/devicecode`, path: PATHS.device_authorization },
  { methods: ['GET', 'POST'], url: `${V2}/deviceauth`, path: PATHS.code_verification, isPage: true },
  { methods: ['GET'], url: `${V2}/deviceauth/:uid`, path: `${PATHS.code_verification}/:uid`, isPage: true },
  { methods: ['GET', 'POST'], url: '/:tenant/openid/userinfo', path: PATHS.userinfo },
  { methods: ['POST'], url: `${V2}/introspect`, path: PATHS.introspection },
  { methods: ['POST'], url: `${V2}/revoke`, path: PATHS.revocation },
]

/**
 * OAuth 2.0 and OpenID Connect per tenant, below `/{tenant}`, an id or a verified domain: see `MOUNTS`. What people are
 * asked on the way is in `sign-in-routes.tsx`.
 */
export const registerProvider: FastifyPluginAsync<ProviderNeeds & { instances?: Instances }> = async (app, needs) => {
  const instances = needs.instances ?? createInstances(needs)
  const tenantOfClient = createClientTenants(needs.database)
  const ahead = { statements: instances.statements, keys: needs.keys }
  const proof = { database: needs.database, isFederatedProof: createFederatedProof(needs) }

  /** The request as the library can judge it: names shortened, assertions of other issuers judged here. Undefined when
   * it is too large. */
  const readable = async (
    raw: IncomingMessage,
    exchange: Exchange,
    known?: string,
  ): Promise<IncomingMessage | undefined> => {
    if (raw.method !== 'POST') return raw
    const body = known ?? (await readWhole(raw))
    if (body === undefined) return undefined
    if (!/form-urlencoded/i.test(raw.headers['content-type'] ?? '')) return replayed(raw, body)
    const given = new URLSearchParams(body)
    const clientId = clientIdOf(raw, given)
    const plain = plainTokenForm(given, needs.origins(), exchange.endpoint !== undefined)
    exchange.resource = plain.resource
    await readAheadOfExchange(instances, exchange, clientId, plain.form)
    const proved = await withFederatedProof(proof, exchange.tenant.id, plain.form)
    return replayed(raw, (proved ?? plain.form).toString())
  }

  /** Answers with the library, which sees `path` and nothing a client said about host, scheme or format. */
  const answer = (mount: Mount) => async (request: TenantRequest, reply: FastifyReply) => {
    const ids = idsOf(request, needs.clock().getTime())
    reply.header('cache-control', 'no-store')
    if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) {
      return tooLarge(reply, ids)
    }
    const { raw } = request
    const body = mount.endpoint === 'adfs' ? ((await readWhole(raw)) ?? '') : undefined
    const name =
      body === undefined
        ? (request.params.tenant ?? '')
        : await tenantOfClient(clientIdOf(raw, new URLSearchParams(body)))
    const tenant = TENANT_NAME.test(name) ? await needs.tenants.find(name) : undefined
    if (!tenant?.enabled) {
      return reply.code(400).send(unknownTenant(printable(name), ids, needs.clock()))
    }
    const origin = needs.originOf(request)
    const { handle } = await instances.of(tenant.id, origin)
    const exchange: Exchange = {
      now: needs.clock(),
      tenant,
      ...ids,
      origin,
      from: request.ip,
      accounts: new Map(),
    }
    if (mount.endpoint) exchange.endpoint = mount.endpoint
    rewrite(raw, mount.path.replace(':uid', request.params.uid ?? ''), origin, tenant.id, mount.isPage ?? false)
    if (mount.isPage) exchange.browser = readBrowser(request, origin.startsWith('https:'))
    if (mount.path === PATHS.token) exchange.pending = nothingYet(exchange.now)
    if (mount.path === PATHS.authorization) await plainQuery(raw, exchange)
    // A code comes from the device, by the person's hand, and not with a link.
    if (mount.path === PATHS.code_verification) raw.url = mount.path
    const asked = mount.path === PATHS.token ? await readable(raw, exchange, body) : raw
    if (!asked) return tooLarge(reply, ids)
    beginExchange(asked, exchange)
    reply.hijack()
    for (const [header, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(header, value)
    }
    // The library looks into its storage only for client id metadata documents, which we do not offer.
    await quietly(storage, () => handle(asked, reply.raw))
  }

  const tooLarge = (reply: FastifyReply, ids: { traceId: string; correlationId: string }) =>
    reply
      .code(413)
      .header('connection', 'close')
      .send(oauthError('invalid_request', 'The body is larger than 64 kB.', ids, needs.clock()))

  /** Scopes in the names we know them by, and whether a refresh token is wanted. */
  const plainQuery = async (raw: IncomingMessage, exchange: Exchange): Promise<void> => {
    const [path = '', query = ''] = (raw.url ?? '').split('?', 2)
    const params = new URLSearchParams(query)
    await readAheadOfSignIn(ahead, exchange, params.get('client_id'), raw.headers['user-agent'])
    const scope = params.get('scope')
    if (scope === null || params.getAll('scope').length > 1) return
    const requested = scope.includes('.default') ? requestedScopes(exchange.ahead?.party) : []
    const plain = delegatedScopes(scope, needs.origins(), requested)
    exchange.wantsOffline = plain.split(' ').includes('offline_access')
    if (plain === scope) return
    params.set('scope', plain)
    raw.url = `${path}?${params}`
  }

  // The library reads the body itself; nothing may have read it before.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.setErrorHandler((error, request, reply) => {
    const named = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    const status = error instanceof Refusal && error.kind === 'invalid' ? 400 : named
    const ids = idsOf(request, needs.clock().getTime())
    if (status >= 400 && status < 500) {
      return reply.code(400).send(oauthError('invalid_request', 'The request cannot be read.', ids, needs.clock()))
    }
    request.log.error({ err: error }, 'the provider failed')
    return reply.code(503).header('retry-after', '5').send(unavailable(ids, needs.clock()))
  })

  const config = { permission: 'public' } as const
  for (const mount of MOUNTS) {
    const method = mount.isPage ? mount.methods : [...mount.methods, 'OPTIONS' as const]
    app.route<{ Params: Params }>({ method, url: mount.url, config, handler: answer(mount) })
  }
}

/** What `.default` stands for: the delegated permissions of Graph that an application says it needs. */
function requestedScopes(party: RelyingParty | null | undefined): string[] {
  const asked = party?.requested.find(({ resourceAppId }) => resourceAppId === GRAPH_APP_ID)
  const ids = new Set((asked?.resourceAccess ?? []).flatMap(({ id, type }) => (type === 'Scope' ? [id] : [])))
  return permissions.flatMap(({ name, delegated }) => (delegated !== undefined && ids.has(delegated) ? [name] : []))
}

function rewrite(raw: IncomingMessage, path: string, origin: string, tenantId: string, isPage: boolean): void {
  const [scheme = '', host = ''] = origin.split('://', 2)
  const query = raw.url?.indexOf('?') ?? -1
  raw.url = query < 0 ? path : `${path}${raw.url?.slice(query)}`
  // Where the library thinks it is mounted: it leads every URL it builds. It would rather guess from the other one.
  Object.assign(raw, { baseUrl: `/${tenantId}`, originalUrl: undefined })
  for (const name of FORWARDING) delete raw.headers[name]
  raw.headers.host = host
  raw.headers['x-forwarded-host'] = host
  raw.headers['x-forwarded-proto'] = scheme
  raw.headers.accept = isPage ? 'text/html' : 'application/json'
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
