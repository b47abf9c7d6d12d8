import { createLocalJWKSet, decodeJwt, errors, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Instant } from '../../kernel/instant.js'
import type { Database } from '../../platform/database.js'
import { type Egress, EgressFailed, EgressRefused } from '../../platform/egress/egress.js'
import type { Client } from '../store.js'
import { listFederated } from './store.js'

type Needs = { database: Database; egress: Egress; clock: () => Instant }

/** Whether a token of another issuer proves a client. */
export type FederatedProof = (tenantId: string, client: Client, assertion: string) => Promise<boolean>

const MOST_ISSUERS = 500
const KEYS_MS = 10 * 60_000
/** How often keys are fetched anew for a key that is not among them. */
const AGAIN_MS = 30_000
const TIMEOUT_MS = 5_000
const MOST_BYTES = 128 * 1_024
const LEEWAY_SECONDS = 30
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384']

type Keys = { keys: ReturnType<typeof createLocalJWKSet>; fetchedAt: number }

/**
 * Opens the check of federated identity credentials: issuer, subject and audience are compared as they are written
 * (no case, no slash, no wildcard), the signature by the keys that the issuer publishes, fetched through the egress
 * guard and remembered for ten minutes. A token without an end is refused.
 */
export function createFederatedProof({ database, egress, clock }: Needs): FederatedProof {
  const known = new LRUCache<string, Keys>({ max: MOST_ISSUERS })
  const fetching = new Map<string, Promise<Keys>>()

  const fetchKeys = (issuer: string): Promise<Keys> => {
    const current = fetching.get(issuer)
    if (current) return current
    const work = readKeys(egress, issuer)
      .then((keys) => {
        const fetched = { keys, fetchedAt: Date.now() }
        known.set(issuer, fetched)
        return fetched
      })
      .finally(() => fetching.delete(issuer))
    fetching.set(issuer, work)
    return work
  }
  const keysOf = async (issuer: string, isMissing: boolean): Promise<Keys> => {
    const found = known.get(issuer)
    const mayBeKept = found && Date.now() - found.fetchedAt < (isMissing ? AGAIN_MS : KEYS_MS)
    return mayBeKept ? found : fetchKeys(issuer)
  }
  const verify = async (
    assertion: string,
    { issuer, subject, audiences }: Trust,
    isMissing = false,
  ): Promise<boolean> => {
    const { keys } = await keysOf(issuer, isMissing)
    try {
      await jwtVerify(assertion, keys, {
        algorithms: ALGORITHMS,
        issuer,
        subject,
        audience: [...audiences],
        clockTolerance: LEEWAY_SECONDS,
        currentDate: clock(),
        requiredClaims: ['iss', 'sub', 'aud', 'exp'],
      })
      return true
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey && !isMissing) {
        return verify(assertion, { issuer, subject, audiences }, true)
      }
      if (error instanceof errors.JOSEError) return false
      throw error
    }
  }

  return async (tenantId, client, assertion) => {
    const claims = readClaims(assertion)
    if (!claims) return false
    const trusted = await database.withTenant(tenantId, (scope) => listFederated(scope, client.applicationId))
    const fitting = trusted.find(({ issuer, subject }) => issuer === claims.iss && subject === claims.sub)
    if (!fitting) return false
    try {
      return await verify(assertion, fitting)
    } catch (error) {
      // Not reachable, or not to be called: nothing is proved, and another time it may be.
      if (error instanceof EgressFailed || error instanceof EgressRefused) return false
      throw error
    }
  }
}

type Trust = { issuer: string; subject: string; audiences: readonly string[] }

function readClaims(assertion: string): { iss: string; sub: string } | undefined {
  try {
    const { iss, sub } = decodeJwt(assertion)
    return iss !== undefined && sub !== undefined ? { iss, sub } : undefined
  } catch {
    return undefined
  }
}

/** The keys an issuer publishes, as its discovery document says (OpenID Connect Discovery section 4). */
async function readKeys(egress: Egress, issuer: string): Promise<Keys['keys']> {
  const document = await readJson(egress, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  // Section 4.3: a document that names another issuer is another's.
  if (document['issuer'] !== issuer) throw new EgressFailed('The discovery document names another issuer.')
  const { jwks_uri: address } = document
  if (typeof address !== 'string') throw new EgressFailed('The discovery document names no keys.')
  const jwks = await readJson(egress, address)
  if (!Array.isArray(jwks['keys'])) throw new EgressFailed('The keys cannot be read.')
  try {
    return createLocalJWKSet({ keys: jwks['keys'] })
  } catch (cause) {
    throw new EgressFailed('The keys cannot be read.', false, cause)
  }
}

async function readJson(egress: Egress, url: string): Promise<Record<string, unknown>> {
  const request = { headers: { accept: 'application/json' }, timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES }
  const { status, body } = await egress.get(url, request)
  if (status !== 200) throw new EgressFailed(`The issuer answered ${status}.`)
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed }
  } catch {
    // Told below.
  }
  throw new EgressFailed('The issuer did not answer with a JSON object.')
}
