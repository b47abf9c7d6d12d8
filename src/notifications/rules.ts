import { DAY_MS, HOUR_MS, type Instant, later } from '../kernel/instant.js'
import { refusals } from './errors.js'

const MINUTE_MS = 60_000

/** Graph: the longest life of a subscription to users and groups, 41,760 minutes. */
export const MOST_MINUTES = 41_760
/** Graph: an earlier expiration is moved to 45 minutes from now. */
const LEAST_MINUTES = 45
/** Subscriptions of one application in one organization. */
export const MOST_SUBSCRIPTIONS = 100
/** Graph: a notification that could not be delivered for 4 hours is given up. */
export const GIVE_UP_AFTER_MS = 4 * HOUR_MS
/** Notifications of one request. */
export const BATCH = 100

/** Collections whose changes are told. */
export type Collection = 'users' | 'groups' | 'invitations'
export type Watched = { collection: Collection; objectId: string | undefined; watched: 'objects' | 'members' }

const GUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
const RESOURCE = new RegExp(`^/?(?:(users|groups)(?:/(${GUID})|\\('(${GUID})'\\))?(/members)?|(invitations))$`)

/** What a subscription's `resource` means, with or without a slash before it. @throws Refusal for anything else. */
export function readResource(text: string): Watched {
  const [, directory, plain, quoted, members, invitations] = RESOURCE.exec(text) ?? []
  if (invitations) return { collection: 'invitations', objectId: undefined, watched: 'objects' }
  const objectId = (plain ?? quoted)?.toLowerCase()
  const isMembers = members !== undefined
  if ((directory !== 'users' && directory !== 'groups') || (isMembers && (directory === 'users' || !objectId))) {
    throw refusals.unknownResource()
  }
  return { collection: directory, objectId, watched: isMembers ? 'members' : 'objects' }
}

/**
 * The change types of a subscription in the form in which they are kept. Users and groups know `updated`, which
 * creation and soft deletion are, and `deleted` (Graph: subscription). Invitations are never deleted.
 * @throws Refusal
 */
export function readChangeTypes(text: string, collection: Collection): string {
  const allowed = collection === 'invitations' ? ['created', 'updated'] : ['created', 'updated', 'deleted']
  const types = [...new Set(text.split(',').map((type) => type.trim()))]
  if (types.some((type) => !allowed.includes(type))) throw refusals.changeTypeUnknown(allowed)
  if (collection !== 'invitations' && types.join() === 'created') throw refusals.createdIsUpdated()
  return types.join(',')
}

/** @throws Refusal for an expiration that is too far away; one that is too near is moved (Graph: subscription). */
export function readExpiration(wanted: Instant, now: Instant): Instant {
  // A clock that is a minute ahead is no reason to refuse the longest life there is.
  if (wanted.getTime() > now.getTime() + (MOST_MINUTES + 1) * MINUTE_MS) throw refusals.expiresTooLate(MOST_MINUTES)
  const least = later(now, LEAST_MINUTES * MINUTE_MS)
  return wanted < least ? least : wanted
}

/** Days for which a secret that was replaced may go on signing: enough to change receivers over, not for ever. */
const MOST_CHANGE_OVER_DAYS = 7

/** Until when the secret before a new one signs as well; a moment that is over means: not at all. @throws Refusal */
export function readChangeOver(wanted: Instant, now: Instant): Instant {
  if (wanted > later(now, MOST_CHANGE_OVER_DAYS * DAY_MS)) throw refusals.changeOverTooLong(MOST_CHANGE_OVER_DAYS)
  return wanted
}

/** Any of these lets somebody read the collection, and so be told of its changes (Graph: subscriptions). */
export const READ_PERMISSIONS: Record<Collection, readonly string[]> = {
  users: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  groups: [
    'GroupMember.Read.All',
    'GroupMember.ReadWrite.All',
    'Group.Read.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  invitations: [
    'User.Read.All',
    'User.Invite.All',
    'User.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
}

export type Follower = {
  kind: 'application' | 'user'
  userType?: 'Member' | 'Guest' | undefined
  directoryRoles: ReadonlySet<string>
  /** What the organization lets people read of each other now; applications read by permission. */
  reading?: { membersReadOthers: boolean } | undefined
}

/**
 * Changes tell of everybody: they are for applications, holders of a directory role, and members where the organization
 * lets them read each other.
 */
export function mayFollow({ kind, userType, directoryRoles, reading }: Follower): boolean {
  if (kind === 'application' || directoryRoles.size > 0) return true
  return userType !== 'Guest' && reading?.membersReadOthers === true
}

/** Whether these permissions let somebody be told of the changes of a collection. */
export function isPermitted(collection: Collection, permissions: Iterable<string>): boolean {
  const held = new Set(permissions)
  return READ_PERMISSIONS[collection].some((name) => held.has(name))
}

/** Removals are remembered for 8 days from when they happened; a day is left for clocks and long transactions. */
const REMEMBERED_MS = 7 * DAY_MS

/** Whether so much time is between two looks that removals in between may have been forgotten. */
export function isGap(looked: Instant, now: Instant): boolean {
  return now.getTime() - looked.getTime() > REMEMBERED_MS
}

const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 10 * MINUTE_MS

/** Milliseconds until the next attempt: from 5 s doubling to 10 minutes, with a jitter of 20 %. `random`: 0 to 1. */
export function retryAfter(failures: number, random: number): number {
  const exponential = Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 20), LONGEST_RETRY_MS)
  return Math.round(exponential * (0.8 + 0.4 * random))
}

/** When a client hears that its subscription ends: a day before, or after three quarters of a shorter life. */
export function warningTime(renewed: Instant, expiration: Instant): Instant {
  return later(expiration, -Math.min(DAY_MS, (expiration.getTime() - renewed.getTime()) / 4))
}
