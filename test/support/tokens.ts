import { importJWK, type JWK, SignJWT } from 'jose'
import type { SigningKeys } from '../../src/provider/index.js'

export type TestToken = {
  tenantId: string
  /** `client_id` of the application the token was issued to. */
  clientId: string
  /** The signed-in person. */
  userId: string
  /** Delegated permissions: the `scp` claim. */
  scopes: readonly string[]
  /** Defaults: issued now, for 30 minutes, for Graph. */
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
}

/**
 * A delegated token as the service will issue it when people sign in to apps, signed with the tenant's real key.
 * `claims` and `header` replace what it would have; a claim set to undefined is left out.
 */
export async function signTestToken(signingKeys: SigningKeys, origin: string, token: TestToken): Promise<string> {
  const jwk = (await signingKeys.of(token.tenantId)).privateJwks[0]
  const now = Math.floor(Date.now() / 1_000)
  const claims = {
    iss: `${origin}/${token.tenantId}/v2.0`,
    aud: 'https://graph.microsoft.com',
    iat: now,
    nbf: now,
    exp: now + 1_800,
    tid: token.tenantId,
    appid: token.clientId,
    azp: token.clientId,
    oid: token.userId,
    sub: token.userId,
    scp: token.scopes.join(' '),
    ver: '2.0',
    ...token.claims,
  }
  return signWith(jwk, claims, { kid: jwk.kid, ...token.header })
}

/** A JWT of exactly these claims, signed with RS256. */
export async function signWith(
  jwk: JWK,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
): Promise<string> {
  const key = await importJWK(jwk, 'RS256')
  return new SignJWT(JSON.parse(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...header })
    .sign(key)
}
