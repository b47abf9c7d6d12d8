import type { TenantScope } from '../platform/database.js'
import { raiseVersion } from '../tenants/index.js'
import { knownPermissions } from './create-application.js'
import { refusals } from './errors.js'
import { lockApplication, updateApplication } from './store.js'

/**
 * Replaces what is granted to the application. What is taken away counts at once, in tokens already issued too; what
 * is added comes with the next token.
 * @throws Refusal `applicationNotFound`, `unknownPermission`.
 */
export async function grantPermissions(
  scope: TenantScope,
  applicationId: string,
  permissions: readonly string[],
): Promise<void> {
  const known = knownPermissions(permissions)
  if (!(await lockApplication(scope, applicationId))) throw refusals.notFound(applicationId)
  await updateApplication(scope, applicationId, { permissions: known })
  await raiseVersion(scope.orm, scope.tenantId)
}
