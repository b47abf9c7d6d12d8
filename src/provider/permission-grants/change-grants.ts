import { findPrincipal, graphPrincipal } from '../../applications/index.js'
import { recordAudit } from '../../audit/index.js'
import { findVisibleObjects } from '../../directory/index.js'
import type { Caller } from '../../graph/caller.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { delegatedPermissions } from '../../graph/permissions.js'
import { type Database, type TenantScope, violates } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import {
  deletePermissionGrant,
  findPermissionGrants,
  insertPermissionGrant,
  type PermissionGrant,
  updatePermissionGrant,
} from '../consent-store.js'
import { mayConsent } from '../rules.js'
import { refusals } from './errors.js'

type Needs = { database: Database; clock: () => Date; newId: () => string }

export type GrantWish = {
  clientId: string
  consentType: 'AllPrincipals' | 'Principal'
  principalId?: string | null | undefined
  resourceId: string
  scope: string
}

const known = new Set(delegatedPermissions)
const IGNORED = new Set(['openid', 'profile', 'email', 'offline_access', ''])

/** People change this only with a role that agrees for everybody; what a client may, its permission says. */
function mustBeAllowed(caller: Caller): void {
  if (caller.kind === 'user' && !mayConsent(caller.directoryRoles, ['Directory.ReadWrite.All']))
    throw refusals.roleMissing()
}

/** The names in a list of scopes. OpenID's own need no grant. @throws Refusal for names that Graph does not have. */
function scopesOf(scope: string): string[] {
  const names = [...new Set(scope.trim().split(/\s+/))].filter((name) => !IGNORED.has(name))
  const stranger = names.find((name) => !known.has(name))
  if (stranger !== undefined) {
    throw refusals.invalid(
      'scope',
      `Property scope is invalid: '${stranger.slice(0, 128)}' is no delegated permission.`,
    )
  }
  return names
}

/**
 * Lets an application act in the name of one person or of everybody (Graph: oauth2permissiongrant-post), which is what
 * an administrator's consent is.
 * @throws Refusal: unknown client, person or permission, another resource than Microsoft Graph, a caller who may not.
 */
export async function createGrant(
  needs: Needs,
  context: ReadContext,
  wish: GrantWish,
  idempotent?: IdempotentRequest,
): Promise<PermissionGrant> {
  const { scope, caller } = context
  mustBeAllowed(caller)
  const id = needs.newId()
  const before = await madeBefore(scope, idempotent, id, needs.clock())
  if (before !== undefined) return grantOf(scope, before)
  const client = await findPrincipal(scope, wish.clientId)
  if (!client?.application) throw refusals.notFound(wish.clientId)
  if (wish.resourceId !== (await graphPrincipal(scope)).id) {
    throw refusals.invalid('resourceId', 'Property resourceId is invalid: only Microsoft Graph takes such grants here.')
  }
  const principalId = wish.consentType === 'Principal' ? (wish.principalId ?? '') : null
  if (wish.consentType === 'AllPrincipals' && wish.principalId) {
    throw refusals.invalid(
      'principalId',
      'Property principalId is invalid: it is null when consentType is AllPrincipals.',
    )
  }
  if (principalId !== null) {
    const [person] = principalId === '' ? [] : await findVisibleObjects(context, [principalId])
    if (person?.type !== 'microsoft.graph.user') throw refusals.notFound(principalId)
  }
  const grant = {
    id,
    clientId: wish.clientId,
    principalId,
    scopes: scopesOf(wish.scope),
    createdDateTime: needs.clock(),
  }
  await insertPermissionGrant(scope, grant).catch((error: unknown) => {
    throw violates(error, 'permission_grants_once') ? refusals.exists() : error
  })
  await audit(needs, scope, caller, 'Add delegated permission grant', grant)
  return { ...grant, tenantId: scope.tenantId }
}

/** Replaces what is granted (Graph: oauth2permissiongrant-update). What goes counts from the next token on. */
export async function changeGrant(needs: Needs, caller: Caller, id: string, scope: string): Promise<void> {
  mustBeAllowed(caller)
  await needs.database.withTenant(caller.tenantId, async (tenant) => {
    const grant = await grantOf(tenant, id)
    const scopes = scopesOf(scope)
    await updatePermissionGrant(tenant, id, scopes)
    await audit(needs, tenant, caller, 'Update delegated permission grant', { ...grant, scopes })
  })
}

/** Takes a grant back (Graph: oauth2permissiongrant-delete). */
export async function removeGrant(needs: Needs, caller: Caller, id: string): Promise<void> {
  mustBeAllowed(caller)
  await needs.database.withTenant(caller.tenantId, async (tenant) => {
    const grant = await grantOf(tenant, id)
    await deletePermissionGrant(tenant, id)
    await audit(needs, tenant, caller, 'Remove delegated permission grant', grant)
  })
}

/** @throws Refusal when there is no such grant. */
export async function grantOf(scope: TenantScope, id: string): Promise<PermissionGrant> {
  const [found] = await findPermissionGrants(scope, [id])
  if (!found) throw refusals.notFound(id)
  return found
}

async function audit(
  needs: Pick<Needs, 'clock' | 'newId'>,
  scope: TenantScope,
  caller: Caller,
  activityDisplayName: string,
  { clientId, principalId, scopes }: Pick<PermissionGrant, 'clientId' | 'principalId' | 'scopes'>,
): Promise<void> {
  await recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: needs.clock(),
    activityDisplayName,
    category: 'ApplicationManagement',
    loggedByService: 'Core Directory',
    initiatedBy: { kind: caller.kind, id: caller.objectId, displayName: caller.displayName },
    targetId: clientId,
    additionalDetails: { principalId, scopes },
  })
}
