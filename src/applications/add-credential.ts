import { createPublicKey, type JsonWebKey, randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import { uuidv7 } from '../kernel/ids.js'
import type { Instant } from '../kernel/instant.js'
import type { TenantScope } from '../platform/database.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { MOST_CREDENTIALS } from './rules.js'
import { countCredentials, insertCredential, lockApplication } from './store.js'
import type { Application } from './tables.js'

/** Name and end of a new credential; without `endDateTime` it never ends. */
export type CredentialOptions = {
  displayName?: string | undefined
  /** Now, unless given. */
  startDateTime?: Instant | undefined
  endDateTime?: Instant | undefined
  /** Listed at the service principal instead of the application. */
  isOfPrincipal?: boolean
  /** The id and the text of a secret that a repeated request is told once more (`replayed-secrets.ts`). */
  made?: { keyId: string; secretText: string } | undefined
}

/** A secret in the one answer that holds it (Graph: passwordCredential). */
export type NewSecret = {
  keyId: string
  secretText: string
  hint: string
  displayName: string | null
  startDateTime: Date
  endDateTime: Date
}

const SECRET_BYTES = 32
const HINT_LENGTH = 3
const LEAST_RSA_BITS = 2048

/**
 * Makes a client secret of 256 random bits. `secretText` is told here and never again: only its HMAC is kept, which is
 * enough for a value nobody can guess and costs the token endpoint microseconds.
 * @throws Refusal `applicationNotFound`, `tooManyCredentials`, `endsBeforeItStarts`.
 */
export async function addClientSecret(
  scope: TenantScope,
  applicationId: string,
  options: CredentialOptions,
  needs: Needs,
): Promise<{ keyId: string; secretText: string; hint: string; startDateTime: Instant }> {
  const { application, common } = await prepare(scope, applicationId, options, needs)
  const secretText = options.made?.secretText ?? randomBytes(SECRET_BYTES).toString('base64url')
  const hint = secretText.slice(0, HINT_LENGTH)
  await insertCredential(scope, {
    ...common,
    kind: 'secret',
    secretHmac: secretHmac(needs, scope.tenantId, application.appId, secretText),
    hint,
    publicJwk: null,
  })
  return { keyId: common.keyId, secretText, hint, startDateTime: common.startDateTime }
}

/**
 * Registers a public key for `private_key_jwt` (RFC 7523). An assertion that names a `kid` must name that of the JWK,
 * or the returned `keyId` when the JWK has none.
 * @throws Refusal `applicationNotFound`, `tooManyCredentials`, `endsBeforeItStarts`, `unusableKey`.
 */
export async function addClientKey(
  scope: TenantScope,
  applicationId: string,
  publicJwk: JWK,
  options: CredentialOptions,
  needs: Pick<Needs, 'clock'>,
): Promise<{ keyId: string }> {
  const { common } = await prepare(scope, applicationId, options, needs)
  const usable = publicPart(publicJwk)
  await insertCredential(scope, {
    ...common,
    kind: 'key',
    secretHmac: null,
    hint: null,
    publicJwk: { ...usable, kid: publicJwk.kid ?? common.keyId },
  })
  return { keyId: common.keyId }
}

/**
 * What is kept of a client secret: bound to tenant and client, so that a row copied elsewhere opens nothing; then the
 * mark of the key, by which an operator sees when an earlier one is needed no more.
 */
export function secretHmac(needs: Pick<Needs, 'keys'>, tenantId: string, appId: string, secretText: string): Buffer {
  const { keys } = needs
  return Buffer.concat([keys.mac('client-secret', tenantId, appId, secretText), keys.fingerprint])
}

/** What every key makes of a secret, the one in force first; without marks. */
export function secretHmacs(needs: Pick<Needs, 'keys'>, tenantId: string, appId: string, secretText: string): Buffer[] {
  return needs.keys.macs('client-secret', tenantId, appId, secretText)
}

async function prepare(
  scope: TenantScope,
  applicationId: string,
  options: CredentialOptions,
  needs: Pick<Needs, 'clock'>,
) {
  const now = needs.clock()
  const application = await found(scope, applicationId)
  if ((await countCredentials(scope, applicationId)) >= MOST_CREDENTIALS) {
    throw refusals.tooManyCredentials(MOST_CREDENTIALS)
  }
  const endDateTime = options.endDateTime ?? null
  const startDateTime = options.startDateTime ?? now
  const isTooEarly = endDateTime !== null && (endDateTime <= startDateTime || endDateTime <= now)
  if (isTooEarly) throw refusals.endsBeforeItStarts()
  const common = {
    tenantId: scope.tenantId,
    applicationId,
    keyId: options.made?.keyId ?? uuidv7(now.getTime()),
    displayName: options.displayName ?? null,
    isOfPrincipal: options.isOfPrincipal ?? false,
    startDateTime,
    endDateTime,
    createdDateTime: now,
  }
  return { application, common }
}

async function found(scope: TenantScope, applicationId: string): Promise<Application> {
  const application = await lockApplication(scope, applicationId)
  if (!application) throw refusals.notFound(applicationId)
  return application
}

/** The members that make up the public key and nothing else, whatever the caller sent along. */
export function publicPart(jwk: JWK): JWK {
  let exported: JsonWebKey
  let bits: number
  try {
    const { kty, n, e, crv, x, y } = jwk
    const key = createPublicKey({ key: { kty, n, e, crv, x, y } as JsonWebKey, format: 'jwk' })
    exported = key.export({ format: 'jwk' })
    bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  } catch (cause) {
    throw refusals.unusableKey(cause)
  }
  if (exported.kty === 'EC' && exported.crv === 'P-256') return { kty: 'EC', ...exported } as JWK
  if (exported.kty === 'RSA' && bits >= LEAST_RSA_BITS) return { kty: 'RSA', ...exported } as JWK
  throw refusals.unusableKey()
}
