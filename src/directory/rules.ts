import type { ReadingPolicy } from '../graph/caller.js'

/** Graph's role template ids of those who administer people. */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const USER_ADMINISTRATOR = 'fe930be7-5e62-47db-91af-98c3a49a38b1'

type Actor = { kind: 'application' | 'user'; directoryRoles: ReadonlySet<string> }

/** Applications by their permission, which the route asks for; people also by their role (Graph: delegated access). */
export function mayAdministerUsers(caller: Actor): boolean {
  if (caller.kind === 'application') return true
  return caller.directoryRoles.has(GLOBAL_ADMINISTRATOR) || caller.directoryRoles.has(USER_ADMINISTRATOR)
}

/** Holders of a directory role are changed and deleted only by Global Administrators (Graph: sensitive actions). */
export function mayChangePrivileged(caller: Actor, targetRoles: ReadonlySet<string>): boolean {
  return targetRoles.size === 0 || caller.directoryRoles.has(GLOBAL_ADMINISTRATOR)
}

/** What people change of themselves (Graph: User.ReadWrite): their own words, nothing that decides who they are. */
export const OWN_PROPERTIES: ReadonlySet<string> = new Set([
  'aboutMe',
  'birthday',
  'interests',
  'mySite',
  'pastProjects',
  'preferredLanguage',
  'preferredName',
  'responsibilities',
  'schools',
  'skills',
])

const PRINCIPAL_NAME = /^[A-Za-z0-9'._!^~-]*[A-Za-z0-9'_!^~-]$/

/**
 * Whether the part of a user principal name before the @ may be given to an account of this organization. `#` stands in
 * guests' names only, where an invitation puts it (Entra: userPrincipalName rules).
 */
export function isPrincipalNameLocal(local: string): boolean {
  return local.length <= 64 && PRINCIPAL_NAME.test(local) && !local.startsWith('.')
}

const EXTERNAL_NAME = /^[A-Za-z0-9'._!^~+&=$%*?{}|`/-]+#EXT#?$/

/**
 * The part of a guest's name before the @, as an invitation makes it: the address with `_` for `@`, then `#EXT#` (Entra:
 * B2B user properties; one sample of theirs lacks the last `#`). Undefined when it is none.
 */
export function externalNameLocal(local: string): string | undefined {
  if (!EXTERNAL_NAME.test(local) || local.startsWith('.')) return undefined
  return local.endsWith('#') ? local : `${local}#`
}

/** A mail nickname: part of an address, so without white space and what addresses use to separate. */
export function isMailNickname(text: string): boolean {
  return /^[\x21-\x7e]{1,64}$/.test(text) && !/[@()\\[\]";:<>,]/.test(text)
}

/** How an account of its own signs in (Graph: objectIdentity of sign-in types emailAddress, userName and federated). */
export type GivenIdentity = { signInType: string; issuer?: string | undefined; issuerAssignedId?: string | undefined }

/** Issuers that only a proof of ours, or the organization itself, may stand for. */
const RESERVED_ISSUERS = new Set(['mail', 'phone'])

/** Who proves a mailbox by a code (Graph: objectIdentity). */
export const MAIL_ISSUER = 'mail'

/** How systems that approve sign-ups spell issuers, beside Graph's own names (Entra: approvals have both). */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['google', 'google.com'],
  ['google.com', 'google.com'],
  ['facebook', 'facebook.com'],
  ['facebook.com', 'facebook.com'],
  ['mail', MAIL_ISSUER],
])

/** An issuer by the name that identities are kept under. */
export function issuerName(issuer: string): string {
  return SPELLINGS.get(issuer.toLowerCase()) ?? issuer
}

/** Whether an identity is a mailbox that is proved by a code, however its type is spelled. */
export function isMailbox({ signInType, issuer }: GivenIdentity): boolean {
  return issuer?.toLowerCase() === MAIL_ISSUER && (signInType === 'federated' || signInType === 'emailAddress')
}

/**
 * What is wrong with an identity that is to be given to an account, in words; undefined when nothing is. Guests may be
 * given a mailbox that they prove with every sign-in: a system that approves sign-ups passes on what it was told.
 */
export function identityProblem(
  identity: GivenIdentity,
  domains: readonly string[],
  userType: 'Guest' | 'Member',
): string | undefined {
  const { signInType, issuer, issuerAssignedId } = identity
  if (!issuer || !issuerAssignedId) return 'issuer and issuerAssignedId must be given.'
  if (userType === 'Guest' && isMailbox(identity)) return undefined
  switch (signInType) {
    case 'emailAddress':
    case 'userName':
      return domains.includes(issuer.toLowerCase())
        ? undefined
        : `issuer must be a domain of this organization when signInType is ${signInType}.`
    case 'federated':
      if (RESERVED_ISSUERS.has(issuer.toLowerCase()) || domains.includes(issuer.toLowerCase())) {
        return `issuer '${issuer}' cannot be federated.`
      }
      return undefined
    default:
      return "signInType must be 'emailAddress', 'userName' or 'federated'."
  }
}

/** Who reads, as far as these rules look at it. */
export type Reader = Actor & { objectId: string; userType?: 'Member' | 'Guest' | undefined }

export type { ReadingPolicy }

/** In force when nobody said what is: the safe side. */
const CLOSED: ReadingPolicy = { guests: 'restricted', membersReadOthers: false }

/** The policy that a caller's request is under. Applications read by permission, whatever it says. */
export function readingOf(caller: { reading?: ReadingPolicy | undefined }): ReadingPolicy {
  return caller.reading ?? CLOSED
}

/**
 * How an object is come by: `named` by its id or user principal name, `related` to something the reader sees already
 * (the manager of somebody, a member of a group, one's own groups), `listed` in a collection of everything there is,
 * filtered or not.
 */
export type Way = 'named' | 'related' | 'listed'

/** What a reader sees of an object. Properties outside a view are there, but null or empty. */
export type View = 'everything' | 'nothing' | { only: ReadonlySet<string> }

/** What a guest of the level "limited" sees of others: name, address, sign-in name, type (Entra: guest permissions). */
export const LIMITED_USER_PROPERTIES: ReadonlySet<string> = new Set([
  'id',
  'displayName',
  'givenName',
  'surname',
  'mail',
  'userPrincipalName',
  'userType',
])

/** That it is there, and no more. */
export const ID_ONLY: View = { only: new Set(['id']) }

const isUnlimited = (reader: Reader) => reader.kind === 'application' || reader.directoryRoles.size > 0

/** Everybody but guests reads as members do, and so do guests who hold a directory role (Entra). */
export function levelOf(reader: Reader, policy: ReadingPolicy): ReadingPolicy['guests'] {
  return isUnlimited(reader) || reader.userType !== 'Guest' ? 'sameAsMembers' : policy.guests
}

/**
 * What a reader sees of a user (Entra: guest access levels). The rule that every read of people passes, whatever the
 * client may do. For a collection ask once with `userId` undefined: "somebody else".
 */
export function userView(reader: Reader, policy: ReadingPolicy, user: { userId?: string; way: Way }): View {
  if (user.userId !== undefined && user.userId === reader.objectId) return 'everything'
  if (!isUnlimited(reader) && !policy.membersReadOthers) return 'nothing'
  switch (levelOf(reader, policy)) {
    case 'sameAsMembers':
      return 'everything'
    case 'limited':
      return user.way === 'listed' ? 'nothing' : { only: LIMITED_USER_PROPERTIES }
    case 'restricted':
      return 'nothing'
  }
}

/** Delegated permissions to read everybody; each application that may read people has one of them, too. */
export const READ_ALL_USERS = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']

/** Graph: User.ReadBasic.All, "the basic profile includes only the following properties"; photos and the like are not here. */
const BASIC_PROFILE: View = {
  only: new Set(['displayName', 'givenName', 'id', 'mail', 'surname', 'userPrincipalName']),
}

/**
 * What the permissions of a client let it see of a user, whoever it acts for; without an id, of somebody else. The
 * route has asked for one of them already; what is left to ask is which, and about whom: User.Read and User.ReadWrite
 * are about oneself. Graph answers properties outside with null or an empty list, and refuses to filter by them.
 */
export function permittedView(
  client: Pick<Reader, 'kind' | 'objectId'> & { permissions: ReadonlySet<string> },
  userId?: string,
): View {
  if (READ_ALL_USERS.some((name) => client.permissions.has(name))) return 'everything'
  // With a basic permission people still read themselves in full.
  if (client.kind === 'user' && userId === client.objectId) return 'everything'
  return client.permissions.has('User.ReadBasic.All') ? BASIC_PROFILE : 'nothing'
}

/** A group in question: is the reader in it, and does it hide who is (Graph: visibility HiddenMembership)? */
export type GroupInQuestion = { way: Way; isMember: boolean; hidesMembership: boolean }

/**
 * What a reader sees of a group itself. Restricted guests see the ids of their own groups and nothing else; limited
 * ones see groups that hide nothing, and their own, but never all there are.
 */
export function groupView(reader: Reader, policy: ReadingPolicy, group: GroupInQuestion): View {
  switch (levelOf(reader, policy)) {
    case 'sameAsMembers':
      return 'everything'
    case 'limited':
      if (group.isMember) return 'everything'
      return group.way === 'listed' || group.hidesMembership ? 'nothing' : 'everything'
    case 'restricted':
      return group.isMember && group.way === 'related' ? ID_ONLY : 'nothing'
  }
}

/**
 * Whether a reader sees who is in a group and who owns it. Hidden membership is seen by members, holders of a role, and
 * clients with Member.Read.Hidden (Graph: group-list-members).
 */
export function maySeeMembers(
  reader: Reader & { permissions: ReadonlySet<string> },
  policy: ReadingPolicy,
  group: GroupInQuestion,
): boolean {
  const view = groupView(reader, policy, group)
  if (view !== 'everything') return false
  if (!group.hidesMembership || group.isMember) return true
  return reader.kind === 'application' ? reader.permissions.has('Member.Read.Hidden') : reader.directoryRoles.size > 0
}

/**
 * Whether a reader hears which directory roles somebody holds, or that a role is there (`holderId` undefined). Guests
 * read nothing of roles below the level of members, but for what they hold themselves (Entra: guest access levels).
 */
export function maySeeRoles(reader: Reader, policy: ReadingPolicy, holderId?: string): boolean {
  return holderId === reader.objectId || levelOf(reader, policy) === 'sameAsMembers'
}

/** What two rules that are both in force leave to see. */
export function narrower(a: View, b: View): View {
  if (a === 'nothing' || b === 'nothing') return 'nothing'
  if (a === 'everything') return b
  if (b === 'everything') return a
  return { only: new Set([...a.only].filter((name) => b.only.has(name))) }
}

/** Whether a view shows the property of this name. */
export function shows(view: View, property: string): boolean {
  return view === 'everything' || (view !== 'nothing' && view.only.has(property))
}
