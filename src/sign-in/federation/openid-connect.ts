import { LRUCache } from 'lru-cache'
import * as client from 'openid-client'
import type { Check } from '../../kernel/decision.js'
import type { Keys } from '../../platform/crypto.js'
import { type Egress, EgressFailed, EgressRefused } from '../../platform/egress/egress.js'
import { type GuardedFetch, guardedFetch } from '../../platform/egress/guarded-fetch.js'
import { identityOf, vouchedAddress } from '../authority/rules.js'
import type { Provider } from '../identity-providers/store.js'
import type { Assertion, FlowSecrets, Trouble } from './flow.js'

/** Bytes of a metadata document, a key set or a token response. */
const MOST_BYTES = 262_144
/** A guest waits for each call; a home that takes longer counts as down. */
const TIMEOUT_MS = 8_000
/** How long a home's metadata is believed. Its keys are read for each sign-in, so a rotation is never missed. */
const METADATA_MS = 10 * 60_000
/** Seconds that a home's clock may be off. */
const CLOCK_TOLERANCE = 120

/** A home said something that leads nowhere. The message is for the log. */
export class HomeTrouble extends Error {
  override readonly name = 'HomeTrouble'
  readonly trouble: Trouble

  constructor(trouble: Trouble, message: string, cause?: unknown) {
    super(message, { cause })
    this.trouble = trouble
  }
}

/** The metadata that a flow relies on: where it was read, and whose it must be. */
export type Authority = { metadataUrl: string; issuer: string }

export type OpenIdConnect = {
  /** Which authority of a provider answers for a domain. @throws HomeTrouble */
  authorityOf(provider: Provider, domain: string | undefined): Promise<Authority>
  /** Whether it is one that the provider has now: whoever changed it since trusts the former no longer. */
  isOf(provider: Provider, authority: Authority): boolean
  /** Where the browser goes. @throws HomeTrouble */
  authorizationUrl(
    provider: Provider,
    authority: Authority,
    flow: { state: string; secrets: FlowSecrets; redirectUri: string; loginHint?: string; chooseAccount: boolean },
  ): Promise<string>
  /** What can be tried without a person: metadata, issuer, keys, client. */
  probe(provider: Provider): Promise<Check[]>
  /** Exchanges the code and reads the ID token, every check of the protocol included. @throws HomeTrouble */
  finish(
    provider: Provider,
    authority: Authority,
    flow: { currentUrl: URL; state: string; secrets: FlowSecrets },
  ): Promise<{ assertion: Assertion; claims: Record<string, unknown> }>
}

type Needs = { egress: Egress; keys: Keys }

/** Sign-in by OpenID Connect: `openid-client` carries the protocol, the egress guard every call of it. */
export function createOpenIdConnect({ egress, keys }: Needs): OpenIdConnect {
  const fetch = guardedFetch(egress, { timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES })
  const known = new LRUCache<string, client.ServerMetadata>({ max: 1_000, ttl: METADATA_MS })

  const metadataAt = async (url: string): Promise<client.ServerMetadata> => {
    const remembered = known.get(url)
    if (remembered) return remembered
    const found = await client.discovery(new URL(url), 'metadata', undefined, undefined, {
      [client.customFetch]: fetch,
      // The guard decides which hosts may be called without TLS: those that the operator has exempted.
      execute: [client.allowInsecureRequests],
      timeout: TIMEOUT_MS / 1_000,
    })
    const metadata = found.serverMetadata()
    known.set(url, metadata)
    return metadata
  }

  const configuration = async (provider: Provider, { metadataUrl, issuer }: Authority) => {
    const metadata = await metadataAt(metadataUrl)
    if (metadata.issuer !== issuer) {
      throw new HomeTrouble('misconfigured', `the metadata is of ${metadata.issuer}, not of ${issuer}`)
    }
    if (provider.clientId === null || provider.clientSecretSealed === null) {
      throw new HomeTrouble('misconfigured', 'the provider has no client')
    }
    const secret = openSecret(keys, provider.clientSecretSealed)
    const methods = metadata.token_endpoint_auth_methods_supported
    const authentication = methods?.includes('client_secret_post')
      ? client.ClientSecretPost(secret)
      : client.ClientSecretBasic(secret)
    const own = { [client.clockTolerance]: CLOCK_TOLERANCE }
    const made = new client.Configuration(metadata, provider.clientId, own, authentication)
    made[client.customFetch] = fetch
    made.timeout = TIMEOUT_MS / 1_000
    client.allowInsecureRequests(made)
    // The signature counts although the token comes from the token endpoint: one more thing an intruder must have.
    client.enableNonRepudiationChecks(made)
    return made
  }

  return {
    authorityOf: (provider, domain) => told(() => authorityOf(provider, domain, metadataAt)),
    isOf: ({ kind, issuer, wellKnownEndpoint }, authority) => {
      if (kind !== 'microsoft') return authority.issuer === issuer && authority.metadataUrl === wellKnownEndpoint
      // The directory in its place is told by the address, or asked for by nobody.
      const [before, after] = wellKnownEndpoint?.split('{tenant}') ?? []
      const { metadataUrl } = authority
      return before !== undefined && metadataUrl.startsWith(before) && metadataUrl.endsWith(after ?? '')
    },
    authorizationUrl: (provider, authority, flow) =>
      told(async () => {
        const { state, secrets, redirectUri, loginHint, chooseAccount } = flow
        const made = await configuration(provider, authority)
        const parameters = {
          redirect_uri: redirectUri,
          scope: provider.scope ?? 'openid',
          state,
          nonce: secrets.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(secrets.verifier),
          code_challenge_method: 'S256',
          ...(answersByPost(provider, made.serverMetadata()) && { response_mode: 'form_post' }),
          ...(loginHint !== undefined && { login_hint: loginHint }),
          ...(chooseAccount && { prompt: otherAccountPrompt(provider, made.serverMetadata()) }),
        }
        return client.buildAuthorizationUrl(made, parameters).href
      }),
    async probe(provider) {
      const checks: Check[] = []
      const attempt = async <T>(name: string, work: () => Promise<[message: string, result: T]>) => {
        try {
          const [message, result] = await told(work)
          checks.push({ name, outcome: 'passed', message })
          return result
        } catch (error) {
          checks.push({ name, outcome: 'failed', message: error instanceof Error ? error.message : String(error) })
          return undefined
        }
      }
      const made = await attempt('metadata', async () => {
        known.clear()
        const authority = await authorityOf(provider, undefined, metadataAt)
        const configured = await configuration(provider, authority)
        return [`The metadata of ${authority.issuer} can be read.`, configured]
      })
      if (!made) return checks
      await attempt('keys', async () => [`${await countKeys(fetch, made)} keys are published.`, undefined])
      await attempt('client', async () => [await tryClient(made), undefined])
      return checks
    },
    finish: (provider, authority, { currentUrl, state, secrets }) =>
      told(async () => {
        const tokens = await client.authorizationCodeGrant(await configuration(provider, authority), currentUrl, {
          expectedState: state,
          expectedNonce: secrets.nonce,
          pkceCodeVerifier: secrets.verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (!claims) throw new HomeTrouble('refused', 'the answer holds no ID token')
        return { claims, assertion: assertionOf(provider, claims) }
      }),
  }
}

function openSecret(keys: Keys, sealed: Buffer): string {
  try {
    return keys.open('identity-provider', sealed).toString()
  } catch (error) {
    const message = 'No configured VESTIBULE_SECRET opens the client secret that is kept. Give the client secret again.'
    throw new HomeTrouble('misconfigured', message, error)
  }
}

async function countKeys(fetch: GuardedFetch, made: client.Configuration): Promise<number> {
  const answer = await fetch(made.serverMetadata().jwks_uri ?? '')
  const body: unknown = answer.ok ? await answer.json() : undefined
  const keys = typeof body === 'object' && body !== null && 'keys' in body ? body.keys : undefined
  if (!Array.isArray(keys) || keys.length === 0) throw new HomeTrouble('misconfigured', 'No key is published.')
  return keys.length
}

/** A grant that nobody holds: the home refuses it, and says first whether it knows the client. */
async function tryClient(made: client.Configuration): Promise<string> {
  try {
    await client.refreshTokenGrant(made, 'a connection test')
  } catch (error) {
    const isClient = error instanceof client.ResponseBodyError && error.error !== 'invalid_client'
    if (!isClient) throw error
  }
  return 'The client is known, and its secret is right.'
}

/**
 * Microsoft is one issuer a directory. The domain of the invited address says which; who belongs to none has a personal
 * account. Everybody else has one authority.
 */
async function authorityOf(
  { kind, issuer, wellKnownEndpoint }: Provider,
  domain: string | undefined,
  metadataAt: (url: string) => Promise<client.ServerMetadata>,
): Promise<Authority> {
  if (wellKnownEndpoint === null) throw new HomeTrouble('misconfigured', 'the provider has no metadata')
  if (kind !== 'microsoft') {
    if (issuer === null) throw new HomeTrouble('misconfigured', 'the provider has no issuer')
    return { metadataUrl: wellKnownEndpoint, issuer }
  }
  const at = async (directory: string): Promise<Authority> => {
    const metadataUrl = wellKnownEndpoint.replace('{tenant}', encodeURIComponent(directory))
    return { metadataUrl, issuer: (await metadataAt(metadataUrl)).issuer }
  }
  if (domain === undefined) return at('consumers')
  return at(domain).catch((error: unknown) => {
    if (troubleOf(error) === 'unreachable') throw error
    return at('consumers')
  })
}

const APPLE = 'https://appleid.apple.com'

/**
 * Whether a home answers by a form that the browser posts and in no other way (OAuth 2.0 Form Post Response Mode): it says
 * so, or is Apple, which does so as soon as it is asked for a name or an address.
 */
function answersByPost(
  { scope }: Provider,
  { issuer, response_modes_supported: modes }: client.ServerMetadata,
): boolean {
  if (!Array.isArray(modes) || !modes.includes('form_post')) return false
  return !modes.includes('query') || (issuer === APPLE && /\b(?:email|name)\b/.test(scope ?? ''))
}

/** Asks a home which account it shall be. A prompt that it does not know would be an error there. */
function otherAccountPrompt({ kind }: Provider, { prompt_values_supported: known }: client.ServerMetadata): string {
  if (Array.isArray(known)) return known.includes('select_account') ? 'select_account' : 'login'
  return kind === 'oidc' ? 'login' : 'select_account'
}

function assertionOf(provider: Provider, claims: client.IDToken): Assertion {
  const email = claims[provider.emailClaim ?? 'email']
  const told = {
    email,
    email_verified: claims[provider.emailVerifiedClaim ?? 'email_verified'],
    hd: claims['hd'],
    xms_edov: claims['xms_edov'],
  }
  const vouched = vouchedAddress(provider, told)
  const { name, amr, acr } = claims
  return {
    told: claims,
    ...identityOf(provider.kind, claims.iss, claims.sub),
    ...(vouched && { vouchedAddress: vouched }),
    ...(typeof email === 'string' && { toldAddress: email.slice(0, 320) }),
    ...(typeof name === 'string' && { name: name.slice(0, 256) }),
    ...(Array.isArray(amr) && { methods: amr.filter((one) => typeof one === 'string').slice(0, 16) }),
    ...(typeof acr === 'string' && { context: acr.slice(0, 256) }),
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HomeTrouble) throw error
    throw new HomeTrouble(troubleOf(error), error instanceof Error ? error.message : String(error), error)
  }
}

/** Errors of the authorization response (RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6). */
const SAYS_NO = [
  'access_denied',
  'login_required',
  'consent_required',
  'interaction_required',
  'account_selection_required',
]
const DOWN = ['temporarily_unavailable', 'server_error']
const TIMES = ['OAUTH_JWT_TIMESTAMP_CHECK_FAILED']

/** Which page tells of an error. */
function troubleOf(error: unknown): Trouble {
  if (error instanceof client.AuthorizationResponseError) {
    if (SAYS_NO.includes(error.error)) return 'cancelled'
    return DOWN.includes(error.error) ? 'unreachable' : 'misconfigured'
  }
  if (error instanceof client.ResponseBodyError) {
    if (error.status >= 500) return 'unreachable'
    // A code that the home takes for used or foreign; everything else is said of the client.
    return error.error === 'invalid_grant' ? 'refused' : 'misconfigured'
  }
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof EgressFailed) return 'unreachable'
    if (cause instanceof EgressRefused) return 'misconfigured'
    const code = 'code' in cause ? String(cause.code) : ''
    if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT') return 'unreachable'
    if (TIMES.some((one) => code.startsWith(one))) return 'clock'
    if (cause.cause instanceof Response) return cause.cause.status >= 500 ? 'unreachable' : 'misconfigured'
  }
  return 'refused'
}
