import { uuidv7 } from '../../kernel/ids.js'
import type { TenantScope } from '../../platform/database.js'
import { raiseVersion } from '../../tenants/index.js'
import { graphRoles } from '../graph-principal.js'
import { graphPrincipal } from '../principals-store.js'
import { findApplicationOfPrincipal, updateApplication } from '../store.js'
import { deleteRolesOf, insertAssignments, rolesAssigned } from './store.js'

const nameOf = new Map(graphRoles.map(({ id, value }) => [id, value ?? '']))
const idOf = new Map(graphRoles.map(({ id, value }) => [value ?? '', id]))

/**
 * Grants a client exactly these permissions of Graph: an assignment each, and their names where the token endpoint
 * reads them. The application is locked already.
 */
export async function setPermissions(
  scope: TenantScope,
  application: { id: string; servicePrincipalId: string },
  names: readonly string[],
  now: Date,
): Promise<void> {
  const { id: resourceId } = await graphPrincipal(scope)
  const principalId = application.servicePrincipalId
  const wanted = names.flatMap((name) => idOf.get(name) ?? [])
  const before = await rolesAssigned(scope, principalId, resourceId)
  const gone = before.filter((id) => !wanted.includes(id))
  await deleteRolesOf(scope, principalId, resourceId, gone)
  await insertAssignments(
    scope,
    wanted
      .filter((id) => !before.includes(id))
      .map((appRoleId) => ({
        id: uuidv7(now.getTime()),
        resourceId,
        principalId,
        principalType: 'ServicePrincipal',
        appRoleId,
        createdDateTime: now,
      })),
  )
  await updateApplication(scope, application.id, { permissions: [...names] })
}

/** Brings the names where the token endpoint reads them in line with a client's assignments. */
export async function followAssignments(scope: TenantScope, principalId: string): Promise<void> {
  const application = await findApplicationOfPrincipal(scope, principalId)
  if (!application) return
  const { id: resourceId } = await graphPrincipal(scope)
  const roles = await rolesAssigned(scope, principalId, resourceId)
  const permissions = roles.flatMap((id) => nameOf.get(id) ?? []).sort()
  await updateApplication(scope, application.id, { permissions })
  await raiseVersion(scope.orm, scope.tenantId)
}
