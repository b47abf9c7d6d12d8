import type { KoaContextWithOIDC } from 'oidc-provider'
import { correlationOf, type LogContext, REFRESH } from '../sign-in/index.js'
import { exchangeOf } from './exchange.js'
import type { AccountFacts } from './sign-in-store.js'

export type SignInLine = { userId: string; method: string; log: LogContext }

/**
 * What the sign-in log tells of a request of an application that is answered, or refused, for who is signed in. The
 * lines of what they were asked on the way have the same correlation id.
 */
export function signInLine(ctx: KoaContextWithOIDC, userId: string): SignInLine {
  const { client, session, correlationId, from } = exchangeOf(ctx.req)
  const asked = ctx.oidc.entities.Interaction?.uid
  return {
    userId,
    method: session ? session.method : 'session',
    log: {
      correlationId: asked === undefined ? correlationId : correlationOf(asked),
      applicationId: client?.appId,
      applicationName: client?.displayName,
      client: from,
      provider: session?.issuer ?? 'mail',
      identifier: session?.address ?? userId,
    },
  }
}

/** The line of a token that was given for a refresh token: the person is known by that, and was asked for nothing. */
export function refreshSignInLine(ctx: KoaContextWithOIDC, account: AccountFacts): SignInLine {
  const { client, correlationId, from } = exchangeOf(ctx.req)
  return {
    userId: account.id,
    method: REFRESH,
    log: {
      correlationId,
      applicationId: client?.appId,
      applicationName: client?.displayName,
      client: from,
      provider: account.issuers[0] ?? 'mail',
      identifier: account.mail ?? account.userPrincipalName,
    },
  }
}
