import { type Instant, later } from '../kernel/instant.js'
import type { Refusal } from '../kernel/refusal.js'
import { refusals } from './errors.js'

/** How many credentials one application may hold: bounds the work of checking a secret. */
export const MOST_CREDENTIALS = 20
/** Graph: owners of an application, and federated identity credentials. */
export const MOST_OWNERS = 100
export const MOST_FEDERATED = 20

/** When a credential may be used: from `start`, until before `end` (never ends when null). Milliseconds since 1970. */
export type Period = { start: number; end: number | null }

/** Whether a credential may be used at `now`. */
export function isLive(period: Period, now: Instant): boolean {
  const ms = now.getTime()
  return period.start <= ms && (period.end === null || ms < period.end)
}

/** The next value of `tokensValidFrom`: `now`, but always later than the last one, so that two withdrawals differ. */
export function raised(last: Instant | null, now: Instant): number {
  return last === null ? now.getTime() : Math.max(now.getTime(), last.getTime() + 1)
}

/** What an application is from when its service principal is deleted: nobody's tokens count, and nothing is granted. */
export function deletedPrincipal(
  before: { servicePrincipalId: string | null; tokensValidFrom: Instant | null },
  now: Instant,
) {
  return {
    servicePrincipalId: null,
    deletedPrincipalId: before.servicePrincipalId,
    principalDeletedDateTime: now,
    permissions: [],
    tokensValidFrom: later(now, raised(before.tokensValidFrom, now) - now.getTime()),
  }
}

/** What it is from when that is restored. Its permissions are what is assigned to it. */
export function restoredPrincipal(before: { deletedPrincipalId: string | null }) {
  return {
    servicePrincipalId: before.deletedPrincipalId,
    deletedPrincipalId: null,
    principalDeletedDateTime: null,
  }
}

/** Whether the service principal went with its application, and so comes back with it; or before, by itself. */
export function wentTogether(row: {
  deletedDateTime: Instant | null
  principalDeletedDateTime: Instant | null
}): boolean {
  return row.deletedDateTime !== null && row.deletedDateTime.getTime() === row.principalDeletedDateTime?.getTime()
}

/** What of `inToken` is still granted: a permission that was taken away counts at once, a new one with the next token. */
export function stillGranted(inToken: readonly string[], granted: readonly string[]): Set<string> {
  const current = new Set(granted)
  return new Set(inToken.filter((name) => current.has(name)))
}

/** Graph's role template ids of those who administer applications. */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const APPLICATION_ADMINISTRATOR = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3'
const CLOUD_APPLICATION_ADMINISTRATOR = '158c047a-c907-4556-b7ef-446551a6b5f7'
const PRIVILEGED_ROLE_ADMINISTRATOR = 'e8611ab8-c189-46e8-94e1-60213ab1f814'

type Actor = {
  kind: 'application' | 'user'
  userType?: 'Member' | 'Guest' | undefined
  directoryRoles: ReadonlySet<string>
  permissions: ReadonlySet<string>
  reading?: { guests: 'sameAsMembers' | 'limited' | 'restricted' } | undefined
}

const holdsAny = ({ directoryRoles }: Actor, ...roles: string[]) => roles.some((role) => directoryRoles.has(role))

/** People who administer every application by a directory role (Entra: built-in roles). */
export function administersApplications(caller: Actor): boolean {
  return holdsAny(caller, GLOBAL_ADMINISTRATOR, APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR)
}

/**
 * Who reads applications: clients by the permission the route asks for, members, and guests unless the organization
 * lets them read nothing but themselves (Entra: guest access levels).
 */
export function mayReadApplications(caller: Actor): boolean {
  if (caller.kind === 'application' || caller.directoryRoles.size > 0 || caller.userType !== 'Guest') return true
  return (caller.reading?.guests ?? 'restricted') !== 'restricted'
}

/** Who reads lists of all there are: of guests, those who read as members do (Entra: no enumeration below that). */
export function mayListApplications(caller: Actor): boolean {
  if (caller.kind === 'application' || caller.directoryRoles.size > 0 || caller.userType !== 'Guest') return true
  return caller.reading?.guests === 'sameAsMembers'
}

/** Who registers applications: clients by their permission, administrators, and members if the organization lets them. */
export function mayCreateApplication(caller: Actor, policy: { membersCreateApps: boolean }): boolean {
  if (caller.kind === 'application' || administersApplications(caller)) return true
  return policy.membersCreateApps && caller.userType !== 'Guest'
}

const WRITES_ALL = ['Application.ReadWrite.All', 'Directory.ReadWrite.All']

/** Who changes an application: its owners, administrators, and clients that may write all, not only their own. */
export function mayChangeApplication(caller: Actor, { isOwner }: { isOwner: boolean }): boolean {
  if (isOwner) return true
  if (caller.kind === 'user') return administersApplications(caller)
  return WRITES_ALL.some((name) => caller.permissions.has(name))
}

/**
 * Who assigns roles of an application: clients by AppRoleAssignment.ReadWrite.All, which the route asks for,
 * administrators, and owners to people and groups. Roles of Microsoft Graph let a client act everywhere, so they are
 * for those who hand out directory roles (Entra: grant admin consent).
 */
export function mayAssignRole(
  caller: Actor,
  role: { isOwner: boolean; isGraph: boolean; isForApplication: boolean },
): boolean {
  if (caller.kind === 'application') return true
  if (role.isGraph) return holdsAny(caller, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR)
  if (administersApplications(caller)) return true
  return role.isOwner && !role.isForApplication
}

type Role = {
  id: string
  value?: string | null | undefined
  isEnabled?: boolean | undefined
  allowedMemberTypes: readonly string[]
}

/** What is wrong with the roles an application is to have, given those it has; undefined when nothing is. */
export function rolesProblem(target: string, roles: readonly Role[], before: readonly Role[]): Refusal | undefined {
  const twice = (items: readonly string[]) => new Set(items).size < items.length
  if (twice(roles.map(({ id }) => id.toLowerCase()))) {
    return refusals.invalidProperty(target, `Property ${target} holds two entries with the same id.`)
  }
  if (twice(roles.flatMap(({ value }) => (value ? [value] : [])))) {
    return refusals.invalidProperty(target, `Property ${target} holds two entries with the same value.`)
  }
  // Graph: whoever relies on a role must first stop relying on it.
  const kept = new Map(roles.map((role) => [role.id.toLowerCase(), role]))
  const hasLost = before.some((role) => {
    if (role.isEnabled === false) return false
    const now = kept.get(role.id.toLowerCase())
    return now === undefined || (now.isEnabled !== false && (now.value ?? null) !== (role.value ?? null))
  })
  return hasLost ? refusals.enabledRole(target) : undefined
}

/** For whom an address is meant to be opened. */
export type RedirectKind = 'web' | 'spa' | 'publicClient'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])
const OWN_SCHEME = /^[a-z][a-z0-9+.-]*:\/\/\S+$|^[a-z][a-z0-9+.-]*\.[a-z0-9+.-]+:\/\S*$|^urn:[a-z0-9][a-z0-9-]*:\S+$/
const NEVER = /^(?:javascript|data|vbscript|file|blob|about|ftp|ws|wss):/i

/**
 * What is wrong with an address that codes and people are sent to (RFC 9700 section 2.1: exact addresses only): it must
 * be whole, https unless it stays on the machine, without a fragment, wildcard, user name, dot segment or anything that
 * two readers could take differently. Clients without a browser may have a scheme of their own.
 */
export function redirectProblem(kind: RedirectKind, address: string): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(address) || /[\\*<>"{}|^`]/.test(address))
    return 'it holds characters an address cannot have'
  if (address.includes('#')) return 'it has a fragment'
  if (NEVER.test(address)) return 'its scheme cannot be opened'
  const isWeb = /^https?:\/\/[^/?#]/i.test(address)
  if (!isWeb)
    return kind === 'publicClient' && OWN_SCHEME.test(address) ? undefined : 'it must be an absolute https address'
  if (!URL.canParse(address)) return 'it must be an absolute https address'
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') return 'it holds a user name'
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(address.slice(address.indexOf('//') + 2).split('?')[0] ?? '')) {
    return 'it holds a dot segment'
  }
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) return 'http is for localhost only'
  return undefined
}

/** Graph: identifierUris: `api://…`, `https://…`, `urn:…`, never a wildcard or a fragment. */
export function isIdentifierUri(text: string): boolean {
  return /^(?:api:\/\/|https?:\/\/|urn:)[^\s#*]{1,255}$/i.test(text) && !text.endsWith('/')
}
