import type { Client, RelyingParty } from '../applications/index.js'
import { isGuid } from '../kernel/ids.js'
import type { Keys } from '../platform/crypto.js'
import { browserFamily, handleHash } from '../sign-in/index.js'
import { whoMayHaveTokens } from './account.js'
import type { Exchange } from './exchange.js'
import type { HotStatements } from './hot-statements.js'
import { ownClient } from './own-client.js'
import type { AccountFacts, SessionFacts } from './sign-in-store.js'
import { storedId } from './stored-tokens.js'

/**
 * What was read for a request before the library asks for it, piece by piece. Nothing here is older than the request, so
 * that what was taken away a moment ago is gone.
 */
export type Ahead = {
  clientId: string
  client: Client | null
  party: RelyingParty | null
  /** The session of the browser, by the hash of its cookie. */
  session?: { handle: Buffer; facts: SessionFacts | null }
  /** The code, a device's too, or refresh token that was shown, by what it is kept under. */
  shown?: { model: string; id: string; payload: Record<string, unknown> | null }
}

type Needs = { statements: HotStatements; keys: Keys }

/** For a request to sign in. Nothing is read of what cannot be an application. */
export async function readAheadOfSignIn(
  needs: Needs,
  exchange: Exchange,
  clientId: string | null,
  userAgent: string | undefined,
): Promise<void> {
  if (clientId === null || !isGuid(clientId)) return
  const { browser, tenant, now } = exchange
  const id = clientId.toLowerCase()
  // Ours is a row nowhere, so the statement would find nobody there.
  if (ownClient(id, exchange.origin)) return
  const handle =
    browser?.session === undefined ? undefined : handleHash(needs.keys, browser, 'session', browser.session)
  const { session, account, ...known } = await needs.statements.authorizing(tenant.id, {
    now,
    client: id,
    handle: handle ?? null,
    family: browserFamily(userAgent) ?? null,
  })
  exchange.ahead = { clientId: id, ...known, ...(handle && { session: { handle, facts: session } }) }
  if (session) remember(exchange, session.userId, account)
}

/** What each grant shows, and as what the library knows it. */
const SHOWN: Record<string, { field: string; model: string }> = {
  authorization_code: { field: 'code', model: 'AuthorizationCode' },
  refresh_token: { field: 'refresh_token', model: 'RefreshToken' },
  'urn:ietf:params:oauth:grant-type:device_code': { field: 'device_code', model: 'DeviceCode' },
}

/** For an exchange of a code, a device's too, or a refresh token. */
export async function readAheadOfExchange(
  { statements }: Pick<Needs, 'statements'>,
  exchange: Exchange,
  clientId: string | undefined,
  form: URLSearchParams,
): Promise<void> {
  const shown = SHOWN[form.get('grant_type') ?? '']
  const token = shown && form.get(shown.field)
  if (!shown || !token || clientId === undefined || !isGuid(clientId)) return
  const { tenant } = exchange
  const [client, { model }] = [clientId.toLowerCase(), shown]
  const id = storedId(model, token)
  const { shown: payload, account, ...known } = await statements.exchanging(tenant.id, { client, model, id })
  exchange.ahead = { clientId: client, ...known, shown: { model, id, payload } }
  const userId = payload?.['accountId']
  if (typeof userId === 'string') remember(exchange, userId, account)
}

function remember(exchange: Exchange, userId: string, account: AccountFacts | null): void {
  // Of no use where the client is none: whoever asks then is told that there is nobody.
  if (exchange.ahead?.client)
    exchange.accounts.set(userId, Promise.resolve(whoMayHaveTokens(account ?? undefined, exchange.now)))
}
