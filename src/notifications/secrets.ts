import type { Caller } from '../graph/caller.js'
import { DAY_MS, type Instant, later } from '../kernel/instant.js'
import type { Keys } from '../platform/crypto.js'
import type { TenantScope } from '../platform/database.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import { sealedAnew } from '../platform/seal-anew.js'
import { newSecret } from '../platform/webhook-signature.js'
import { mustBePermitted, ownerOf } from './create-subscription.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { recordChange } from './record-change.js'
import { readChangeOver } from './rules.js'
import type { SecretRotation } from './schema.js'
import { findSubscription, listSealedSecrets, lockSubscription, updateSubscription } from './subscription-store.js'
import type { Subscription } from './tables.js'

type Secrets = Pick<Subscription, 'secretSealed' | 'previousSecretSealed' | 'previousSecretExpirationDateTime'>

/** The secrets that sign now: the one in force, and the one before it while its time lasts. */
export function secretsOf(keys: Keys, subscription: Secrets, now: Instant): Buffer[] {
  const { secretSealed, previousSecretSealed, previousSecretExpirationDateTime: until } = subscription
  const isGood = previousSecretSealed !== null && until !== null && until > now
  return [secretSealed, ...(isGood ? [previousSecretSealed] : [])].map((sealed) => keys.open('webhook-secret', sealed))
}

/**
 * Gives a subscription a new secret (addition). Until the time asked for, a day from now unless said, requests carry a
 * signature of the old one as well. The new one is for this answer and never shown again, unless the same idempotency
 * key asks once more.
 * @throws Refusal: unknown or over, a time too far away, no permission now.
 */
export async function rotateSecret(
  needs: Pick<Needs, 'database' | 'keys' | 'clock' | 'newId'>,
  caller: Caller,
  id: string,
  wish: SecretRotation,
  idempotent?: IdempotentRequest,
): Promise<{ subscription: Subscription; secret: Buffer }> {
  const now = needs.clock()
  const wanted = wish.previousSecretExpirationDateTime
  const until = wanted ? readChangeOver(new Date(wanted), now) : later(now, DAY_MS)
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    await lockSubscription(scope, id)
    const known = await findSubscription(scope, ownerOf(caller), id, now)
    if (!known) throw refusals.notFound()
    mustBePermitted(caller, known)
    if (await madeBefore(scope, idempotent, id, now)) {
      return { subscription: known, secret: needs.keys.open('webhook-secret', known.secretSealed) }
    }
    const secret = newSecret()
    const changes: Secrets = {
      secretSealed: needs.keys.seal('webhook-secret', secret),
      previousSecretSealed: until > now ? known.secretSealed : null,
      previousSecretExpirationDateTime: until > now ? until : null,
    }
    await updateSubscription(scope, id, changes)
    await recordChange(needs, scope, caller, id, 'Rotate subscription secret')
    return { subscription: { ...known, ...changes }, secret }
  })
}

/** Seals with the secret in force what an earlier `VESTIBULE_SECRET` sealed, so that the earlier one can be given up. */
export async function sealSecretsAnew(scope: TenantScope, keys: Keys): Promise<void> {
  // Without an earlier secret there is nothing that it could have sealed.
  if (keys.all('webhook-secret').length === 1) return
  const anew = (sealed: Buffer) => sealedAnew(keys, 'webhook-secret', sealed)
  for (const { id } of await listSealedSecrets(scope)) {
    const row = await lockSubscription(scope, id)
    const secretSealed = row && anew(row.secretSealed)
    const previousSecretSealed = row?.previousSecretSealed && anew(row.previousSecretSealed)
    if (!secretSealed && !previousSecretSealed) continue
    await updateSubscription(scope, id, {
      ...(secretSealed && { secretSealed }),
      ...(previousSecretSealed && { previousSecretSealed }),
    })
  }
}

/** How many subscriptions of a tenant still need an earlier `VESTIBULE_SECRET`. */
export async function countOutdatedWebhookSecrets(scope: TenantScope, keys: Keys): Promise<number> {
  const rows = await listSealedSecrets(scope)
  return rows.filter(({ secretSealed, previousSecretSealed }) =>
    [secretSealed, previousSecretSealed].some((sealed) => sealed && keys.isOutdated('webhook-secret', sealed)),
  ).length
}

/** How many subscriptions of an organization are signed for with a secret that none of the configured ones opens. */
export async function countUnopenedWebhookSecrets(scope: TenantScope, keys: Keys): Promise<number> {
  const rows = await listSealedSecrets(scope)
  return rows.filter(({ secretSealed }) => !keys.canOpen('webhook-secret', secretSealed)).length
}
