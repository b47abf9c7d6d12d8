import type { KoaContextWithOIDC } from 'oidc-provider'
import { accountOf, pairwiseSubject } from './account.js'
import { exchangeOf } from './exchange.js'
import type { ProviderNeeds } from './needs.js'

/**
 * Claims of an access token for Graph, by the names Entra gives them. `valid_from` is ours: the client's
 * `tokensValidFrom` this token was minted under.
 */
export async function accessTokenClaims(
  needs: Pick<ProviderNeeds, 'database'>,
  tenantId: string,
  ctx: KoaContextWithOIDC | undefined,
  token: object,
  minted: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const exchange = exchangeOf(ctx?.req)
  const { client } = exchange
  if (!client) throw new Error('a token is being minted for a client that was not found')
  const { iss, aud, iat, exp, jti } = minted
  const common = {
    iss,
    aud,
    iat,
    nbf: iat,
    exp,
    jti,
    uti: jti,
    tid: tenantId,
    appid: client.appId,
    azp: client.appId,
    ver: '2.0',
    valid_from: client.tokensValidFrom ?? 0,
  }
  const accountId = 'accountId' in token && typeof token.accountId === 'string' ? token.accountId : undefined
  if (accountId === undefined) {
    const { servicePrincipalId: oid, permissions: roles } = client
    return { ...common, oid, sub: oid, idtyp: 'app', roles }
  }
  const account = await accountOf(needs.database, exchange, accountId)
  if (!account) throw new Error('a token is being minted for a person who was not found')
  return {
    ...common,
    oid: account.id,
    sub: pairwiseSubject(tenantId, client.appId, account.id),
    idtyp: 'user',
    scp: minted['scope'],
    acct: account.userType === 'Guest' ? 1 : 0,
    name: account.displayName,
    upn: account.userPrincipalName,
  }
}
