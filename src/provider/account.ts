import { hash } from 'node:crypto'
import { type Instant, instantOf } from '../kernel/instant.js'
import { standingOf as accountStanding } from '../kernel/standing.js'
import type { Database } from '../platform/database.js'
import type { Exchange } from './exchange.js'
import { isMailVerified } from './rules.js'
import { type AccountFacts, readAccount } from './sign-in-store.js'

/** Entra: more groups than this are not told in a token, but where to ask for them. */
const MOST_GROUPS = 200

/** A person at the client of this request, read once for it. Undefined when they may not have tokens. */
export function accountOf(
  { sql }: Pick<Database, 'sql'>,
  exchange: Exchange,
  userId: string,
): Promise<AccountFacts | undefined> {
  const { tenant, client, party, accounts } = exchange
  if (!client) return Promise.resolve(undefined)
  let found = accounts.get(userId)
  if (!found) {
    found = readAccount(sql, tenant.id, userId, client.servicePrincipalId, party?.toldGroups ?? 'none').then(
      (account) => whoMayHaveTokens(account, exchange.now),
    )
    accounts.set(userId, found)
  }
  return found
}

/** The account, unless nobody may have tokens of it at the moment. */
export function whoMayHaveTokens(account: AccountFacts | undefined, now: Instant): AccountFacts | undefined {
  return account && mayAct(account, now) && account.state !== 'PendingAcceptance' ? account : undefined
}

function mayAct({ accountEnabled, accessEndsAt }: AccountFacts, now: Instant): boolean {
  const end = accessEndsAt === null ? null : instantOf(accessEndsAt)
  return accountStanding({ accountEnabled, accessEndsAt: end }, now) === 'good'
}

/** Whether a person may use the client of this request: anybody, unless it asks for an assignment (Entra). */
export function isLetIn({ party }: Pick<Exchange, 'party'>, account: Pick<AccountFacts, 'roleIds'>): boolean {
  return party?.isAssignmentRequired !== true || account.roleIds.length > 0
}

/**
 * What a person may do at the moment, shortened: a grant holds it, so that one given before their roles changed ends.
 */
export function standingOf({ roleIds, directoryRoles, userType }: AccountFacts): string {
  const text = JSON.stringify([roleIds, [...directoryRoles].sort(), userType])
  return hash('sha256', text, 'base64url').slice(0, 16)
}

/**
 * The subject of one person at one application (OpenID Connect Core section 8.1, Entra: sub): the same each time, and
 * another one at each application. It outlives every secret, so it is made of none.
 */
export function pairwiseSubject(tenantId: string, clientId: string, userId: string): string {
  return hash('sha256', `subject ${tenantId} ${clientId} ${userId}`, 'base64url')
}

/** Claims of a person, by the names Entra gives them; the library shows those of the scopes that were asked for. */
export function claimsOf(exchange: Exchange, account: AccountFacts): Record<string, unknown> {
  const { tenant, party, origin } = exchange
  const held = new Set(account.roleIds)
  const roles = (party?.roles ?? []).flatMap(({ id, value }) => (value && held.has(id) ? [value] : []))
  const isGuest = account.userType === 'Guest'
  return {
    oid: account.id,
    tid: tenant.id,
    ver: '2.0',
    acct: isGuest ? 1 : 0,
    idp: account.issuers[0] ?? `${origin}/${tenant.id}/v2.0`,
    name: account.displayName,
    preferred_username: account.mail ?? account.userPrincipalName,
    upn: account.userPrincipalName,
    ...(account.givenName && { given_name: account.givenName }),
    ...(account.surname && { family_name: account.surname }),
    ...(account.preferredLanguage && { locale: account.preferredLanguage }),
    ...(account.mail && { email: account.mail, email_verified: isMailVerified(account, tenant.domains) }),
    ...(roles.length > 0 && { roles }),
    ...groupClaims(exchange, account),
  }
}

/** Entra: group overage. Whoever reads the token asks there with their own. */
function groupClaims({ party, origin }: Exchange, account: AccountFacts): Record<string, unknown> {
  if ((party?.toldGroups ?? 'none') === 'none') return {}
  if (account.groups.length <= MOST_GROUPS) return { groups: account.groups }
  const endpoint = `${origin}/v1.0/users/${account.id}/getMemberObjects`
  return { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint } } }
}

/** Claims by scope, for the library. What stands under `openid` is in every ID token. */
export const CLAIMS_BY_SCOPE = {
  openid: ['sub', 'oid', 'tid', 'ver', 'acct', 'idp', 'amr', 'roles', 'groups', '_claim_names', '_claim_sources'],
  profile: ['name', 'preferred_username', 'upn', 'given_name', 'family_name', 'locale'],
  email: ['email', 'email_verified'],
}
