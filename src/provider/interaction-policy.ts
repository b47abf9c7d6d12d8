import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { accountOf, isLetIn } from './account.js'
import { exchangeOf } from './exchange.js'
import type { OpenidNeeds } from './openid-provider.js'
import { signInLine } from './sign-in-line.js'
import { logAnswer } from './sign-in-store.js'
import { grantedTo, newGrantId } from './virtual-grant.js'

/**
 * When people are asked for something on their way to an application: to sign in, and to agree to what it wants of
 * Microsoft Graph. Applications of the organization itself need nobody's consent for OpenID's own scopes.
 */
export function signInPolicy() {
  const policy = interactionPolicy.base()
  const consent = policy.get('consent')
  for (const reason of ['native_client_prompt', 'op_claims_missing', 'op_scopes_missing'])
    consent?.checks.remove(reason)
  return policy
}

/**
 * The grant of whoever is signed in, for the client of this request. @throws AccessDenied for people whom the
 * application does not let in (Entra: AADSTS50105).
 */
export async function loadGrant({ database, clock }: Pick<OpenidNeeds, 'database' | 'clock'>, ctx: KoaContextWithOIDC) {
  const exchange = exchangeOf(ctx.req)
  const account = ctx.oidc.account && (await accountOf(database, exchange, ctx.oidc.account.accountId))
  const { client, isPublic } = exchange
  if (!account || !client) return undefined
  if (!isLetIn(exchange, account)) {
    const line = signInLine(ctx, account.id)
    await logAnswer(database.sql, exchange.tenant.id, clock(), { ...line, outcome: 'notAssigned' })
    throw new errors.AccessDenied(
      'AADSTS50105: The signed-in account is not assigned to a role for this application. Ask an administrator or owner of the application to assign it.',
    )
  }
  const kind = isPublic ? 'public' : 'confidential'
  const grant = new ctx.oidc.provider.Grant({ accountId: account.id, clientId: client.appId, ...grantedTo(account) })
  return Object.assign(grant, { jti: newGrantId(account, { kind, now: clock() }) })
}
