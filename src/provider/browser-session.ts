import { hash } from 'node:crypto'
import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { browserFamily, endBrowser, handleHash } from '../sign-in/index.js'
import { exchangeOf } from './exchange.js'
import type { ProviderNeeds } from './needs.js'
import { readSession, type SessionFacts } from './sign-in-store.js'

type Needs = Pick<ProviderNeeds, 'database' | 'keys' | 'clock' | 'provesEnough'>

/** The library's sessions, and what it marks an ended one with, which its type leaves out. */
type SessionClass = Provider['Session']
type LibrarySession = InstanceType<SessionClass> & { destroyed?: boolean }

/** Ways of proving who one is, by RFC 8176, where the session does not tell itself: a passcode. */
const PASSCODE = ['otp']

/**
 * Gives the library our browser sessions for its own: one cookie, one row, ended in one place. A browser that nobody is
 * signed in with gets what the library makes of it.
 */
export function useBrowserSessions(provider: Provider, needs: Needs): void {
  const { Session } = provider
  const anonymous = Session.get.bind(Session)
  Session.get = async (ctx: KoaContextWithOIDC) => {
    const exchange = exchangeOf(ctx.req)
    const { browser, tenant } = exchange
    const handle =
      browser?.session === undefined ? undefined : handleHash(needs.keys, browser, 'session', browser.session)
    const family = browserFamily(ctx.get('user-agent')) ?? null
    const ahead = exchange.ahead?.session
    const facts =
      handle && ahead?.handle.equals(handle)
        ? ahead.facts
        : handle && (await readSession(needs.database.sql, tenant.id, needs.clock(), handle, family))
    if (!handle || !facts || facts.state === 'PendingAcceptance') return anonymous(ctx)
    // Who has still to pass a second step is nobody yet, and is asked for it where nobody signs in.
    if (!(await needs.provesEnough(tenant.id, facts))) return anonymous(ctx)
    exchange.session = facts
    const asksFirst = /^(?:end_session|code_verification|device_resume)/.test(String(ctx.oidc.route))
    const session = sessionOf(Session, facts, handle, asksFirst ? await askedState(provider, handle) : undefined)
    Object.defineProperties(session, overrides(provider, needs, tenant.id, handle, asksFirst))
    ctx.oidc.entity('Session', session)
    return session
  }
}

function sessionOf(Session: SessionClass, facts: SessionFacts, handle: Buffer, state: unknown): LibrarySession {
  const seconds = (text: string) => Math.floor(new Date(text).getTime() / 1_000)
  const uid = uidOf(handle)
  return Object.assign(new Session(), {
    jti: uid,
    uid,
    iat: seconds(facts.createdAt),
    exp: seconds(facts.expiresAt),
    accountId: facts.userId,
    loginTs: seconds(facts.createdAt),
    amr: waysOf(facts),
    ...(state !== undefined && { state }),
  })
}

/** How the person of a session proved who they are (RFC 8176). */
export function waysOf({ amr }: Pick<SessionFacts, 'amr'>): string[] {
  return amr.length > 0 ? amr : PASSCODE
}

const SESSION = Buffer.from('session')

/** What stands for a session outside: the same each time, and no way back to the cookie. */
function uidOf(handle: Buffer): string {
  return hash('sha256', Buffer.concat([SESSION, handle]), 'base64url')
}

/** How a session is known at one application (`sid`), so that its end can be told there. */
export function sidOf(sessionUid: string, clientId: string): string {
  return hash('sha256', `sid ${sessionUid} ${clientId}`, 'base64url').slice(0, 22)
}

/** Where the library would keep things in the session, ours holds them by itself. */
function overrides(
  provider: Provider,
  needs: Needs,
  tenantId: string,
  handle: Buffer,
  asksFirst: boolean,
): PropertyDescriptorMap {
  const uid = uidOf(handle)
  const grants = new Map<string, string>()
  const nothing = { value: async () => {} }
  return {
    // Nothing to be saved, so no cookie of the library's is set; but where the library asks before it does something.
    new: { value: true },
    ...(!asksFirst && { touched: { get: () => false, set: () => {}, configurable: false } }),
    sidFor: { value: (clientId: string) => sidOf(uid, clientId) },
    grantIdFor: {
      value: (clientId: string, id?: string) => {
        if (id !== undefined) grants.set(clientId, id)
        return grants.get(clientId)
      },
    },
    ensureClientContainer: { value: () => {} },
    authorizationFor: { value: () => ({}) },
    resetIdentifier: { value: () => {} },
    persist: nothing,
    save: {
      async value(this: LibrarySession) {
        if (!asksFirst || this.state === undefined) return
        await provider.Interaction.adapter.upsert(askedId(handle), { state: this.state }, ASKED_SECONDS)
      },
    },
    destroy: {
      async value(this: LibrarySession) {
        await endBrowser(needs.database.sql, tenantId, handle)
        this.destroyed = true
      },
    },
  }
}

/** How long a question of the library's own (sign out, let a device in) may stand. Seconds. */
const ASKED_SECONDS = 600
const askedId = (handle: Buffer) => `asked-${uidOf(handle)}`

async function askedState(provider: Provider, handle: Buffer): Promise<unknown> {
  return (await provider.Interaction.adapter.find(askedId(handle)))?.state
}
