import type { Refusal } from '../../kernel/refusal.js'
import { refusals } from './errors.js'

/** Graph's role template ids of those who administer groups. */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const USER_ADMINISTRATOR = 'fe930be7-5e62-47db-91af-98c3a49a38b1'
const GROUPS_ADMINISTRATOR = 'fdd7a751-b60b-444a-984c-02652fe8fa1c'
const PRIVILEGED_ROLE_ADMINISTRATOR = 'e8611ab8-c189-46e8-94e1-60213ab1f814'

/** Graph: owners of a group. */
export const MAX_OWNERS = 100
/** Entra's own limit is 15,000; each change of a user is judged by every rule. */
export const MAX_DYNAMIC_GROUPS = 5_000

type Actor = {
  kind: 'application' | 'user'
  userType?: 'Member' | 'Guest' | undefined
  directoryRoles: ReadonlySet<string>
  permissions: ReadonlySet<string>
}

const holdsAny = ({ directoryRoles }: Actor, ...roles: string[]) => roles.some((role) => directoryRoles.has(role))

/** People who administer every group by a directory role (Entra: built-in roles). */
export function administersGroups(caller: Actor): boolean {
  return holdsAny(caller, GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR, GROUPS_ADMINISTRATOR)
}

/**
 * Who may create a group: applications by the permission the route asks for, administrators of groups, and members if
 * the organization lets them (authorizationPolicy: allowedToCreateSecurityGroups). Groups that fill themselves or can
 * hold a directory role are made by administrators only.
 */
export function mayCreateGroup(
  caller: Actor,
  policy: { membersCreateGroups: boolean },
  group: { isDynamic: boolean; isAssignableToRole: boolean },
): boolean {
  if (group.isAssignableToRole) return mayTouchRoleAssignable(caller)
  if (caller.kind === 'application' || administersGroups(caller)) return true
  return policy.membersCreateGroups && caller.userType !== 'Guest' && !group.isDynamic
}

/** Which part of a group is to change. */
export type GroupPart = 'properties' | 'members' | 'owners' | 'rule' | 'whole'

/**
 * Who may change a group: administrators of groups, and its owners everything but a membership rule (Entra: group
 * owners). One that can hold a directory role is for its owners and those who hand out roles.
 */
export function mayChangeGroup(
  caller: Actor,
  group: { isAssignableToRole: boolean; isOwner: boolean },
  part: GroupPart,
): boolean {
  if (caller.kind === 'user' && group.isOwner && part !== 'rule') return true
  if (group.isAssignableToRole) return mayTouchRoleAssignable(caller)
  return caller.kind === 'application' || administersGroups(caller)
}

/** Graph: role-assignable groups take RoleManagement.ReadWrite.Directory, or the roles that include it. */
function mayTouchRoleAssignable(caller: Actor): boolean {
  if (caller.kind === 'application') return caller.permissions.has('RoleManagement.ReadWrite.Directory')
  return holdsAny(caller, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR)
}

/** What is asked of a new group, or what a group would be after a change. */
export type GroupShape = {
  isUnified: boolean
  isDynamic: boolean
  mailEnabled: boolean
  securityEnabled: boolean
  visibility: string
  isAssignableToRole: boolean
  membershipRule: string | null
}

/**
 * Which groups there are: security groups, and Microsoft 365 groups ("Unified"), either with a membership rule or
 * without. Mail-enabled security groups and distribution lists belong to a mail system (Graph: group types).
 */
export function shapeProblem(group: GroupShape): Refusal | undefined {
  const { isUnified, isDynamic, isAssignableToRole, visibility } = group
  if (isUnified && !group.mailEnabled) {
    return refusals.invalidProperty('mailEnabled', 'A Microsoft 365 group is mail-enabled.')
  }
  if (!isUnified && group.mailEnabled) {
    return refusals.invalidProperty('mailEnabled', "Only groups of the type 'Unified' can be mail-enabled.")
  }
  if (!isUnified && !group.securityEnabled) {
    return refusals.invalidProperty('securityEnabled', "A group without the type 'Unified' is a security group.")
  }
  if (visibility === 'HiddenMembership' && !isUnified) {
    return refusals.invalidProperty('visibility', "Only groups of the type 'Unified' can hide their members.")
  }
  if (isDynamic && group.membershipRule === null) {
    return refusals.invalidProperty('membershipRule', 'A group with dynamic membership needs a rule.')
  }
  if (!isDynamic && group.membershipRule !== null) {
    return refusals.invalidProperty('membershipRule', "A rule needs 'DynamicMembership' among the groupTypes.")
  }
  if (!isAssignableToRole) return undefined
  if (isDynamic || !group.securityEnabled || visibility === 'Public') {
    return refusals.invalidProperty(
      'isAssignableToRole',
      'A group that can hold a role is security-enabled, private, and has assigned members.',
    )
  }
  return undefined
}

/** What stays as it was made (Graph: group-update); `HiddenMembership` cannot be switched on later either. */
export function changeProblem(before: GroupShape, after: GroupShape): Refusal | undefined {
  if (before.isUnified !== after.isUnified) {
    return refusals.invalidProperty('groupTypes', "'Unified' is there from the beginning or never.")
  }
  if (before.mailEnabled !== after.mailEnabled) {
    return refusals.invalidProperty('mailEnabled', 'It cannot be changed.')
  }
  if (before.isAssignableToRole !== after.isAssignableToRole) {
    return refusals.invalidProperty('isAssignableToRole', 'It can only be set when a group is created.')
  }
  if ((before.visibility === 'HiddenMembership') !== (after.visibility === 'HiddenMembership')) {
    return refusals.invalidProperty('visibility', "'HiddenMembership' is there from the beginning or never.")
  }
  return shapeProblem(after)
}

/** Security groups are private and Microsoft 365 groups public unless something else is said (Graph: group.visibility). */
export function defaultVisibility(group: { isUnified: boolean; isAssignableToRole: boolean }): string {
  return group.isUnified && !group.isAssignableToRole ? 'Public' : 'Private'
}
