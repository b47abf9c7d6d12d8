import type { Caller } from '../../graph/caller.js'
import { DEFAULT_ACCESS, GRAPH_APP_ID } from '../../kernel/well-known.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { ownsApplication } from '../application-to-change.js'
import { refusals } from '../errors.js'
import { graphRoles } from '../graph-principal.js'
import type { ChangeNeeds } from '../needs.js'
import { findPrincipal, type Principal } from '../principals-store.js'
import { recordChange } from '../record-changes.js'
import { mayAssignRole, mayReadApplications } from '../rules.js'
import { findApplicationOfPrincipal } from '../store.js'
import type { PrincipalType } from '../tables.js'
import { followAssignments } from './graph-permissions.js'
import {
  deleteAssignment,
  findAssignable,
  findAssignments,
  insertAssignment,
  type NamedAssignment,
  rolesAssigned,
} from './store.js'

type Needs = Pick<ChangeNeeds, 'database' | 'clock' | 'newId'>

/** What is to be assigned to whom, all of them object ids but the role's. */
export type AssignmentWish = { principalId: string; resourceId: string; appRoleId: string }

/** One side of an assignment that the request names in its path. */
export type Side = { end: 'principal'; type: PrincipalType; id: string } | { end: 'resource'; id: string }

const ACTIVITIES = {
  User: ['Add app role assignment grant to user', 'Remove app role assignment from user'],
  Group: ['Add app role assignment to group', 'Remove app role assignment from group'],
  ServicePrincipal: [
    'Add app role assignment to service principal',
    'Remove app role assignment from service principal',
  ],
} as const

/** Assigns a role of an application (Graph: user-post-approleassignments and its like). @throws Refusal */
export function assignRole(
  needs: Needs,
  caller: Caller,
  side: Side,
  wish: AssignmentWish,
  idempotent?: IdempotentRequest,
): Promise<NamedAssignment> {
  const id = needs.newId()
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const before = await madeBefore(scope, idempotent, id, needs.clock())
    if (before !== undefined) {
      const [first] = await findAssignments(scope, [before])
      if (!first) throw refusals.assignmentNotFound(before)
      return first
    }
    const isOfPath = side.id === (side.end === 'principal' ? wish.principalId : wish.resourceId)
    if (!isOfPath && side.end === 'principal') throw refusals.principalMismatch(wish.principalId)
    if (!isOfPath) throw refusals.resourceMismatch(wish.resourceId)
    const only = side.end === 'principal' ? side.type : undefined
    return assignRoleWithin(needs, scope, caller, { ...wish, id }, only)
  })
}

/**
 * The same in a transaction of the caller's: for invitations that name applications.
 * @throws Refusal: unknown principal, resource or role, a role for others, one that is assigned, a caller who may not.
 */
export async function assignRoleWithin(
  needs: Pick<Needs, 'clock' | 'newId'>,
  scope: TenantScope,
  caller: Caller,
  wish: AssignmentWish & { id?: string },
  only?: PrincipalType,
): Promise<NamedAssignment> {
  const { principalId, resourceId, appRoleId } = wish
  // Locked first: whoever changes a client's permissions has its row.
  const client = await findApplicationOfPrincipal(scope, principalId)
  const found = client
    ? { principalType: 'ServicePrincipal' as const, displayName: client.displayName }
    : await findAssignable(scope, principalId)
  if (!found || (only && found.principalType !== only)) throw refusals.referenceNotFound(principalId)
  const resource = await findPrincipal(scope, resourceId)
  if (!resource) throw refusals.principalNotFound(resourceId)
  if (!(await isAllowed(scope, caller, resource, found.principalType))) {
    // Whoever does not read applications does not learn that there is one.
    throw mayReadApplications(caller) ? refusals.roleMissing() : refusals.principalNotFound(resourceId)
  }
  mustHaveRole(resource, appRoleId, found.principalType)
  const assignment = {
    id: wish.id ?? needs.newId(),
    resourceId,
    principalId,
    principalType: found.principalType,
    appRoleId,
    createdDateTime: needs.clock(),
  }
  if (!(await insertAssignment(scope, assignment))) throw refusals.assignmentExists()
  if (resource.appId === GRAPH_APP_ID) await followAssignments(scope, principalId)
  await recordChange(needs, scope, caller, ACTIVITIES[found.principalType][0], principalId, { resourceId, appRoleId })
  return {
    ...assignment,
    tenantId: scope.tenantId,
    principalDisplayName: found.displayName,
    resourceDisplayName: resource.displayName,
  }
}

/**
 * Assigns several roles to a guest in a transaction of the caller's: for invitations that name applications. What the
 * guest has already stays as it is.
 * @throws Refusal as above, and when the client may not assign roles.
 */
export async function assignRolesTo(
  needs: Pick<Needs, 'clock' | 'newId'>,
  scope: TenantScope,
  assignments: readonly Omit<AssignmentWish, 'principalId'>[],
  userId: string,
  caller: Caller,
): Promise<void> {
  if (!caller.permissions.has('AppRoleAssignment.ReadWrite.All')) throw refusals.roleMissing()
  for (const { resourceId, appRoleId } of assignments) {
    const held = await rolesAssigned(scope, userId, resourceId)
    if (held.includes(appRoleId)) continue
    await assignRoleWithin(needs, scope, caller, { principalId: userId, resourceId, appRoleId }, 'User')
  }
}

/** Takes an assignment back (Graph: user-delete-approleassignments and its like). @throws Refusal */
export async function unassignRole(needs: Needs, caller: Caller, side: Side, id: string): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const assignment = await assignmentOf(scope, side, id)
    const { principalId, principalType, resourceId, appRoleId } = assignment
    const resource = await findPrincipal(scope, resourceId)
    if (!resource) throw refusals.principalNotFound(resourceId)
    if (!(await isAllowed(scope, caller, resource, principalType))) throw refusals.roleMissing()
    if (principalType === 'ServicePrincipal') await findApplicationOfPrincipal(scope, principalId)
    await deleteAssignment(scope, id)
    if (resource.appId === GRAPH_APP_ID) await followAssignments(scope, principalId)
    await recordChange(needs, scope, caller, ACTIVITIES[principalType][1], principalId, { resourceId, appRoleId })
  })
}

/** One assignment on the side that a path names. @throws Refusal: it is not there. */
export async function assignmentOf(scope: TenantScope, side: Side, id: string): Promise<NamedAssignment> {
  const [found] = await findAssignments(scope, [id])
  const isOfPath =
    side.end === 'resource'
      ? found?.resourceId === side.id
      : found?.principalId === side.id && found.principalType === side.type
  if (!found || !isOfPath) throw refusals.assignmentNotFound(id)
  return found
}

async function isAllowed(scope: TenantScope, caller: Caller, resource: Principal, principalType: PrincipalType) {
  const isOwner = resource.application ? await ownsApplication(scope, caller, resource.application) : false
  const role = {
    isOwner,
    isGraph: resource.appId === GRAPH_APP_ID,
    isForApplication: principalType === 'ServicePrincipal',
  }
  return mayAssignRole(caller, role)
}

/** The default role is for applications that have none for that kind of principal (Graph: appRoleId). */
function mustHaveRole({ appId, application }: Principal, roleId: string, principalType: PrincipalType): void {
  const roles = appId === GRAPH_APP_ID ? graphRoles : (application?.appRoles ?? [])
  const kind = principalType === 'ServicePrincipal' ? 'Application' : 'User'
  const fitting = roles.filter((role) => role.isEnabled !== false && role.allowedMemberTypes.includes(kind))
  if (roleId === DEFAULT_ACCESS && fitting.length === 0) return
  const role = roles.find(({ id, isEnabled }) => id === roleId && isEnabled !== false)
  if (!role) throw refusals.roleUnknown(appId)
  if (!role.allowedMemberTypes.includes(kind)) throw refusals.roleForOthers(kind)
}
