import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import Provider from 'oidc-provider'
import { CALLBACK } from './relying-party.js'

export type BareOrder = { port: number; clientId: string; clientSecret: string; people: number }
/** A cookie for each browser that somebody is signed in with. */
export type BareStarted = { cookies: string[] }

const GRAPH = 'https://graph.microsoft.com'
const SECONDS = 1_800
const SCOPES = ['openid', 'profile', 'email', 'offline_access']

/**
 * `oidc-provider` as its authors ship it, with the adapter that keeps everything in memory: the same client, the same
 * claims, the same algorithms and lifetimes as ours, and nothing else.
 */
async function start(order: BareOrder): Promise<BareStarted> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }
  const tenantId = randomUUID()
  const sameClaims = (sub: string) => ({
    sub,
    oid: sub,
    tid: tenantId,
    ver: '2.0',
    acct: 1,
    idp: 'mail',
    name: 'Guest 1',
    preferred_username: `${sub}@home.example`,
    upn: `${sub}_home.example#EXT#@contoso.example`,
    email: `${sub}@home.example`,
    email_verified: true,
  })
  const provider = new Provider(`http://localhost:${order.port}`, {
    clients: [
      {
        client_id: order.clientId,
        client_secret: order.clientSecret,
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
        subject_type: 'pairwise',
      },
    ],
    jwks: { keys: [jwk as never] },
    scopes: SCOPES,
    claims: {
      openid: ['sub', 'oid', 'tid', 'ver', 'acct', 'idp', 'amr'],
      profile: ['name', 'preferred_username', 'upn'],
      email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: false,
    subjectTypes: ['pairwise', 'public'],
    pairwiseIdentifier: (_ctx, accountId, client) =>
      createHash('sha256').update(`${client.clientId} ${accountId}`).digest('base64url'),
    responseTypes: ['code'],
    ttl: { AccessToken: SECONDS, IdToken: SECONDS, ClientCredentials: SECONDS, AuthorizationCode: 60 },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => sameClaims(accountId) }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx) => (ctx.oidc.params?.['grant_type'] === 'client_credentials' ? GRAPH : []),
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience: GRAPH,
          scope: `${GRAPH}/.default`,
          accessTokenFormat: 'jwt',
          accessTokenTTL: SECONDS,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt: (_ctx, _token, jwt) => {
          const { sub: _, scope: __, client_id: ___, ...minted } = jwt.payload as Record<string, unknown>
          const names = {
            nbf: minted['iat'],
            uti: minted['jti'],
            tid: tenantId,
            appid: order.clientId,
            azp: order.clientId,
          }
          const roles = ['User.Invite.All', 'User.Read.All']
          Object.assign(jwt, {
            payload: { ...minted, ...names, ver: '2.0', oid: tenantId, sub: tenantId, idtyp: 'app', roles },
          })
        },
      },
    },
  })
  const cookies: string[] = []
  for (let number = 0; number < order.people; number++) cookies.push(await signIn(provider, order.clientId))
  const server = createServer(provider.callback())
  await new Promise<void>((resolve) => server.listen(order.port, '127.0.0.1', resolve))
  return { cookies }
}

/** A session of somebody who has agreed to everything, as the library's own pages would have left it. */
async function signIn(provider: Provider, clientId: string): Promise<string> {
  const accountId = randomUUID()
  const grant = new provider.Grant({ accountId, clientId })
  grant.addOIDCScope(SCOPES.join(' '))
  const session = new provider.Session()
  session.loginAccount({ accountId, amr: ['otp'] })
  session.ensureClientContainer(clientId)
  session.grantIdFor(clientId, await grant.save())
  await session.save(86_400)
  return `_session=${session.jti}`
}

process.once('message', (order: BareOrder) => {
  start(order).then(
    (started) => process.send?.(started),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
