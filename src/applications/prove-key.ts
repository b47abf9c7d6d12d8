import { errors, type JWK, jwtVerify } from 'jose'
import type { TenantScope } from '../platform/database.js'
import { refusals } from './errors.js'
import { isLive } from './rules.js'
import { readCredentials } from './store.js'

/** Graph: whom a proof is for, Azure AD Graph's id to this day. */
const AUDIENCE = '00000002-0000-0000-c000-000000000000'
/** Graph: a proof is good for ten minutes. */
const LONGEST_SECONDS = 600
/** What clocks of clients may be off by. */
const LENIENCE_SECONDS = 60

/**
 * Whoever rolls keys shows that they have one of those that are good now (Graph: proof of application-addKey): a JWT
 * signed with it, whose issuer is the object itself.
 * @throws Refusal: Graph's 401 for a proof that is none.
 */
export async function mustProveKey(
  scope: TenantScope,
  holder: { id: string; applicationId: string; isOfPrincipal: boolean },
  proof: string,
  now: Date,
): Promise<void> {
  const which = { kind: 'key', isOfPrincipal: holder.isOfPrincipal } as const
  const known = await readCredentials(scope, [holder.applicationId], which)
  for (const { publicJwk, startDateTime, endDateTime } of known) {
    const period = { start: startDateTime.getTime(), end: endDateTime?.getTime() ?? null }
    if (publicJwk && isLive(period, now) && (await isSignedBy(publicJwk, holder.id, proof, now))) return
  }
  throw refusals.proofInvalid()
}

async function isSignedBy(publicJwk: JWK, issuer: string, proof: string, now: Date): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(proof, publicJwk, {
      algorithms: publicJwk.kty === 'EC' ? ['ES256'] : ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
      audience: AUDIENCE,
      issuer,
      requiredClaims: ['nbf', 'exp'],
      clockTolerance: LENIENCE_SECONDS,
      currentDate: now,
    })
    const { nbf = 0, exp = 0 } = payload
    return exp > nbf && exp - nbf <= LONGEST_SECONDS
  } catch (error) {
    if (error instanceof errors.JOSEError) return false
    throw error
  }
}
