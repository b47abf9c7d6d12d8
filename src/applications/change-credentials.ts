import type { Caller } from '../graph/caller.js'
import { uuidv7 } from '../kernel/ids.js'
import type { TenantScope } from '../platform/database.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import { addClientSecret, type NewSecret } from './add-credential.js'
import { applicationToChange } from './application-to-change.js'
import { readCertificate } from './certificate.js'
import { refusals } from './errors.js'
import type { ChangeNeeds } from './needs.js'
import { recordChange } from './record-changes.js'
import { secretTextOf, secretToldBefore } from './replayed-secrets.js'
import { MOST_CREDENTIALS } from './rules.js'
import type { KeyCredential, PasswordCredential } from './schema.js'
import { countCredentials, deleteCredential, insertCredential, readCredentials } from './store.js'
import type { Application } from './tables.js'
import { revokeApplicationTokens } from './withdraw-access.js'

/** Graph: how long a secret lives when nobody says. Two years. */
const DEFAULT_YEARS = 2

/**
 * Adds a secret to an application or to its service principal, and tells it (Graph: application-addPassword).
 * @throws Refusal: unknown, not the caller's, too many, an end that has passed.
 */
export async function addPassword(
  needs: ChangeNeeds,
  caller: Caller,
  applicationId: string,
  wish: PasswordCredential | null | undefined,
  isOfPrincipal: boolean,
  idempotent?: IdempotentRequest,
): Promise<NewSecret> {
  const now = needs.clock()
  const keyId = uuidv7(now.getTime())
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const application = await applicationToChange(scope, caller, applicationId)
    const before = await madeBefore(scope, idempotent, keyId, now)
    if (idempotent && before !== undefined) {
      const known = await readCredentials(scope, [application.id], { kind: 'secret', isOfPrincipal })
      const row = known.find((one) => one.keyId === before)
      const told = row && secretToldBefore(needs.keys, idempotent, application, row)
      if (!told) throw refusals.credentialNotFound(before)
      return told
    }
    const options = { isOfPrincipal, idempotent, keyIds: [keyId] }
    const [secret] = await addSecrets(needs, scope, application, [wish ?? {}], options)
    if (!secret) throw new Error('adding a secret made none')
    const activity = isOfPrincipal
      ? 'Add service principal credentials'
      : 'Update application – Certificates and secrets management'
    await recordChange(needs, scope, caller, activity, applicationId, { added: secret.keyId })
    return secret
  })
}

/** Removes a secret (Graph: application-removePassword). Every token the client holds is refused from then on. */
export async function removePassword(
  needs: ChangeNeeds,
  caller: Caller,
  applicationId: string,
  keyId: string,
  isOfPrincipal: boolean,
  idempotent?: IdempotentRequest,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const { id } = await applicationToChange(scope, caller, applicationId)
    if (await madeBefore(scope, idempotent, applicationId, needs.clock())) return
    const known = await readCredentials(scope, [id], { kind: 'secret', isOfPrincipal })
    if (!known.some((credential) => credential.keyId === keyId)) throw refusals.credentialNotFound(keyId)
    await deleteCredential(scope, id, keyId)
    await revokeApplicationTokens(scope, id, needs)
    const activity = isOfPrincipal
      ? 'Remove service principal credentials'
      : 'Update application – Certificates and secrets management'
    await recordChange(needs, scope, caller, activity, applicationId, { removed: keyId })
  })
}

type SecretOptions = {
  isOfPrincipal?: boolean
  /** Of the request they are made for. */
  idempotent?: IdempotentRequest | undefined
  keyIds?: readonly string[]
}

/** Secrets for an application that the caller has been allowed to change. @throws Refusal */
export async function addSecrets(
  needs: Pick<ChangeNeeds, 'keys' | 'clock'>,
  scope: TenantScope,
  { id }: Pick<Application, 'id'>,
  wishes: readonly PasswordCredential[],
  { isOfPrincipal = false, idempotent, keyIds = [] }: SecretOptions = {},
): Promise<NewSecret[]> {
  const secrets: NewSecret[] = []
  for (const [index, wish] of wishes.entries()) {
    const keyId = keyIds[index] ?? uuidv7(needs.clock().getTime())
    const made = idempotent && { keyId, secretText: secretTextOf(needs.keys, idempotent, keyId) }
    const displayName = wish.displayName ?? undefined
    const startDateTime = wish.startDateTime ? new Date(wish.startDateTime) : undefined
    const endDateTime = wish.endDateTime ? new Date(wish.endDateTime) : afterYears(startDateTime ?? needs.clock())
    const options = { displayName, startDateTime, endDateTime, isOfPrincipal, made }
    const added = await addClientSecret(scope, id, options, needs)
    secrets.push({ ...added, displayName: displayName ?? null, endDateTime })
  }
  return secrets
}

/** Certificates for an application that the caller has been allowed to change. @throws Refusal */
export async function addKeys(
  needs: Pick<ChangeNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  { id }: Pick<Application, 'id'>,
  wishes: readonly KeyCredential[],
  { isOfPrincipal = false, target: targetOf = (index) => `keyCredentials[${index}].key` }: KeyOptions = {},
): Promise<void> {
  const now = needs.clock()
  for (const [index, wish] of wishes.entries()) {
    const target = targetOf(index)
    const isCertificate = (wish.type ?? 'AsymmetricX509Cert') === 'AsymmetricX509Cert'
    if (!wish.key || !isCertificate || (wish.usage ?? 'Verify') !== 'Verify') throw refusals.unusableCertificate(target)
    if ((await countCredentials(scope, id)) >= MOST_CREDENTIALS) throw refusals.tooManyCredentials(MOST_CREDENTIALS)
    const certificate = readCertificate(target, wish.key)
    const startDateTime = wish.startDateTime ? new Date(wish.startDateTime) : certificate.from
    const ends = wish.endDateTime ? new Date(wish.endDateTime) : certificate.to
    // A certificate is never good for longer than it says itself.
    const endDateTime = new Date(Math.min(ends.getTime(), certificate.to.getTime()))
    if (endDateTime <= startDateTime || endDateTime <= now) throw refusals.endsBeforeItStarts()
    const keyId = wish.keyId?.toLowerCase() ?? needs.newId()
    await insertCredential(scope, {
      tenantId: scope.tenantId,
      applicationId: id,
      keyId,
      kind: 'key',
      publicJwk: certificate.publicJwk,
      certificate: certificate.raw,
      customKeyIdentifier: certificate.thumbprint,
      displayName: wish.displayName ?? null,
      isOfPrincipal,
      startDateTime,
      endDateTime,
      createdDateTime: now,
    })
  }
}

/** `target`: what a refusal calls the certificate at a place of the list. */
type KeyOptions = { isOfPrincipal?: boolean; target?: (index: number) => string }

/**
 * Makes the keys of an application, or of its service principal, those of the list: entries without `key` stand for keys it has (Graph: application-update).
 * When one goes, every token the client holds is refused from then on.
 */
export async function replaceKeys(
  needs: Pick<ChangeNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  application: Pick<Application, 'id'>,
  wishes: readonly KeyCredential[],
  isOfPrincipal = false,
): Promise<void> {
  const known = await readCredentials(scope, [application.id], { kind: 'key', isOfPrincipal })
  const named = new Set(wishes.flatMap(({ keyId }) => (keyId ? [keyId.toLowerCase()] : [])))
  const gone = known.filter(({ keyId }) => !named.has(keyId))
  for (const { keyId } of gone) await deleteCredential(scope, application.id, keyId)
  if (gone.length > 0) await revokeApplicationTokens(scope, application.id, needs)
  const kept = new Set(known.map(({ keyId }) => keyId))
  const added = wishes.filter(({ keyId }) => !keyId || !kept.has(keyId.toLowerCase()))
  await addKeys(needs, scope, application, added, { isOfPrincipal })
}

function afterYears(start: Date): Date {
  const end = new Date(start)
  end.setUTCFullYear(end.getUTCFullYear() + DEFAULT_YEARS)
  return end
}
