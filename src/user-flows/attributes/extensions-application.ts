import { createApplication } from '../../applications/index.js'
import type { TenantScope } from '../../platform/database.js'
import { raiseVersion } from '../../tenants/index.js'
import { findExtensionsApplication, insertExtensionsApplication } from './store.js'

/** As Entra calls it. */
const DISPLAY_NAME = 'b2c-extensions-app. Do not modify. Used by AADB2C for storing user data.'

/**
 * The client id of the application that custom attributes are extensions of, made when it is first asked for. It has no
 * permission and no secret: its id in the attributes' names is all it is for.
 */
export async function extensionsApplication(scope: TenantScope, needs: { clock: () => Date }): Promise<string> {
  const known = await findExtensionsApplication(scope)
  if (known !== undefined) return known
  // Locks the organization: of two first attributes at once, the second finds the application of the first.
  await raiseVersion(scope.orm, scope.tenantId)
  const made = await findExtensionsApplication(scope)
  if (made !== undefined) return made
  const { id, appId } = await createApplication(scope, { displayName: DISPLAY_NAME, permissions: [] }, needs)
  await insertExtensionsApplication(scope, { applicationId: id, appId })
  return appId
}
