import { lockUser, type Reaction, readIdentities, readOtherMails, type UserRow } from '../../directory/index.js'
import { later } from '../../kernel/instant.js'
import { standingOf } from '../../kernel/standing.js'
import type { Keys } from '../../platform/crypto.js'
import type { Database, TenantScope } from '../../platform/database.js'
import type { Egress } from '../../platform/egress/egress.js'
import type { Logger } from '../../platform/log.js'
import type { Tenant } from '../../tenants/index.js'
import { type Browser, handleHash, newHandle, SESSION_MS } from '../browser.js'
import type { LoggedFor } from '../log/log-context.js'
import { logSignIn } from '../log/store.js'
import { localIdentity, type PasswordFault } from './rules.js'
import { startSession } from './store.js'

export type LocalNeeds = {
  database: Database
  keys: Keys
  clock: () => Date
  newId: () => string
  log: Logger
  egress: Egress
  config: { breachedPasswordsUrl: string | undefined }
  /** A password that is chosen anew ends what the one before opened. */
  onSessionsRevoked: readonly Reaction[]
}

/** A browser on its way to an account at the organization itself. */
export type LocalVisit = {
  tenant: Tenant
  browser: Browser
  /** The stored form of its handle. */
  browserHash: Buffer
  /** What codes of this visit are for: one for something else opens nothing here. */
  flow: string
  /** Whose account: undefined when the address is nobody's here, which nobody is told who has not proved the mailbox. */
  userId: string | undefined
  address: string
  folded: string
  origin: string
  /** Address of the client, for the log, and its network, which limits count. */
  client: string
  network: string
  /** The invitation or the request of an application that it is for. */
  loggedFor: LoggedFor
}

export type LocalOutcome =
  /** `session` is the handle that counts from now on. */
  | { outcome: 'signedIn'; session: string }
  /** The password is not right, or nobody has that address: the same for both. */
  | { outcome: 'wrong' }
  | { outcome: 'limited'; retryAt: Date }
  | { outcome: 'unfit'; fault: PasswordFault }
  /** The proof of the mailbox is used or too old, or something was set up elsewhere. */
  | { outcome: 'notDue' }
  /** A proved mailbox, or a right password, of nobody who may sign in with it. */
  | { outcome: 'noAccount' }

/** Somebody who may sign in with an account here, locked; `issuer` as `localIdentity` says. */
export type Admitted = { user: UserRow; issuer: string | null }

/** The organization's domains, the one that new accounts are of first. */
export function issuersOf({ defaultDomain, domains }: Pick<Tenant, 'defaultDomain' | 'domains'>): string[] {
  const first = defaultDomain.toLowerCase()
  return [first, ...domains.filter((name) => name !== first)]
}

/** Locks a person and says what their session would be known by; undefined when they may not sign in with an account here. */
export async function admit(
  scope: TenantScope,
  { tenant, folded }: Pick<LocalVisit, 'tenant' | 'folded'>,
  userId: string | undefined,
  now: Date,
): Promise<Admitted | undefined> {
  const user = userId === undefined ? undefined : await lockUser(scope, userId)
  if (!user) return undefined
  const standing = standingOf({ accountEnabled: user.accountEnabled, accessEndsAt: user.accessEndDateTime }, now)
  if (standing !== 'good') return undefined
  const identities = await readIdentities(scope, [user.id])
  const others = await readOtherMails(scope, user.id)
  const person = {
    state: user.externalUserState,
    userType: user.userType,
    mail: user.mailFolded,
    addresses: user.mailFolded === null ? others : [user.mailFolded, ...others],
    identities: identities.map(({ issuer, issuerAssignedId: subject }) => ({ issuer, subject })),
  }
  const identity = localIdentity(person, { folded, domains: issuersOf(tenant) })
  return identity && { user, issuer: identity.issuer }
}

/** Signs the browser in, by a new handle, and writes the line of the log. */
export async function begin(
  { keys }: Pick<LocalNeeds, 'keys'>,
  scope: TenantScope,
  visit: LocalVisit,
  { user, issuer }: Admitted,
  { method, amr, now }: { method: 'password' | 'fido2'; amr: readonly string[]; now: Date },
): Promise<LocalOutcome> {
  const { browser, address, folded } = visit
  const session = newHandle()
  await startSession(scope, now, {
    userId: user.id,
    address,
    folded,
    method,
    amr,
    issuer,
    session: handleHash(keys, browser, 'session', session),
    oldSession: browser.session ? handleHash(keys, browser, 'session', browser.session) : null,
    ends: later(now, SESSION_MS),
  })
  await logTry(scope, visit, user.id, { method, outcome: 'ok', now })
  return { outcome: 'signedIn', session }
}

type Try = { method: 'password' | 'fido2' | 'emailOneTimePasscode'; outcome: string; now: Date }

/** Writes how a try ended that failed. Of an address that nobody has, too, or the time it takes would tell. */
export async function noteFailure(
  { database }: Pick<LocalNeeds, 'database'>,
  visit: LocalVisit,
  userId: string | undefined,
  failed: Try,
): Promise<void> {
  await database.withTenant(visit.tenant.id, (scope) => logTry(scope, visit, userId, failed))
}

/** Writes how a try ended. */
export async function logTry(
  scope: TenantScope,
  { address, client, loggedFor }: LocalVisit,
  userId: string | undefined,
  { method, outcome, now }: Try,
): Promise<void> {
  const log = { ...loggedFor, client, provider: 'local', identifier: address }
  await logSignIn(scope, now, { userId, method, outcome, log })
}
