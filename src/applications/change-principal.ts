import type { Caller } from '../graph/caller.js'
import type { Precondition } from '../graph/preferences.js'
import { uuidv7 } from '../kernel/ids.js'
import { GRAPH_APP_ID } from '../kernel/well-known.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import { raiseVersion } from '../tenants/index.js'
import { applicationToChange, principalToChange } from './application-to-change.js'
import { replaceKeys } from './change-credentials.js'
import { forgetDeletedPrincipal } from './deleted-items/store.js'
import { refusals } from './errors.js'
import type { ChangeNeeds } from './needs.js'
import { insertOwner } from './owners-store.js'
import { recordChange } from './record-changes.js'
import { deletedPrincipal, raised, redirectProblem } from './rules.js'
import type { PrincipalChanges } from './schema.js'
import { findApplicationId, updateApplication } from './store.js'
import type { Application, NewApplicationRow, PrincipalProfile } from './tables.js'
import { setApplicationEnabled } from './withdraw-access.js'

const PROFILE = [
  'alternativeNames',
  'description',
  'loginUrl',
  'notes',
  'notificationEmailAddresses',
  'preferredSingleSignOnMode',
  'preferredTokenSigningKeyThumbprint',
  'tags',
] as const satisfies readonly (keyof PrincipalProfile)[]

/**
 * Gives an application its service principal (Graph: servicePrincipal-post-serviceprincipals), without which nobody can
 * sign in as it and nothing can be granted to it. One that was deleted before is gone for good with it. Answers its id.
 * @throws Refusal: no such application, it has one, not the caller's.
 */
export async function createPrincipal(
  needs: ChangeNeeds,
  caller: Caller,
  appId: string,
  wish: Wish,
  idempotent?: IdempotentRequest,
): Promise<string> {
  if (appId === GRAPH_APP_ID) throw refusals.principalExists(appId)
  const now = needs.clock()
  const servicePrincipalId = uuidv7(now.getTime())
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const before = await madeBefore(scope, idempotent, servicePrincipalId, now)
    if (before !== undefined) return before
    const applicationId = await findApplicationId(scope, { appId })
    if (applicationId === undefined) throw refusals.noApplication(appId)
    const application = await applicationToChange(scope, caller, applicationId, () => refusals.noApplication(appId))
    if (application.servicePrincipalId !== null) throw refusals.principalExists(appId)
    await forgetDeletedPrincipal(scope, application)
    await updateApplication(scope, applicationId, {
      servicePrincipalId,
      accountEnabled: wish.accountEnabled ?? true,
      appRoleAssignmentRequired: false,
      principalProfile: {},
      // Whatever an earlier one's tokens said is over.
      tokensValidFrom: new Date(raised(application.tokensValidFrom, now)),
      ...columnsOf(wish, undefined),
    })
    const ownerType = caller.kind === 'user' ? 'user' : 'servicePrincipal'
    await insertOwner(scope, { objectId: servicePrincipalId, ownerId: caller.objectId, ownerType })
    await raiseVersion(scope.orm, scope.tenantId)
    await recordChange(needs, scope, caller, 'Add service principal', servicePrincipalId, { appId })
    return servicePrincipalId
  })
}

/** What a service principal is to be, but for its certificates. */
type Wish = Omit<PrincipalChanges, 'keyCredentials'>

/**
 * Changes a service principal (Graph: servicePrincipal-update).
 * @throws Refusal: unknown, Graph's, not the caller's, another version than `If-Match` names.
 */
export async function changePrincipal(
  needs: ChangeNeeds,
  caller: Caller,
  id: string,
  changes: PrincipalChanges,
  mustBe: Precondition,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const application = await principalToChange(scope, caller, id)
    mustBe(application.changedXid)
    await updateApplication(scope, application.id, columnsOf(changes, application))
    const { accountEnabled, keyCredentials } = changes
    if (keyCredentials) await replaceKeys(needs, scope, application, keyCredentials, true)
    if (accountEnabled !== undefined && accountEnabled !== application.accountEnabled) {
      await setApplicationEnabled(scope, application.id, accountEnabled, needs)
    }
    await raiseVersion(scope.orm, scope.tenantId)
    await recordChange(needs, scope, caller, 'Update service principal', id, { properties: Object.keys(changes) })
  })
}

/**
 * Deletes a service principal (Graph: servicePrincipal-delete), whose application stays. What is assigned at it and to
 * it is hidden, and stays while it can be restored (`deleted-items`).
 * @throws Refusal: unknown, Graph's, not the caller's, another version.
 */
export async function deletePrincipal(
  needs: ChangeNeeds,
  caller: Caller,
  id: string,
  mustBe: Precondition,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const application = await principalToChange(scope, caller, id)
    mustBe(application.changedXid)
    await updateApplication(scope, application.id, deletedPrincipal(application, needs.clock()))
    await raiseVersion(scope.orm, scope.tenantId)
    await recordChange(needs, scope, caller, 'Remove service principal', id, { appId: application.appId })
  })
}

/** What is written down of a wish. @throws Refusal for a value that cannot be. */
function columnsOf(given: Wish, before: Application | undefined): Partial<NewApplicationRow> {
  const problem = given.loginUrl ? redirectProblem('web', given.loginUrl) : undefined
  if (problem) throw refusals.invalidProperty('loginUrl', `Property loginUrl is invalid: ${problem}.`)
  const names = PROFILE.filter((name) => given[name] !== undefined)
  const profile = Object.fromEntries(names.map((name) => [name, given[name] ?? undefined]))
  return {
    ...(given.appRoleAssignmentRequired !== undefined && {
      appRoleAssignmentRequired: given.appRoleAssignmentRequired,
    }),
    ...(names.length > 0 && {
      principalProfile: JSON.parse(JSON.stringify({ ...before?.principalProfile, ...profile })),
    }),
  }
}
