import type { Caller } from '../graph/caller.js'
import type { TenantScope } from '../platform/database.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import { raiseVersion } from '../tenants/index.js'
import { applicationToChange, principalToChange } from './application-to-change.js'
import { addKeys } from './change-credentials.js'
import { refusals } from './errors.js'
import type { ChangeNeeds } from './needs.js'
import { findPrincipal } from './principals-store.js'
import { mustProveKey } from './prove-key.js'
import { recordChange } from './record-changes.js'
import type { KeyCredential } from './schema.js'
import {
  deleteCredential,
  findApplicationOfPrincipal,
  findApplications,
  lockApplication,
  readCredentials,
} from './store.js'
import type { Application, Credential } from './tables.js'
import { revokeApplicationTokens } from './withdraw-access.js'

/** Whose keys are rolled: an application's, or those that its service principal lists as its own. */
export type KeyHolder = { id: string; isOfPrincipal: boolean }

/**
 * Adds a certificate for whoever proves to have one that is good now (Graph: application-addKey). A client needs no
 * permission for its own.
 * @throws Refusal: unknown, not the caller's, no proof, too many, a certificate that cannot be used.
 */
export async function addKey(
  needs: ChangeNeeds,
  caller: Caller,
  holder: KeyHolder,
  { proof, wish }: { proof: string; wish: KeyCredential },
  idempotent?: IdempotentRequest,
): Promise<Credential> {
  const keyId = needs.newId()
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const application = await holderToRoll(scope, caller, holder)
    await mustProveKey(scope, { ...holder, applicationId: application.id }, proof, needs.clock())
    const before = await madeBefore(scope, idempotent, keyId, needs.clock())
    if (before === undefined) {
      const { isOfPrincipal } = holder
      await addKeys(needs, scope, application, [{ ...wish, keyId }], {
        isOfPrincipal,
        target: () => 'keyCredential.key',
      })
      await raiseVersion(scope.orm, scope.tenantId)
      await recordChange(needs, scope, caller, activityOf(holder, 'Add'), holder.id, { added: keyId })
    }
    return keyOf(scope, application, holder, before ?? keyId)
  })
}

/** Removes a certificate, with the same proof (Graph: application-removeKey). Every token the client holds is refused from then on. */
export async function removeKey(
  needs: ChangeNeeds,
  caller: Caller,
  holder: KeyHolder,
  { proof, keyId }: { proof: string; keyId: string },
  idempotent?: IdempotentRequest,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const application = await holderToRoll(scope, caller, holder)
    if (await madeBefore(scope, idempotent, keyId, needs.clock())) return
    await mustProveKey(scope, { ...holder, applicationId: application.id }, proof, needs.clock())
    await keyOf(scope, application, holder, keyId)
    await deleteCredential(scope, application.id, keyId)
    await revokeApplicationTokens(scope, application.id, needs)
    await raiseVersion(scope.orm, scope.tenantId)
    await recordChange(needs, scope, caller, activityOf(holder, 'Remove'), holder.id, { removed: keyId })
  })
}

/** Whether the holder is the client itself. */
export async function isOwnHolder(scope: TenantScope, caller: Caller, holder: KeyHolder): Promise<boolean> {
  const { id, isOfPrincipal } = holder
  const [application] = isOfPrincipal
    ? [(await findPrincipal(scope, id))?.application]
    : await findApplications(scope, [id])
  return application !== undefined && isClient(caller, application)
}

function isClient({ kind, clientId }: Caller, { appId }: Application): boolean {
  return kind === 'application' && clientId === appId
}

async function holderToRoll(
  scope: TenantScope,
  caller: Caller,
  { id, isOfPrincipal }: KeyHolder,
): Promise<Application> {
  const application = isOfPrincipal ? await findApplicationOfPrincipal(scope, id) : await lockApplication(scope, id)
  if (application && isClient(caller, application)) return application
  return isOfPrincipal ? principalToChange(scope, caller, id) : applicationToChange(scope, caller, id)
}

async function keyOf(scope: TenantScope, { id }: Application, { isOfPrincipal }: KeyHolder, keyId: string) {
  const known = await readCredentials(scope, [id], { kind: 'key', isOfPrincipal })
  const found = known.find((credential) => credential.keyId === keyId)
  if (!found) throw refusals.credentialNotFound(keyId)
  return found
}

function activityOf({ isOfPrincipal }: KeyHolder, verb: 'Add' | 'Remove') {
  return isOfPrincipal
    ? (`${verb} service principal credentials` as const)
    : ('Update application – Certificates and secrets management' as const)
}
