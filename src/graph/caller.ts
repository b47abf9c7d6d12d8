/**
 * What an organization lets people read of each other (Graph: authorizationPolicy). `guests` is guestUserRoleId: as
 * members do, limited, restricted; `membersReadOthers` is allowedToReadOtherUsers of the default user role.
 */
export type ReadingPolicy = { guests: 'sameAsMembers' | 'limited' | 'restricted'; membersReadOthers: boolean }

/** Who makes a request, as its access token says. Nothing here was read from the request itself. */
export type Caller = {
  tenantId: string
  /** `application`: the client acts in its own name. `user`: it acts for a signed-in person. */
  kind: 'application' | 'user'
  clientId: string
  /** Object id of the service principal or of the user. */
  objectId: string
  displayName: string
  mail?: string | undefined
  userType?: 'Member' | 'Guest' | undefined
  /** Role template ids of the directory roles held. */
  directoryRoles: ReadonlySet<string>
  /** What the policies let people read of each other when the request came; absent for applications. */
  reading?: ReadingPolicy | undefined
  /** Names granted: `roles` of an application, `scp` of a person. */
  permissions: ReadonlySet<string>
  /** The configured origin of the listener that took the connection: the start of every absolute URL in an answer. */
  origin: string
}
