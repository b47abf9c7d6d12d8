import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import Provider, { type AdapterFactory, type AdapterPayload, type Configuration } from 'oidc-provider'
import type { Test } from 'tap'

/** Claims of somebody who has an account at a home. */
export type Account = { sub: string } & Record<string, unknown>

/** A real OpenID provider on this machine, as a partner, Google or Microsoft would run one. */
export type OidcHome = {
  /** `http://127.0.0.1:port`. */
  origin: string
  issuer: string
  wellKnownEndpoint: string
  /** Who is in front of the browser there; undefined says no to whoever asks. */
  signsInAs: Account | undefined
  /** Changes what an ID token says before it is signed, as an intruder with the home's key, or a wrong clock, would. */
  alter: ((claims: Record<string, unknown>, key: JWK) => Record<string, unknown> | Promise<string>) | undefined
  /** Answers a request instead of the provider, when it returns true. */
  before: ((request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>) | undefined
  /** Requests that came, oldest first: method and path. */
  requests: string[]
  /** The query of the newest authorization request. */
  asked: URLSearchParams | undefined
  /** Signs with another key from now on, and publishes only that one. */
  rotateKeys(): Promise<void>
}

export type HomeOptions = {
  clientId?: string
  clientSecret?: string
  /** Where browsers may be sent back to: a prefix, since the id of a provider is not known before. */
  redirectTo: string
  /** Directories by id, each an issuer of its own with the domains that it has verified (as Microsoft has them). */
  directories?: Record<string, string[]>
}

const SCOPES = ['openid', 'email', 'profile']

/** Starts one. Closed when `t` ends. */
export async function startOidcHome(t: Test, options: HomeOptions): Promise<OidcHome> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const names = Object.keys(options.directories ?? {})
  const paths = names.length > 0 ? names.map((name) => `/${name}/v2.0`) : ['']
  let key = await newKey()
  const home: OidcHome = {
    origin,
    issuer: origin + paths[0],
    wellKnownEndpoint:
      names.length > 0
        ? `${origin}/{tenant}/v2.0/.well-known/openid-configuration`
        : `${origin}/.well-known/openid-configuration`,
    signsInAs: undefined,
    alter: undefined,
    before: undefined,
    requests: [],
    asked: undefined,
    async rotateKeys() {
      key = await newKey()
      open()
    },
  }
  let providers = new Map<string, Provider>()
  const adapters = paths.map(memory)
  const open = () => {
    providers = new Map(
      paths.map((path, index) => [path, providerFor(home, origin + path, options, key, adapters[index] ?? memory())]),
    )
  }
  open()

  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', origin)
    home.requests.push(`${request.method} ${url.pathname}`)
    if (await home.before?.(request, response)) return
    const path = pathFor(url.pathname, paths, options.directories ?? {})
    const provider = path === undefined ? undefined : providers.get(path.mount)
    if (!path || !provider) return response.writeHead(400).end('{"error":"invalid_tenant"}')
    request.url = path.rest + url.search
    Object.assign(request, { baseUrl: path.mount, originalUrl: undefined })
    if (path.rest === '/auth') home.asked = url.searchParams
    if (path.rest.startsWith('/interaction/')) return interact(home, provider, request, response)
    if (path.rest === '/token' && home.alter) alterTokens(response, home.alter, key)
    await provider.callback()(request, response)
  })
  return home
}

function pathFor(pathname: string, paths: string[], directories: Record<string, string[]>) {
  const direct = paths.find((path) => pathname.startsWith(`${path}/`))
  if (direct !== undefined) return { mount: direct, rest: pathname.slice(direct.length) }
  const [, name = '', ...rest] = pathname.split('/')
  const owner = Object.entries(directories).find(([, domains]) => domains.includes(name))?.[0]
  return owner === undefined ? undefined : { mount: `/${owner}/v2.0`, rest: `/${rest.slice(1).join('/')}` }
}

/** What a home remembers, also when it has changed keys. */
function memory(): AdapterFactory {
  const kept = new Map<string, AdapterPayload>()
  const byUid = (uid: string) =>
    [...kept].find(([name, { uid: own }]) => name.startsWith('Session') && own === uid)?.[1]
  return (model) => ({
    upsert: async (id, payload) => void kept.set(`${model} ${id}`, payload),
    find: async (id) => kept.get(`${model} ${id}`),
    findByUserCode: async () => undefined,
    findByUid: async (uid) => byUid(uid),
    async consume(id) {
      const payload = kept.get(`${model} ${id}`)
      if (payload) payload.consumed = Math.floor(Date.now() / 1_000)
    },
    destroy: async (id) => void kept.delete(`${model} ${id}`),
    async revokeByGrantId(grantId) {
      for (const [name, payload] of kept) if (payload.grantId === grantId) kept.delete(name)
    },
  })
}

function providerFor(
  home: OidcHome,
  issuer: string,
  options: HomeOptions,
  key: JWK,
  adapter: AdapterFactory,
): Provider {
  const { clientId = 'vestibule', clientSecret = 'a secret between the two' } = options
  const configuration: Configuration = {
    adapter,
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [options.redirectTo],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [key] } as NonNullable<Configuration['jwks']>,
    cookies: { keys: ['for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified', 'hd', 'xms_edov'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    interactions: { url: (_ctx, { uid }) => `${new URL(issuer).pathname.replace(/\/$/, '')}/interaction/${uid}` },
    features: { devInteractions: { enabled: false } },
    // Who is known to a real one by a session is, here, whoever the test puts in front of it.
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => (home.signsInAs?.sub === sub ? home.signsInAs : { sub }),
    }),
    async loadExistingGrant(ctx) {
      const { client, session, provider } = ctx.oidc
      if (!client || !session?.accountId) return undefined
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope(SCOPES.join(' '))
      await grant.save()
      return grant
    },
  }
  const provider = new Provider(issuer, configuration)
  provider.Client.prototype.redirectUriAllowed = (uri: string) => uri.startsWith(options.redirectTo)
  return provider
}

async function interact(home: OidcHome, provider: Provider, request: IncomingMessage, response: ServerResponse) {
  const { signsInAs } = home
  const result = signsInAs
    ? { login: { accountId: signsInAs.sub, remember: false } }
    : { error: 'access_denied', error_description: 'the person said no' }
  await provider.interactionFinished(request, response, result)
}

/** Signs the ID token of a token response anew, with what `alter` makes of its claims, or puts its own in the place. */
function alterTokens(response: ServerResponse, alter: NonNullable<OidcHome['alter']>, key: JWK): void {
  const end = response.end.bind(response)
  response.end = ((chunk: unknown) => {
    const body = JSON.parse(String(chunk))
    if (typeof body.id_token !== 'string') return end(chunk)
    const altered = alter(decodeJwt(body.id_token), key)
    const signed = altered instanceof Promise ? altered : sign(altered, key)
    signed.then(
      (token) => {
        const text = JSON.stringify({ ...body, id_token: token })
        response.setHeader('content-length', Buffer.byteLength(text))
        end(text)
      },
      (error: Error) => response.destroy(error),
    )
    return response
  }) as typeof response.end
}

async function sign(claims: Record<string, unknown>, key: JWK): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: key.kid ?? '' })
    .sign(await importJWK(key, 'RS256'))
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: crypto.randomUUID(), alg: 'RS256', use: 'sig' }
}
