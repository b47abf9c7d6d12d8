import type { Caller } from '../../graph/caller.js'
import { isGuid } from '../../kernel/ids.js'
import { type TenantScope, violates } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { applicationToChange } from '../application-to-change.js'
import { refusals } from '../errors.js'
import type { ChangeNeeds } from '../needs.js'
import { recordChange } from '../record-changes.js'
import { MOST_FEDERATED } from '../rules.js'
import { revokeApplicationTokens } from '../withdraw-access.js'
import type { FederatedCredentialChanges, NewFederatedCredential } from './schema.js'
import {
  countFederated,
  deleteFederated,
  type FederatedCredential,
  findFederatedOf,
  insertFederated,
  updateFederated,
} from './store.js'

type Needs = Pick<ChangeNeeds, 'database' | 'clock' | 'newId'>
const ACTIVITY = 'Update application – Certificates and secrets management'

/**
 * Lets tokens of another issuer prove an application (Graph: application-post-federatedidentitycredentials).
 * @throws Refusal: unknown application, not the caller's, an issuer that is no https address, too many, one like it.
 */
export function addFederated(
  needs: Needs,
  caller: Caller,
  applicationId: string,
  wish: NewFederatedCredential,
  idempotent?: IdempotentRequest,
): Promise<FederatedCredential> {
  const credentialId = needs.newId()
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const before = await madeBefore(scope, idempotent, credentialId, needs.clock())
    if (before !== undefined) return federatedByKey(scope, applicationId, before)
    await applicationToChange(scope, caller, applicationId)
    mustBeIssuer(wish.issuer)
    if ((await countFederated(scope, applicationId)) >= MOST_FEDERATED) throw refusals.tooManyFederated(MOST_FEDERATED)
    const { name, issuer, subject, audiences, description = null } = wish
    const row = {
      tenantId: scope.tenantId,
      applicationId,
      id: credentialId,
      name,
      issuer,
      subject,
      audiences,
      description,
    }
    await insertFederated(scope, row).catch(refuseTaken)
    await recordChange(needs, scope, caller, ACTIVITY, applicationId, { federated: name, issuer, subject })
    return row
  })
}

/** Changes whose tokens count; those that the client got before are refused from then on. @throws Refusal as above. */
export async function changeFederated(
  needs: Needs,
  caller: Caller,
  applicationId: string,
  key: string,
  changes: FederatedCredentialChanges,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    await applicationToChange(scope, caller, applicationId)
    const known = await federatedByKey(scope, applicationId, key)
    const { issuer, subject, audiences, description } = changes
    if (issuer !== undefined) mustBeIssuer(issuer)
    await updateFederated(scope, applicationId, known.id, {
      ...(issuer !== undefined && { issuer }),
      ...(subject !== undefined && { subject }),
      ...(audiences !== undefined && { audiences }),
      ...(description !== undefined && { description }),
    }).catch(refuseTaken)
    await revokeApplicationTokens(scope, applicationId, needs)
    await recordChange(needs, scope, caller, ACTIVITY, applicationId, { federated: known.name })
  })
}

/** Takes the trust back, with every token that the client holds. @throws Refusal: it is not there, not the caller's. */
export async function removeFederated(needs: Needs, caller: Caller, applicationId: string, key: string): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    await applicationToChange(scope, caller, applicationId)
    const known = await federatedByKey(scope, applicationId, key)
    await deleteFederated(scope, applicationId, known.id)
    await revokeApplicationTokens(scope, applicationId, needs)
    await recordChange(needs, scope, caller, ACTIVITY, applicationId, { removed: known.name })
  })
}

/** By id, or by name as Graph takes it too. @throws Refusal */
export async function federatedByKey(
  scope: TenantScope,
  applicationId: string,
  key: string,
): Promise<FederatedCredential> {
  const byName = /^name='(.*)'$/s.exec(key)?.[1] ?? key
  const found = await findFederatedOf(scope, applicationId, isGuid(key) ? { id: key.toLowerCase() } : { name: byName })
  if (!found) throw refusals.credentialNotFound(key)
  return found
}

/** Keys are fetched from below it, so it is an address of that kind. Whether it may be called is seen at each call. */
function mustBeIssuer(issuer: string): void {
  const isAddress = /^https?:\/\/[^/?#\s\\]+[^?#\s\\]*$/i.test(issuer) && URL.canParse(issuer)
  if (isAddress && new URL(issuer).username === '') return
  throw refusals.invalidProperty(
    'issuer',
    'Property issuer is invalid: give the https address that tokens name in iss.',
  )
}

function refuseTaken(error: unknown): never {
  if (violates(error, 'federated_identity_credentials_name')) throw refusals.taken('name')
  if (violates(error, 'federated_identity_credentials_whose')) throw refusals.taken('subject')
  throw error
}
