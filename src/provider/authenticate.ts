import { type Client, findClient, stillGranted } from '../applications/index.js'
import { tokenOfHeader } from '../graph/bearer.js'
import type { Caller } from '../graph/caller.js'
import { standingOf } from '../kernel/standing.js'
import { createWatchedCache } from '../platform/watched-cache.js'
import { SECURITY_CHANNEL } from '../tenants/index.js'
import { createTokenVerifier, type VerifiedToken } from './access-token.js'
import { refusals } from './errors.js'
import type { AuthenticatorNeeds } from './needs.js'
import { isWithdrawn } from './rules.js'

/** Who calls, by the Authorization header; `origin` is that of the listener that took the connection. */
export type Authenticate = (authorizationHeader: string | undefined, origin: string) => Promise<Caller>

const MOST_CLIENTS = 5_000
const CLIENTS_MS = 10 * 60_000

/**
 * Opens the check of bearer tokens (RFC 6750): the token itself, then, on every use, that tenant, client and person
 * may still act and that access was not withdrawn since. An application can do what its token says and is granted
 * still; a person what the token says (routes and policies limit it to what the person may do).
 */
export function createAuthenticator(needs: AuthenticatorNeeds): Authenticate {
  const verify = createTokenVerifier(needs)
  const clients = createWatchedCache<Client>(needs.listener, {
    channel: SECURITY_CHANNEL,
    max: MOST_CLIENTS,
    ttlMs: CLIENTS_MS,
  })
  const granted = rememberGrants()

  return async (authorizationHeader, origin) => {
    const token = await verify(bearerToken(authorizationHeader))
    const { tenantId, clientId } = token
    const tenant = await needs.tenants.find(tenantId)
    if (!tenant?.enabled) throw refusals.tenantDisabled()
    const client = await clients.get(tenantId, clientId, () => findClient(needs.database.sql, tenantId, clientId))
    if (!client?.accountEnabled) throw refusals.clientDisabled()
    if (isWithdrawn(token, client.tokensValidFrom)) throw refusals.withdrawn()
    return token.kind === 'application'
      ? application(token, client, granted(token, client), origin)
      : user(needs, token, origin)
  }
}

function bearerToken(header: string | undefined): string {
  if (header === undefined || /^(Bearer)? *$/i.test(header)) throw refusals.emptyToken()
  const token = tokenOfHeader(header)
  if (token === undefined) throw refusals.malformedToken()
  return token
}

/** What a token is still good for changes only when the client is read anew. */
function rememberGrants(): (token: VerifiedToken, client: Client) => ReadonlySet<string> {
  const known = new WeakMap<VerifiedToken, { client: Client; permissions: ReadonlySet<string> }>()
  return (token, client) => {
    const last = known.get(token)
    if (last?.client === client) return last.permissions
    const permissions = stillGranted(token.permissions, client.permissions)
    known.set(token, { client, permissions })
    return permissions
  }
}

const NO_ROLES: ReadonlySet<string> = new Set()

function application(token: VerifiedToken, client: Client, permissions: ReadonlySet<string>, origin: string): Caller {
  if (token.objectId !== client.servicePrincipalId) throw refusals.notAnAccessToken()
  return {
    tenantId: token.tenantId,
    kind: 'application',
    clientId: token.clientId,
    objectId: token.objectId,
    displayName: client.displayName,
    directoryRoles: NO_ROLES,
    permissions,
    origin,
  }
}

async function user(needs: AuthenticatorNeeds, token: VerifiedToken, origin: string): Promise<Caller> {
  // Before the transaction: it may need a connection of its own.
  const reading = await needs.readingOf(token.tenantId)
  const subject = await needs.database.withTenant(token.tenantId, (scope) => needs.findSubject(scope, token.objectId))
  const standing = subject && standingOf(subject, needs.clock())
  if (standing === 'ended') throw refusals.accessEnded()
  if (!subject || standing !== 'good') throw refusals.subjectDisabled()
  if (isWithdrawn({ iat: token.iat }, subject.tokensValidFrom?.getTime() ?? null)) throw refusals.withdrawn()
  return {
    tenantId: token.tenantId,
    kind: 'user',
    clientId: token.clientId,
    objectId: subject.id,
    displayName: subject.displayName,
    mail: subject.mail ?? undefined,
    userType: subject.userType === 'Guest' ? 'Guest' : 'Member',
    directoryRoles: subject.directoryRoles,
    reading,
    permissions: new Set(token.permissions),
    origin,
  }
}
