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

/** Graph: authorizationPolicy.guestUserRoleId "Restricted": a guest reads nobody but themselves, whatever the client may. */
export function mayReadUser(
  caller: Actor & { objectId: string; userType?: 'Member' | 'Guest' | undefined },
  userId: string,
): boolean {
  if (caller.kind === 'application' || caller.userType !== 'Guest' || caller.directoryRoles.size > 0) return true
  return caller.objectId === userId
}

/** Any of these lets a client read whole profiles (Graph: permissions of user-get and user-list). */
const FULL_PROFILES = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']

/** Graph: User.ReadBasic.All, "the basic profile includes only the following properties"; photos and the like are not here. */
const BASIC_PROFILE: ReadonlySet<string> = new Set([
  'displayName',
  'givenName',
  'id',
  'mail',
  'surname',
  'userPrincipalName',
])

/**
 * What the client's permissions let it read of a user; what the signed-in person may read is another rule. Undefined
 * user: somebody else. Graph answers properties outside with null or an empty list, and refuses to filter by them.
 */
export function readableUserProperties(
  client: { kind: 'application' | 'user'; objectId: string; permissions: ReadonlySet<string> },
  userId?: string,
): 'everything' | { only: ReadonlySet<string> } {
  if (FULL_PROFILES.some((permission) => client.permissions.has(permission))) return 'everything'
  // With a basic permission people still read themselves in full.
  if (client.kind === 'user' && userId === client.objectId) return 'everything'
  return { only: BASIC_PROFILE }
}
