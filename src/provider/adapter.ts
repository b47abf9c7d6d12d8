import { randomBytes, randomUUID } from 'node:crypto'
import Provider, { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider'
import { type Client, findRelyingParty, isLive, type RelyingParty } from '../applications/index.js'
import { isGuid } from '../kernel/ids.js'
import { later } from '../kernel/instant.js'
import { clientNetwork } from '../platform/client-network.js'
import { deviceMetadata, interactiveMetadata, isAboutDevice, redirectOf, showsNothing } from './client-metadata.js'
import { type Exchange, exchangeOf } from './exchange.js'
import { noteSignIn } from './logout-store.js'
import type { OpenidNeeds } from './openid-provider.js'
import { ownClient } from './own-client.js'
import { issuerOf, REFRESH_TOKEN_SECONDS } from './rules.js'
import { endShownAgain, refreshLine } from './shown-again.js'
import { type SignInLine, signInLine } from './sign-in-line.js'
import { logAnswer } from './sign-in-store.js'
import {
  consumeState,
  deleteGrantState,
  deleteState,
  findState,
  insertState,
  keepBegun,
  replaceState,
} from './store.js'
import { storedId, withoutToken, withToken } from './stored-tokens.js'
import { findGrant } from './virtual-grant.js'
import { isGiven } from './written-last.js'

type Needs = Pick<OpenidNeeds, 'database' | 'statements' | 'clock' | 'keys'>

// The library wants a secret in the metadata of a client that authenticates with one. Ours are compared as HMACs
// (`isSecretOf`), so what stands here is random and opens nothing.
const NOT_A_SECRET = randomBytes(32).toString('base64url')

/** Routes that browsers come to; the others are for clients alone. */
const PAGES = /^(?:authorization|resume|end_session|code_verification|device_resume)/

/** Connects `oidc-provider` to the tenant's clients and to what must be remembered between requests. */
export function createAdapterFactory(needs: Needs, tenantId: string): AdapterFactory {
  return (model) => {
    switch (model) {
      case 'Client':
        return { ...unused(model), ...clients(needs) }
      case 'Grant':
        return { ...unused(model), ...grants(needs) }
      case 'ReplayDetection':
        return { ...unused(model), ...once(needs, tenantId, model) }
      default:
        return state(needs, tenantId, model)
    }
  }
}

/**
 * Clients, described anew for each request by the method of authentication it presents: the library allows one method
 * per client, we allow each on every client. An unknown or disabled client is described too, as one without any live
 * credential, so that it fails in the same place and with the same answer as a wrong secret.
 */
function clients(needs: Needs): Pick<Adapter, 'find'> {
  return {
    async find(clientId) {
      const ctx = Provider.ctx
      const exchange = exchangeOf(ctx?.req)
      await loadClient(needs, exchange, clientId, ctx?.oidc.params?.['grant_type'] === 'client_credentials')
      const { client, party } = exchange
      const isInteractive = PAGES.test(String(ctx?.oidc.route))
      // A page can tell people that there is no such application; at the token endpoint nothing tells it from a wrong secret.
      if (isInteractive && !client) return undefined
      const redirect = party && redirectOf(party, ctx?.oidc.params?.['redirect_uri'])
      const common: AdapterPayload = {
        client_id: client?.appId ?? 'unknown',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        ...(party && redirect && (isAboutDevice(ctx) ? deviceMetadata(party) : interactiveMetadata(party, redirect))),
      }
      if (showsNothing(ctx) && party && redirect && mayBePublic(party, redirect.kind, ctx?.oidc.params)) {
        exchange.isPublic = true
        return { ...common, token_endpoint_auth_method: 'none' }
      }
      const { client_assertion: assertion } = ctx?.oidc.params ?? {}
      if (assertion === undefined) {
        return { ...common, token_endpoint_auth_method: 'client_secret_post', client_secret: NOT_A_SECRET }
      }
      return {
        ...common,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: liveKeys(client, needs.clock()) },
      }
    },
  }
}

async function loadClient(needs: Needs, exchange: Exchange, clientId: string, isClientAlone: boolean): Promise<void> {
  if (!isGuid(clientId)) return
  const { sql } = needs.database
  const id = clientId.toLowerCase()
  const own = ownClient(id, exchange.origin)
  if (own) {
    Object.assign(exchange, own)
    return
  }
  const { ahead } = exchange
  const [found, party] =
    ahead?.clientId === id
      ? [ahead.client, ahead.party]
      : await Promise.all([
          needs.statements.client(exchange.tenant.id, id),
          isClientAlone ? undefined : findRelyingParty(sql, exchange.tenant.id, id),
        ])
  exchange.client = found?.accountEnabled ? found : undefined
  exchange.party = exchange.client && (party ?? undefined)
}

/** Whether a request that shows nothing may be a client without a secret: for its own addresses, or where it has none. */
function mayBePublic(
  party: RelyingParty,
  kind: 'web' | 'spa' | 'publicClient',
  params: Readonly<Record<string, unknown>> | undefined,
): boolean {
  if (params?.['grant_type'] === 'client_credentials') return false
  const hasPublicAddress = party.spa.length + party.publicClient.length > 0
  if (params?.['redirect_uri'] !== undefined) return kind !== 'web'
  return hasPublicAddress || party.takesPublicClients
}

function liveKeys(client: Client | undefined, now: Date) {
  const live = (client?.credentials ?? []).filter((credential) => isLive(credential, now))
  return live.flatMap(({ publicJwk }) => (publicJwk ? [{ ...publicJwk }] : []))
}

/** Grants are kept nowhere: each is made from what is true when it is asked for. */
function grants({ database }: Needs): Partial<Adapter> {
  return {
    upsert: async () => {},
    destroy: async () => {},
    find: async (id) => (await findGrant(database, exchangeOf(Provider.ctx?.req), id)) as AdapterPayload | undefined,
  }
}

/** Seen once. Two requests with one assertion both look before they write: one wins. */
function once({ database, clock }: Needs, tenantId: string, model: string): Partial<Adapter> {
  return {
    async upsert(id, payload, expiresIn) {
      const expiresAt = expiresIn ? later(clock(), expiresIn * 1_000) : null
      const isNew = await insertState(database, tenantId, { model, id, payload: { ...payload }, expiresAt })
      if (!isNew) throw new errors.InvalidClientAuth(`${model} ${id} was seen before`)
    },
    find: async (id) => (await findState(database, tenantId, model, { id })) as AdapterPayload | undefined,
    destroy: (id) => deleteState(database, tenantId, model, id),
  }
}

/** Everything else is a row until it expires. */
function state(needs: Needs, tenantId: string, model: string): Adapter {
  const { database, statements, clock, keys } = needs
  const keptAs = (id: string) => storedId(model, id)
  const found = async (key: Parameters<typeof findState>[3]) =>
    (await findState(database, tenantId, model, key)) as AdapterPayload | undefined
  const noteForLogout = async ({ sid, sessionUid, accountId }: AdapterPayload) => {
    const exchange = exchangeOf(Provider.ctx?.req)
    const { client, party, origin } = exchange
    if (!client || !party?.backChannelLogoutUrl || !sid || !sessionUid || !accountId) return
    const now = clock()
    await noteSignIn(database.sql, tenantId, now, {
      id: randomUUID(),
      userId: accountId,
      clientId: client.appId,
      sid,
      sessionUid,
      issuer: issuerOf(origin, tenantId),
      expires: later(now, REFRESH_TOKEN_SECONDS * 1_000),
    })
  }
  return {
    async upsert(id, given, expiresIn) {
      const payload = withoutSessionId(model, withOfflineAccess(model, given))
      if (model === 'AuthorizationCode') await noteForLogout(given)
      const row = {
        model,
        id: keptAs(id),
        payload: { ...withoutToken(keys, model, payload) },
        expiresAt: expiresIn ? later(clock(), expiresIn * 1_000) : null,
        grantId: payload.grantId ?? null,
        userCode: payload.userCode ?? null,
        uid: payload.uid ?? null,
      }
      const { pending } = isGiven(model) ? exchangeOf(Provider.ctx?.req) : {}
      if (pending) pending.given.push(row)
      else if (model === 'AuthorizationCode') await statements.keepCode(tenantId, row, lineOf(payload))
      else if (BEGUN.test(model)) await keepBegun(database, tenantId, networkOf(Provider.ctx), row)
      else await replaceState(database, tenantId, row)
      // Of the code that a device shows: somebody has said yes to it. Its browser gets no code by which it would be a line.
      if (model === 'DeviceCode' && payload.accountId !== undefined) {
        await logAnswer(database.sql, tenantId, clock(), { ...lineOf(payload), outcome: 'ok' })
      }
    },
    async find(id) {
      const shown = Provider.ctx && exchangeOf(Provider.ctx.req).ahead?.shown
      const isRead = shown?.model === model && shown.id === keptAs(id)
      const kept = isRead
        ? ((shown.payload ?? undefined) as AdapterPayload | undefined)
        : await found({ id: keptAs(id) })
      const payload = withToken(keys, model, kept, id)
      if (model === 'Interaction') rememberOfflineAccess(payload)
      return payload
    },
    findByUid: (uid) => found({ uid }),
    findByUserCode: async (userCode) => withToken(keys, model, await found({ userCode })),
    async consume(id) {
      const seconds = Math.floor(clock().getTime() / 1_000)
      const { pending } = exchangeOf(Provider.ctx?.req)
      if (pending) {
        pending.used = { model, id: keptAs(id), seconds }
        const line = model === 'RefreshToken' && (await refreshLine(keptAs(id)))
        if (line) pending.line = line
        return
      }
      if (await consumeState(database, tenantId, model, keptAs(id), seconds)) return
      // Of two that show it at once the second learns here that it was second.
      throw new errors.InvalidGrant(`${model} was used before`)
    },
    async destroy(id) {
      // Of what is shown a second time the library says so here, or at once that all of its grant is to go.
      await (endShownAgain(needs, exchangeOf(Provider.ctx?.req)) ?? deleteState(database, tenantId, model, keptAs(id)))
    },
    async revokeByGrantId(grantId) {
      // By itself, or nobody would know who was first to find it. All else ends whatever becomes of that.
      await endShownAgain(needs, exchangeOf(Provider.ctx?.req))?.catch(() => {})
      await deleteGrantState(database, tenantId, model, grantId)
    },
  }
}

/** What anybody can begin who knows an application, and need not answer. */
const BEGUN = /^(?:Interaction|DeviceCode)$/

/** None where a page of ours answers what was begun: it is still of where it was. */
function networkOf(ctx: typeof Provider.ctx): string | null {
  return ctx ? clientNetwork(exchangeOf(ctx.req).from) : null
}

function lineOf({ accountId }: AdapterPayload): SignInLine {
  const ctx = Provider.ctx
  if (!ctx || !accountId) throw new Error('a code was made for nobody')
  return signInLine(ctx, accountId)
}

/**
 * Under which session a question was asked is told by the account, and by when that signed in: sessions are ours, get
 * another id whenever somebody proves more, and are looked at again when the question is answered.
 */
function withoutSessionId(model: string, payload: AdapterPayload): AdapterPayload {
  if (model !== 'Interaction' || !payload.session?.uid) return payload
  const { uid: _, ...session } = payload.session
  const kept = { ...session, createdAt: exchangeOf(Provider.ctx?.req).session?.createdAt }
  return { ...payload, session: kept }
}

const OFFLINE = 'offline_access'
const asksOffline = (scope: unknown) => typeof scope === 'string' && scope.split(' ').includes(OFFLINE)

/**
 * The library takes `offline_access` away unless the client asks for consent each time (OpenID Connect Core section 11),
 * Entra does not. So what was asked for is put back where it is kept.
 */
function withOfflineAccess(model: string, payload: AdapterPayload): AdapterPayload {
  const ctx = Provider.ctx
  if (!ctx || !exchangeOf(ctx.req).wantsOffline) return payload
  const added = (scope: unknown) => (asksOffline(scope) ? scope : `${scope ?? ''} ${OFFLINE}`.trim())
  if (model === 'AuthorizationCode') return { ...payload, scope: String(added(payload.scope)) }
  if (model !== 'Interaction' || !payload.params) return payload
  return { ...payload, params: { ...payload.params, scope: added(payload.params['scope']) } }
}

function rememberOfflineAccess(payload: AdapterPayload | undefined): void {
  const ctx = Provider.ctx
  if (ctx && asksOffline(payload?.params?.['scope'])) exchangeOf(ctx.req).wantsOffline = true
}

function unused(model: string): Adapter {
  const never = () => Promise.reject(new Error(`the provider keeps no ${model} yet`))
  return {
    upsert: never,
    find: never,
    findByUserCode: never,
    findByUid: never,
    consume: never,
    destroy: never,
    revokeByGrantId: never,
  }
}
