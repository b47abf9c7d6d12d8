import type { EmailAddress } from '../../kernel/email-address.js'
import type { Elsewhere, Home } from '../../sign-in/index.js'
import { BUILT_IN_PROVIDERS, mayConfirmByCode, offeredWays } from './rules.js'
import type { Known } from './store.js'
import type { Visit } from './visit.js'

export type Offers = {
  /** Homes that need no address to begin at, in the order of the flow. */
  homes: Elsewhere[]
  takesAddress: boolean
}

/** What the first page of a flow offers. */
export async function offersOf({ needs, tenant, flow }: Pick<Visit, 'needs' | 'tenant' | 'flow'>): Promise<Offers> {
  const { providers, order } = await needs.identityProviders.of(tenant)
  const homes = flow.identityProviderIds.flatMap((providerId): Elsewhere[] => {
    const provider = providers.find(({ id }) => id === providerId)
    if (!provider) return []
    const { displayName: name, kind } = provider
    return [{ kind: 'provider', key: providerId, providerId, name, provider: kind }]
  })
  const { organizations, passcode } = BUILT_IN_PROVIDERS
  const takesCodes = order.passcodeEnabled && flow.identityProviderIds.includes(passcode)
  return { homes, takesAddress: takesCodes || flow.identityProviderIds.includes(organizations) }
}

/** The ways of an address that the flow takes. Of known and unknown addresses of a domain they are the same. */
export async function waysOf(
  { needs, tenant, flow }: Pick<Visit, 'needs' | 'tenant' | 'flow'>,
  { domain }: EmailAddress,
): Promise<Home[]> {
  const [homes, { order }] = await Promise.all([
    needs.homeRealms.of(tenant, domain),
    needs.identityProviders.of(tenant),
  ])
  return offeredWays(homes, flow, order.passcodeEnabled)
}

/** Whether a code may prove an address of somebody whom a home has named without it. */
export async function takesConfirmation({ needs, tenant }: Pick<Visit, 'needs' | 'tenant'>, { domain }: EmailAddress) {
  return mayConfirmByCode(await needs.homeRealms.of(tenant, domain))
}

/** Of the ways by which an account is known, those that the flow offers. */
export async function knownWays(visit: Visit, identities: readonly Known[]): Promise<Elsewhere[]> {
  const [bound, { homes }] = await Promise.all([
    visit.needs.homeRealms.bound(visit.tenant, identities),
    offersOf(visit),
  ])
  return homes.filter(({ name, kind }) => bound.some((home) => home.kind === kind && home.name === name))
}
