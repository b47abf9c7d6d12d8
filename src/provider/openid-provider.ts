import type { JWK } from 'jose'
import Provider, { type Configuration, errors, type JWKS, type KoaContextWithOIDC } from 'oidc-provider'
import { isSecretOf, renewSecret } from '../applications/index.js'
import { accessTokenClaims } from './access-token-claims.js'
import { accountOf, CLAIMS_BY_SCOPE, claimsOf, pairwiseSubject } from './account.js'
import { createAdapterFactory } from './adapter.js'
import { useBrowserSessions } from './browser-session.js'
import { exchangeOf } from './exchange.js'
import { isProved } from './federated-client.js'
import type { HotStatements } from './hot-statements.js'
import { loadGrant, signInPolicy } from './interaction-policy.js'
import type { ProviderNeeds } from './needs.js'
import { dressError } from './oauth-errors.js'
import { drawDeviceCode, drawDeviceDone, drawDeviceQuestion } from './pages/device-pages.js'
import { drawLoggedOut, drawLogout, drawProblem } from './pages/library-pages.js'
import { resources } from './resources.js'
import {
  ACCESS_TOKEN_SECONDS,
  assertionAudiences,
  CLOCK_LEEWAY_SECONDS,
  CODE_SECONDS,
  DEVICE_SECONDS,
  INTERACTION_SECONDS,
  issuerOf,
  MOST_ASSERTION_SECONDS,
  OIDC_SCOPES,
  REFRESH_TOKEN_SECONDS,
} from './rules.js'
import type { KeyRing } from './signing-keys.js'
import { writeLast } from './written-last.js'

export type OpenidNeeds = Omit<ProviderNeeds, 'originOf' | 'signingKeys' | 'tenants' | 'egress'> & {
  statements: HotStatements
}

/** The paths below `/{tenant}`; the library serves them without it. */
export const PATHS = {
  authorization: '/oauth2/v2.0/authorize',
  token: '/oauth2/v2.0/token',
  jwks: '/discovery/v2.0/keys',
  discovery: '/.well-known/openid-configuration',
  userinfo: '/openid/userinfo',
  introspection: '/oauth2/v2.0/introspect',
  revocation: '/oauth2/v2.0/revoke',
  end_session: '/oauth2/v2.0/logout',
  device_authorization: '/oauth2/v2.0/devicecode',
  code_verification: '/oauth2/v2.0/deviceauth',
} as const

/** `oidc-provider` for one tenant at one origin, with the keys of `ring`. Costs about 38 KiB and 0.7 ms. */
export function createOpenidProvider(needs: OpenidNeeds, tenantId: string, origin: string, ring: KeyRing): Provider {
  const provider = new Provider(issuerOf(origin, tenantId), configuration(needs, tenantId, ring))
  // Host and scheme are overwritten before a request gets here, so these headers are ours.
  provider.proxy = true
  provider.use(async (ctx, next) => {
    await next()
    await keepOrRefuse(needs, ctx)
    dressError(ctx, needs.clock())
    dressAnswer(ctx as KoaContextWithOIDC, needs.clock())
  })
  provider.on('server_error', (ctx, error) => {
    needs.log.error({ err: error, traceId: exchangeOf(ctx.req).traceId }, 'the provider failed')
  })
  provider.onerror = (error) => needs.log.error({ err: error }, 'the provider failed')

  provider.Client.prototype.compareClientSecret = async function compareClientSecret(secretText: string) {
    const { client } = exchangeOf(Provider.ctx?.req)
    if (isProved(secretText)) return client !== undefined
    const isRight = isSecretOf(needs, tenantId, this.clientId, client, secretText)
    if (isRight && client) await renewSecret(needs, tenantId, client, secretText)
    return isRight
  }
  provider.OIDCContext.prototype.clientJwtAuthExpectedAudience = () => {
    const { tenant } = exchangeOf(Provider.ctx?.req)
    return assertionAudiences(needs.origins(), [tenant.id, ...tenant.domains])
  }
  useBrowserSessions(provider, needs)
  return provider
}

function configuration(needs: OpenidNeeds, tenantId: string, ring: KeyRing): Configuration {
  const { discovery: _, ...routes } = PATHS
  return {
    adapter: createAdapterFactory(needs, tenantId),
    jwks: { keys: ring.privateJwks.map((jwk) => ({ ...jwk })) } as JWKS,
    routes,
    scopes: [...OIDC_SCOPES],
    claims: CLAIMS_BY_SCOPE,
    // Entra tells them in the ID token, where applications look for them.
    conformIdTokenClaims: false,
    // `public` for devices only, for the library's sake: theirs differ by application too.
    subjectTypes: ['pairwise', 'public'],
    pairwiseIdentifier: (_ctx, accountId, { clientId }) => pairwiseSubject(tenantId, clientId, accountId),
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256'], idTokenSigningAlgValues: ['RS256'] },
    pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' },
    ttl: {
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      DeviceCode: DEVICE_SECONDS,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: INTERACTION_SECONDS,
      RefreshToken: REFRESH_TOKEN_SECONDS,
      Session: INTERACTION_SECONDS,
      Grant: REFRESH_TOKEN_SECONDS,
    },
    clientBasedCORS: (ctx, origin) => {
      const { party } = exchangeOf(ctx.req)
      return (party?.spa ?? []).some((uri) => URL.canParse(uri) && new URL(uri).origin === origin)
    },
    clockTolerance: CLOCK_LEEWAY_SECONDS,
    cookies: {
      keys: needs.keys.all('provider-cookie').map((key) => key.toString('base64url')),
      names: { session: 'vo', interaction: 'vi', resume: 'vr' },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
      long: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    assertJwtClientAuthClaimsAndHeader: async (_ctx, claims) => {
      if (Number(claims['exp']) > needs.clock().getTime() / 1_000 + MOST_ASSERTION_SECONDS) {
        throw new errors.InvalidClientAuth('the assertion lives longer than a day')
      }
    },
    findAccount: async (ctx, accountId) => {
      const exchange = exchangeOf(ctx.req)
      const account = await accountOf(needs.database, exchange, accountId)
      if (!account) return undefined
      const { client } = ctx.oidc
      const isTold = client?.subjectType === 'public'
      const sub = isTold ? pairwiseSubject(tenantId, client.clientId, accountId) : accountId
      return { accountId, claims: () => ({ sub, ...claimsOf(exchange, account) }) }
    },
    loadExistingGrant: (ctx) => loadGrant(needs, ctx),
    interactions: {
      policy: signInPolicy(),
      url: (_ctx, interaction) => `/signin/app/${interaction.uid}?tenant=${tenantId}`,
    },
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    renderError: (ctx, out) => drawProblem(ctx, out),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: drawLogout, postLogoutSuccessSource: drawLoggedOut },
      deviceFlow: {
        enabled: true,
        charset: 'base-20',
        mask: '****-****',
        userCodeInputSource: drawDeviceCode,
        userCodeConfirmSource: drawDeviceQuestion,
        successSource: drawDeviceDone,
      },
      userinfo: { enabled: true },
      // Each client is told of its own tokens only, once it has proved who it is.
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) =>
          client.clientAuthMethod !== 'none' && token.clientId === client.clientId,
      },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
      resourceIndicators: resources(needs, signingKid(ring.privateJwks[0])),
    },
    formats: {
      customizers: {
        jwt: async (ctx, token, jwt) => {
          jwt.payload = await accessTokenClaims(needs, tenantId, ctx, token, jwt.payload)
        },
      },
    },
  }
}

/** Has what a token request gave and used up written; of two that show one code at once the second is refused here. */
async function keepOrRefuse(
  needs: OpenidNeeds,
  ctx: Pick<KoaContextWithOIDC, 'req' | 'status' | 'body'>,
): Promise<void> {
  const exchange = exchangeOf(ctx.req)
  try {
    if (await writeLast(needs.statements, exchange)) return
    ctx.status = 400
    ctx.body = { error: 'invalid_grant', error_description: 'grant request is invalid' }
  } catch (error) {
    needs.log.error({ err: error, traceId: exchange.traceId }, 'what a token request gave could not be kept')
    ctx.status = 503
    ctx.body = { error: 'server_error' }
  }
}

function signingKid({ kid }: JWK): { kid?: string } {
  return kid === undefined ? {} : { kid }
}

/** Answers of the library as Entra gives them. */
function dressAnswer(ctx: KoaContextWithOIDC, now: Date): void {
  if (ctx.status !== 200 || typeof ctx.body !== 'object' || ctx.body === null) return
  const body = ctx.body as Record<string, unknown>
  switch (ctx.oidc?.route) {
    case 'discovery':
      ctx.body = { ...body, subject_types_supported: ['pairwise'] }
      break
    case 'device_authorization': {
      // A link that fills in the code is what a phisher would send.
      const { verification_uri_complete: _, ...safe } = body
      ctx.body = safe
      break
    }
    case 'token': {
      const { endpoint, resource } = exchangeOf(ctx.req)
      if (endpoint === 'version1') ctx.body = { ...body, ...version1(Number(body['expires_in']), now), resource }
    }
  }
}

/** What Entra's first token endpoint says besides: times as texts. */
function version1(lasts: number, now: Date) {
  const seconds = Math.floor(now.getTime() / 1_000)
  return {
    expires_in: String(lasts),
    ext_expires_in: String(lasts),
    expires_on: String(seconds + lasts),
    not_before: String(seconds),
  }
}
