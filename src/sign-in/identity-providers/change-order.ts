import type { Caller } from '../../graph/caller.js'
import { FALLBACKS, PRECEDENCE } from '../home-realm/rules.js'
import { change, type ProviderNeeds, readDomains } from './change.js'
import { refusals } from './errors.js'
import type { OrderBody } from './schema.js'
import { changeOrder, readProviders } from './store.js'

/**
 * Changes in which order homes are looked for (Graph: crossTenantAccessPolicyConfigurationDefault,
 * invitationRedemptionIdentityProviderConfiguration). One fallback always remains. @throws Refusal
 */
export async function changeRedemptionOrder(needs: ProviderNeeds, caller: Caller, body: OrderBody): Promise<void> {
  const wish = body.invitationRedemptionIdentityProviderConfiguration
  const { primaryIdentityProviderPrecedenceOrder: precedence, fallbackIdentityProvider: fallback } = wish
  const isOrder = precedence?.every((name) => PRECEDENCE.some((known) => known === name)) ?? true
  if (!isOrder || new Set(precedence).size !== (precedence?.length ?? 0)) {
    throw refusals.unknownOrder('primaryIdentityProviderPrecedenceOrder', PRECEDENCE)
  }
  if (fallback !== undefined && !FALLBACKS.some((known) => known === fallback)) {
    throw refusals.unknownOrder('fallbackIdentityProvider', FALLBACKS)
  }
  const passcodeDomains =
    wish.passcodeDomains && (await readDomains(needs, caller.tenantId, wish.passcodeDomains, undefined))
  const changes = {
    ...(precedence && { precedence }),
    ...(fallback !== undefined && { fallback }),
    ...(passcodeDomains && { passcodeDomains }),
  }
  await change(needs, caller, 'Update cross-tenant access default setting', changes, async (scope) => {
    const { providers, order } = await readProviders(scope)
    if (fallback === 'emailOneTimePasscode' && !order.passcodeEnabled) throw refusals.fallbackMissing(fallback)
    if (fallback === 'microsoftAccount' && !providers.some(({ kind }) => kind === 'microsoft')) {
      throw refusals.fallbackMissing(fallback)
    }
    await changeOrder(scope, changes)
  })
}
