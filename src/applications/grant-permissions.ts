import type { TenantScope } from '../platform/database.js'
import { raiseVersion } from '../tenants/index.js'
import { setPermissions } from './assignments/graph-permissions.js'
import { knownPermissions } from './create-application.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { lockApplication } from './store.js'

/**
 * Replaces what is granted to the application. What is taken away counts at once, in tokens already issued too; what
 * is added comes with the next token.
 * @throws Refusal `applicationNotFound` (also without a service principal), `unknownPermission`.
 */
export async function grantPermissions(
  scope: TenantScope,
  applicationId: string,
  permissions: readonly string[],
  needs: Pick<Needs, 'clock'>,
): Promise<void> {
  const known = knownPermissions(permissions)
  const application = await lockApplication(scope, applicationId)
  if (!application || application.servicePrincipalId === null) throw refusals.notFound(applicationId)
  const { id, servicePrincipalId } = application
  await setPermissions(scope, { id, servicePrincipalId }, known, needs.clock())
  await raiseVersion(scope.orm, scope.tenantId)
}
