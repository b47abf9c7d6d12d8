import type { Caller } from '../graph/caller.js'
import type { Precondition } from '../graph/preferences.js'
import { uuidv7 } from '../kernel/ids.js'
import { type TenantScope, violates } from '../platform/database.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import { raiseVersion } from '../tenants/index.js'
import type { NewSecret } from './add-credential.js'
import { applicationToChange } from './application-to-change.js'
import { deleteRoles } from './assignments/store.js'
import { addKeys, addSecrets, replaceKeys } from './change-credentials.js'
import { refusals } from './errors.js'
import type { ChangeNeeds } from './needs.js'
import { insertOwner } from './owners-store.js'
import { recordChange } from './record-changes.js'
import { secretToldBefore } from './replayed-secrets.js'
import { deletedPrincipal, isIdentifierUri, mayCreateApplication, redirectProblem, rolesProblem } from './rules.js'
import type { ApplicationChanges, NewApplicationBody } from './schema.js'
import { findApplications, insertApplication, readCredentials, updateApplication } from './store.js'
import type { Application, ApplicationProfile, NewApplicationRow } from './tables.js'

/** Properties that only their writer reads. */
const PROFILE = [
  'defaultRedirectUri',
  'description',
  'info',
  'isDeviceOnlyAuthSupported',
  'notes',
  'optionalClaims',
  'serviceManagementReference',
] as const satisfies readonly (keyof ApplicationProfile)[]

/**
 * Registers an application (Graph: application-post-applications); whoever does so owns it. It has no service principal
 * yet. The secrets that were asked for are told in the answer and never again.
 * @throws Refusal: a caller who may not, a value that is wrong or taken.
 */
export async function registerApplication(
  needs: ChangeNeeds,
  caller: Caller,
  wish: NewApplicationBody,
  idempotent?: IdempotentRequest,
): Promise<{ id: string; secrets: NewSecret[] }> {
  const tenant = await needs.tenants.find(caller.tenantId)
  if (!tenant) throw new Error('a caller without a tenant was let in')
  const { authorization } = await needs.policies.of(tenant)
  const { allowedToCreateApps } = authorization.defaultUserRolePermissions
  if (!mayCreateApplication(caller, { membersCreateApps: allowedToCreateApps })) throw refusals.roleMissing()
  const now = needs.clock()
  const { uniqueName = null, displayName, passwordCredentials = [], keyCredentials = [] } = wish
  const id = uuidv7(now.getTime())
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const before = await madeBefore(scope, idempotent, id, now)
    if (idempotent && before !== undefined) return registeredBefore(needs, scope, idempotent, before)
    const application = await insertApplication(scope, {
      id,
      appId: uuidv7(now.getTime()),
      servicePrincipalId: null,
      displayName,
      uniqueName,
      createdByAppId: caller.clientId,
      createdDateTime: now,
      ...columnsOf(wish, undefined),
    }).catch((error: unknown) => {
      throw violates(error, 'applications_unique_name') ? refusals.taken('uniqueName') : error
    })
    await insertOwner(scope, {
      objectId: application.id,
      ownerId: caller.objectId,
      ownerType: caller.kind === 'user' ? 'user' : 'servicePrincipal',
    })
    await addKeys(needs, scope, application, keyCredentials)
    const secrets = await addSecrets(needs, scope, application, passwordCredentials, { idempotent })
    await recordChange(needs, scope, caller, 'Add application', application.id, { displayName })
    return { id: application.id, secrets }
  })
}

/** What a request with this key was answered, secrets included. @throws Refusal when it was deleted since. */
async function registeredBefore(
  { keys }: ChangeNeeds,
  scope: TenantScope,
  idempotent: IdempotentRequest,
  id: string,
): Promise<{ id: string; secrets: NewSecret[] }> {
  const [application] = await findApplications(scope, [id])
  if (!application) throw refusals.notFound(id)
  const known = await readCredentials(scope, [id], { kind: 'secret', isOfPrincipal: false })
  return { id, secrets: known.flatMap((row) => secretToldBefore(keys, idempotent, application, row) ?? []) }
}

/**
 * Changes an application (Graph: application-update).
 * @throws Refusal: unknown, not the caller's, a wrong value, another version than `If-Match` names.
 */
export async function changeApplication(
  needs: ChangeNeeds,
  caller: Caller,
  id: string,
  changes: ApplicationChanges,
  mustBe: Precondition,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const application = await applicationToChange(scope, caller, id)
    mustBe(application.changedXid)
    const { displayName } = changes
    await updateApplication(scope, id, {
      ...(displayName !== undefined && { displayName }),
      ...columnsOf(changes, application),
    })
    if (changes.appRoles) await forgetRoles(scope, application, changes.appRoles)
    if (changes.keyCredentials) await replaceKeys(needs, scope, application, changes.keyCredentials)
    await raiseVersion(scope.orm, scope.tenantId)
    await recordChange(needs, scope, caller, 'Update application', id, { properties: Object.keys(changes) })
  })
}

/**
 * Deletes an application with its service principal (Graph: application-delete). Every token it holds is refused from
 * then on, and none is given. What hangs on them stays for 30 days, in which they can be restored (`deleted-items`).
 * @throws Refusal: unknown, not the caller's, another version.
 */
export async function deleteApplication(
  needs: ChangeNeeds,
  caller: Caller,
  id: string,
  mustBe: Precondition,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const application = await applicationToChange(scope, caller, id)
    mustBe(application.changedXid)
    const now = needs.clock()
    await updateApplication(scope, id, {
      deletedDateTime: now,
      ...(application.servicePrincipalId !== null && deletedPrincipal(application, now)),
    })
    await raiseVersion(scope.orm, scope.tenantId)
    await recordChange(needs, scope, caller, 'Delete application', id, { displayName: application.displayName })
  })
}

/** A role that is gone is nobody's any more. */
async function forgetRoles(scope: TenantScope, application: Application, roles: readonly { id: string }[]) {
  const kept = new Set(roles.map(({ id }) => id.toLowerCase()))
  const gone = application.appRoles.map(({ id }) => id).filter((id) => !kept.has(id))
  if (application.servicePrincipalId !== null) await deleteRoles(scope, application.servicePrincipalId, gone)
}

type Given = Omit<ApplicationChanges, 'displayName'>

/** What is written down of a wish. @throws Refusal for a value that cannot be. */
function columnsOf(given: Given, before: Application | undefined): Partial<NewApplicationRow> {
  mustBeRedirects('web', 'web.redirectUris', given.web?.redirectUris)
  mustBeRedirects('spa', 'spa.redirectUris', given.spa?.redirectUris)
  mustBeRedirects('publicClient', 'publicClient.redirectUris', given.publicClient?.redirectUris)
  for (const name of ['homePageUrl', 'logoutUrl', 'backChannelLogoutUrl'] as const) {
    const url = given.web?.[name]
    if (url) mustBeRedirects('web', `web.${name}`, [url])
  }
  const wrong = given.identifierUris?.find((uri) => !isIdentifierUri(uri))
  if (wrong !== undefined) {
    throw refusals.invalidProperty('identifierUris', `'${wrong.slice(0, 128)}' is no identifier such as api://name.`)
  }
  const roles = given.appRoles?.map(({ origin: _, ...role }) => ({ ...role, id: role.id.toLowerCase() }))
  const problem = roles && rolesProblem('appRoles', roles, before?.appRoles ?? [])
  if (problem) throw problem
  const profile = profileOf(given, before?.profile ?? {})
  return {
    ...(given.signInAudience !== undefined && { signInAudience: given.signInAudience }),
    ...(given.identifierUris && { identifierUris: given.identifierUris }),
    ...(given.tags && { tags: given.tags }),
    ...(roles && { appRoles: roles }),
    ...(given.api !== undefined && { api: { ...before?.api, ...given.api } }),
    ...(given.web !== undefined && { web: { ...before?.web, ...given.web } }),
    ...(given.spa !== undefined && { spa: { ...before?.spa, ...given.spa } }),
    ...(given.publicClient !== undefined && { publicClient: { ...before?.publicClient, ...given.publicClient } }),
    ...(given.requiredResourceAccess && { requiredResourceAccess: given.requiredResourceAccess }),
    ...(given.groupMembershipClaims !== undefined && { groupMembershipClaims: given.groupMembershipClaims }),
    ...(given.isFallbackPublicClient !== undefined && { isFallbackPublicClient: given.isFallbackPublicClient }),
    ...(profile && { profile }),
  }
}

/** The profile with what was given changed in it; undefined when nothing of it was given. */
function profileOf(given: Given, before: ApplicationProfile): ApplicationProfile | undefined {
  const names = PROFILE.filter((name) => given[name] !== undefined)
  if (names.length === 0) return undefined
  const changes = Object.fromEntries(names.map((name) => [name, given[name] ?? undefined]))
  const info = given.info ? { info: { ...before.info, ...given.info } } : {}
  return JSON.parse(JSON.stringify({ ...before, ...changes, ...info }))
}

/** @throws Refusal naming the address. */
function mustBeRedirects(
  kind: Parameters<typeof redirectProblem>[0],
  target: string,
  addresses: readonly string[] | undefined,
): void {
  for (const address of addresses ?? []) {
    const problem = redirectProblem(kind, address)
    if (problem) {
      throw refusals.invalidProperty(target, `'${address.slice(0, 256)}' cannot be used as ${target}: ${problem}.`)
    }
  }
}
