import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { isGuid } from '../kernel/ids.js'
import type { Instant } from '../kernel/instant.js'
import { refusals } from './errors.js'
import type { AuthenticatorNeeds } from './needs.js'
import { acceptedAudiences, CLOCK_LEEWAY_SECONDS, isInTime, issuerOf } from './rules.js'
import type { KeyRing, SigningKeys } from './signing-keys.js'

/** What a token says, once signature, issuer, audience, kind and times were checked. */
export type VerifiedToken = {
  tenantId: string
  clientId: string
  /** Of the service principal, or of the person. */
  objectId: string
  kind: 'application' | 'user'
  /** `roles` of an application, `scp` of a person's token. */
  permissions: readonly string[]
  iat: number
  nbf: number
  exp: number
  mintedUnder: number | undefined
}

export type VerifyToken = (token: string) => Promise<VerifiedToken>

type Needs = Pick<AuthenticatorNeeds, 'signingKeys' | 'tenants' | 'origins' | 'clock'>
type Remembered = { token: string; verified: VerifiedToken; kid: string }

const MOST_REMEMBERED = 5_000
const MOST_CHARACTERS = 16_384
/** Characters of the signature. */
const TAIL = 43

/**
 * Checks access tokens without a network: RS256 with a key of the tenant the token names, our issuer, our audience.
 * A signature is checked once per token and process; times and key are looked at on every use.
 * Does not check that tenant, client or person may still act.
 */
export function createTokenVerifier(needs: Needs): VerifyToken {
  const remembered = new LRUCache<string, Remembered>({ max: MOST_REMEMBERED })
  return async (token) => {
    // Found by its end, since hashing a whole token for each request costs more than comparing it.
    const end = token.slice(-TAIL)
    const known = remembered.get(end)
    if (known?.token === token) {
      assertInTime(known.verified, needs.clock())
      const { publicKeys } = await needs.signingKeys.of(known.verified.tenantId)
      if (publicKeys.has(known.kid)) return known.verified
      remembered.delete(end)
    }
    const fresh = await verify(needs, token)
    remembered.set(end, fresh)
    return fresh.verified
  }
}

async function verify(needs: Needs, token: string): Promise<Remembered> {
  const { kid, tenantId, issuer } = unverified(token, needs.origins())
  // Asked first: looking for the keys of a tenant makes them, and anybody can send a token that names a tenant.
  if (!(await needs.tenants.find(tenantId))) throw refusals.wrongIssuer()
  const key = (await keyRing(needs.signingKeys, tenantId, kid)).publicKeys.get(kid)
  if (!key) throw refusals.wrongSignature()
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['RS256'],
      typ: 'at+jwt',
      issuer,
      audience: acceptedAudiences(needs.origins()),
      clockTolerance: CLOCK_LEEWAY_SECONDS,
      currentDate: needs.clock(),
      requiredClaims: ['exp', 'nbf', 'iat', 'tid', 'appid', 'oid'],
    })
    return { token, verified: readClaims(payload), kid }
  } catch (error) {
    throw asRefusal(error)
  }
}

/** What the token claims before anything is believed: enough to find the key it must have been signed with. */
function unverified(token: string, origins: readonly string[]): { kid: string; tenantId: string; issuer: string } {
  if (token.length > MOST_CHARACTERS) throw refusals.malformedToken()
  let header: { alg?: string; kid?: string }
  let claims: JWTPayload
  try {
    header = decodeProtectedHeader(token)
    claims = decodeJwt(token)
  } catch (cause) {
    throw refusals.malformedToken(cause)
  }
  const { tid, iss } = claims
  if (header.alg !== 'RS256' || typeof header.kid !== 'string') throw refusals.wrongSignature()
  if (typeof tid !== 'string' || !isGuid(tid)) throw refusals.wrongIssuer()
  if (typeof iss !== 'string' || !origins.some((origin) => iss === issuerOf(origin, tid))) throw refusals.wrongIssuer()
  return { kid: header.kid, tenantId: tid, issuer: iss }
}

async function keyRing(signingKeys: SigningKeys, tenantId: string, kid: string): Promise<KeyRing> {
  const ring = await signingKeys.of(tenantId)
  return ring.publicKeys.has(kid) ? ring : signingKeys.afresh(tenantId)
}

function readClaims(payload: JWTPayload): VerifiedToken {
  const { tid, appid, oid, idtyp, roles, scp, iat, nbf, exp, valid_from: mintedUnder } = payload
  if (!isId(tid) || !isId(appid) || !isId(oid)) throw refusals.notAnAccessToken()
  if (iat === undefined || nbf === undefined || exp === undefined) throw refusals.notAnAccessToken()
  const kind = idtyp === 'app' ? 'application' : 'user'
  const permissions =
    kind === 'application' ? roles : typeof scp === 'string' ? scp.split(' ').filter(Boolean) : undefined
  if (!isStrings(permissions)) throw refusals.notAnAccessToken()
  return {
    tenantId: tid,
    clientId: appid,
    objectId: oid,
    kind,
    permissions,
    iat,
    nbf,
    exp,
    mintedUnder: typeof mintedUnder === 'number' ? mintedUnder : undefined,
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isGuid(value)
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function assertInTime(token: VerifiedToken, now: Instant): void {
  const answer = isInTime(token, now)
  if (answer === 'expired') throw refusals.expired()
  if (answer === 'early') throw refusals.notYetValid()
}

function asRefusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return refusals.expired()
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'aud':
        return refusals.wrongAudience()
      case 'iss':
        return refusals.wrongIssuer()
      case 'nbf':
        return refusals.notYetValid()
      default:
        return refusals.notAnAccessToken()
    }
  }
  return error instanceof errors.JOSEError ? refusals.wrongSignature(error) : error
}
