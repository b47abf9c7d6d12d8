import type { TenantScope } from '../platform/database.js'
import { raiseVersion } from '../tenants/index.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { raised } from './rules.js'
import { deleteCredential, lockApplication, updateApplication } from './store.js'

/**
 * Removes a secret or key. Every token the client holds is refused from now on, whichever credential it came from:
 * a removed credential may have leaked, and the client gets a new token with another.
 * @throws Refusal `applicationNotFound`, for an unknown credential too.
 */
export async function removeCredential(
  scope: TenantScope,
  applicationId: string,
  keyId: string,
  needs: Pick<Needs, 'clock'>,
): Promise<void> {
  await revokeApplicationTokens(scope, applicationId, needs)
  if (!(await deleteCredential(scope, applicationId, keyId))) throw refusals.notFound(keyId)
}

/**
 * Disables or enables an application (Graph: servicePrincipal.accountEnabled). Tokens issued before it was disabled
 * stay refused when it is enabled again.
 * @throws Refusal `applicationNotFound`.
 */
export async function setApplicationEnabled(
  scope: TenantScope,
  applicationId: string,
  enabled: boolean,
  needs: Pick<Needs, 'clock'>,
): Promise<void> {
  if (!enabled) await revokeApplicationTokens(scope, applicationId, needs)
  else if (!(await lockApplication(scope, applicationId))) throw refusals.notFound(applicationId)
  await updateApplication(scope, applicationId, { accountEnabled: enabled })
  await raiseVersion(scope.orm, scope.tenantId)
}

/** Refuses every token issued to the application so far. @throws Refusal `applicationNotFound`. */
export async function revokeApplicationTokens(
  scope: TenantScope,
  applicationId: string,
  needs: Pick<Needs, 'clock'>,
): Promise<void> {
  const application = await lockApplication(scope, applicationId)
  if (!application) throw refusals.notFound(applicationId)
  const tokensValidFrom = new Date(raised(application.tokensValidFrom, needs.clock()))
  await updateApplication(scope, applicationId, { tokensValidFrom })
  await raiseVersion(scope.orm, scope.tenantId)
}
