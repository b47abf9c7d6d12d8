import { randomToken } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import { accountOf, isLetIn, standingOf } from './account.js'
import type { Exchange } from './exchange.js'
import { GRAPH, OIDC_SCOPES } from './rules.js'
import type { AccountFacts } from './sign-in-store.js'

/** What a grant's id says. It is looked at again on each use, so that nothing has to be kept in step. */
type GrantId = {
  userId: string
  /** Whether the code went to a client that has a secret. */
  kind: 'confidential' | 'public'
  /** Milliseconds since 1970. */
  issuedAt: number
  standing: string
}

const KINDS = { confidential: 'c', public: 'p' } as const
const ID = /^([0-9a-f-]{36})\.([cp])\.([0-9a-z]+)\.([A-Za-z0-9_-]{16})\.[A-Za-z0-9_-]{22}$/

/** A new grant for one sign-in: misusing one of its tokens ends those of this sign-in and no others. */
export function newGrantId(account: AccountFacts, { kind, now }: { kind: GrantId['kind']; now: Date }): string {
  const random = randomToken(16).toString('base64url')
  return `${account.id}.${KINDS[kind]}.${now.getTime().toString(36)}.${standingOf(account)}.${random}`
}

function readGrantId(id: string): GrantId | undefined {
  const [, userId, kind, issuedAt, standing] = ID.exec(id) ?? []
  if (!userId || !issuedAt || !standing) return undefined
  return {
    userId,
    kind: kind === 'c' ? 'confidential' : 'public',
    issuedAt: Number.parseInt(issuedAt, 36),
    standing,
  }
}

/** What is granted to an application for a person now: all of OpenID's scopes, and of Graph what was consented to. */
export function grantedTo(account: AccountFacts): { openid: { scope: string }; resources?: Record<string, string> } {
  const scope = account.consented.join(' ')
  return { openid: { scope: OIDC_SCOPES.join(' ') }, ...(scope !== '' && { resources: { [GRAPH]: scope } }) }
}

/**
 * A grant as the library knows it, made from what is true at the moment: undefined as soon as the person was disabled,
 * deleted, signed out everywhere, given or taken roles, or is no longer assigned; or when the client's tokens were
 * withdrawn; or when a client without a secret shows what was given to one with.
 */
export async function findGrant(
  database: Database,
  exchange: Exchange,
  id: string,
): Promise<Record<string, unknown> | undefined> {
  const read = readGrantId(id)
  const { client } = exchange
  if (!read || !client) return undefined
  if (exchange.isPublic && read.kind === 'confidential') return undefined
  if (client.tokensValidFrom !== null && read.issuedAt < client.tokensValidFrom) return undefined
  const account = await accountOf(database, exchange, read.userId)
  if (!account || !isLetIn(exchange, account) || standingOf(account) !== read.standing) return undefined
  if (account.tokensValidFrom !== null && read.issuedAt < new Date(account.tokensValidFrom).getTime()) return undefined
  return {
    kind: 'Grant',
    jti: id,
    iat: Math.floor(read.issuedAt / 1_000),
    exp: NEVER,
    accountId: account.id,
    clientId: client.appId,
    ...grantedTo(account),
  }
}

/** Grants end with their tokens. Seconds since 1970. */
const NEVER = 4_102_444_800
