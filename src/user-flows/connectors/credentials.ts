import { LRUCache } from 'lru-cache'
import * as client from 'openid-client'
import type { Instant } from '../../kernel/instant.js'
import type { Keys } from '../../platform/crypto.js'
import { type ClientIdentity, type Egress, EgressFailed, EgressRefused } from '../../platform/egress/egress.js'
import { guardedFetch } from '../../platform/egress/guarded-fetch.js'
import { readSecret, signatureHeaders } from '../../platform/webhook-signature.js'
import type { CallableConnector } from './call-store.js'
import { type Authentication, activeCertificate } from './rules.js'
import { type KeptPkcs12, openFor } from './secrets.js'
import { storable } from './wire.js'

/** There is nothing to prove ourselves with. The message is for the administrator. `isDown`: another time there may be. */
export class NoCredentials extends Error {
  override readonly name = 'NoCredentials'
  readonly isDown: boolean

  constructor(message: string, isDown = false) {
    super(message)
    this.isDown = isDown
  }
}

/** What says who calls: headers, or the certificate of the connection. */
export type Proof = { headers: Record<string, string>; identity?: ClientIdentity }

export type Credentials = {
  /** Proves us for one request. `id` stays the same when the request is repeated. @throws NoCredentials */
  proofOf(connector: CallableConnector, request: { id: string; body: string; now: Instant }): Promise<Proof>
  /** The connector did not accept the proof: what was fetched for it is fetched anew next time. */
  forget(connector: CallableConnector): void
}

/** Milliseconds and bytes of a token request. */
const TOKEN_LIMITS = { timeoutMs: 10_000, maxBytes: 65_536 }
/** Milliseconds by which a token is renewed before it ends. */
const EARLY_MS = 60_000
const LONGEST_MS = 3_600_000

/** Opens what proves us to connectors. Opened certificates and fetched tokens are kept in the process. */
export function createCredentials({ egress, keys }: { egress: Egress; keys: Keys }): Credentials {
  const identities = new LRUCache<string, ClientIdentity>({ max: 200 })
  const tokens = new LRUCache<string, Promise<string>>({ max: 1_000 })
  const fetch = guardedFetch(egress, TOKEN_LIMITS)

  const identityOf = (connector: CallableConnector, now: Instant): ClientIdentity => {
    const active = activeCertificate(connector.certificates, now)
    if (!active) throw new NoCredentials('None of its client certificates is valid now. Upload another one.')
    const known = identities.get(active.id)
    if (known) return known
    const { pfx, passphrase } = opened<KeptPkcs12>(keys, connector.id, active.pkcs12Sealed)
    const identity = { pfx: Buffer.from(pfx, 'base64'), passphrase }
    identities.set(active.id, identity)
    return identity
  }

  const tokenOf = (connector: CallableConnector, authentication: OAuth, secret: string): Promise<string> => {
    const name = tokenName(connector)
    const known = tokens.get(name)
    if (known) return known
    // Entered before it has come: calls that begin meanwhile wait for the same token.
    const coming = fetchToken(fetch, authentication, secret).then(({ token, ttl }) => {
      if (tokens.peek(name) === coming) tokens.set(name, coming, { ttl })
      return token
    })
    tokens.set(name, coming)
    coming.catch(() => tokens.delete(name))
    return coming
  }

  return {
    async proofOf(connector, { id, body, now }) {
      const { authentication } = connector
      if (authentication.kind === 'certificate') return { headers: {}, identity: identityOf(connector, now) }
      if (!connector.secretSealed) throw new NoCredentials('It has no secret. Set authenticationConfiguration.')
      const secret = opened<string>(keys, connector.id, connector.secretSealed)
      switch (authentication.kind) {
        case 'basic':
          return bearing(`Basic ${Buffer.from(`${authentication.username}:${secret}`).toString('base64')}`)
        case 'bearer':
          return bearing(`Bearer ${secret}`)
        case 'oauth':
          return bearing(`Bearer ${await tokenOf(connector, authentication, secret)}`)
        case 'signature':
          return { headers: signatureHeaders([readSecret(secret) ?? Buffer.alloc(0)], id, now, body) }
      }
    },
    forget: (connector) => void tokens.delete(tokenName(connector)),
  }
}

function opened<Secret>(keys: Keys, connectorId: string, sealed: Buffer): Secret {
  try {
    return openFor<Secret>(keys, connectorId, sealed)
  } catch {
    throw new NoCredentials(
      'Its secret cannot be opened, as after a change of VESTIBULE_SECRET. Set authenticationConfiguration again.',
    )
  }
}

/** Another secret, client or endpoint is another token. */
function tokenName({ id, authentication, secretSealed }: CallableConnector): string {
  return `${id} ${JSON.stringify(authentication)} ${secretSealed?.toString('base64')}`
}

function bearing(authorization: string): Proof {
  return { headers: { authorization } }
}

type OAuth = Extract<Authentication, { kind: 'oauth' }>

/** Asks for a token by client credentials (RFC 6749 section 4.4). `ttl` is in milliseconds. @throws NoCredentials */
async function fetchToken(
  fetch: ReturnType<typeof guardedFetch>,
  { tokenEndpoint, clientId, scope }: OAuth,
  secret: string,
): Promise<{ token: string; ttl: number }> {
  const server = { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint }
  const configuration = new client.Configuration(server, clientId, undefined, client.ClientSecretBasic(secret))
  configuration[client.customFetch] = fetch
  // The guard decides which hosts may be called without TLS.
  client.allowInsecureRequests(configuration)
  try {
    const parameters = scope === null ? undefined : { scope }
    const { access_token, expires_in = 300 } = await client.clientCredentialsGrant(configuration, parameters)
    const ttl = Math.min(LONGEST_MS, Math.max(1, expires_in * 1_000 - EARLY_MS))
    return { token: access_token, ttl }
  } catch (error) {
    throw tokenTrouble(error)
  }
}

function tokenTrouble(error: unknown): NoCredentials {
  if (error instanceof client.ResponseBodyError) {
    return new NoCredentials(
      `The token endpoint answered ${error.status} ${storable(error.error).slice(0, 60)}. Check clientId, clientSecret and scope.`,
      error.status >= 500,
    )
  }
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof EgressFailed) return new NoCredentials(`The token endpoint: ${cause.message}`, true)
    if (cause instanceof EgressRefused) return new NoCredentials(`tokenEndpoint: ${cause.message}`)
    if (cause.cause instanceof Response) {
      const { status } = cause.cause
      return new NoCredentials(
        `The token endpoint answered ${status}. Check tokenEndpoint and clientSecret.`,
        status >= 500,
      )
    }
  }
  return new NoCredentials('The token endpoint did not answer with a token.')
}
