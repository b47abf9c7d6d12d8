import { LRUCache } from 'lru-cache'
import type { Listener } from '../../platform/listener.js'
import { SECURITY_CHANNEL, type Tenant, type Tenants } from '../../tenants/index.js'
import { identityNames } from '../authority/rules.js'
import type { IdentityProviders } from '../identity-providers/providers.js'
import { boundHomes, type Home, homesOf } from './rules.js'

/** Issuer and subject a guest is known by. */
export type KnownIdentity = { issuer: string; subject: string }

/** Where people may prove themselves to an organization (spec: home realm discovery). */
export type HomeRealms = {
  /** The ways of somebody with an address of this domain, whom the organization has not seen yet. */
  of(tenant: Tenant, domain: string): Promise<Home[]>
  /** The ways of somebody it knows. */
  bound(tenant: Tenant, identities: readonly KnownIdentity[]): Promise<Home[]>
}

type Needs = { tenants: Tenants; identityProviders: IdentityProviders; listener: Listener }

/** How long a domain that nobody has verified is believed to be nobody's. A minute. */
const UNKNOWN_MS = 60_000

/** Homes from what the process knows of tenants and providers; a domain nobody has is not asked for each time. */
export function createHomeRealms({ tenants, identityProviders, listener }: Needs): HomeRealms {
  const nobodys = new LRUCache<string, true>({ max: 10_000, ttl: UNKNOWN_MS })
  let changes = 0
  listener.on(SECURITY_CHANNEL, () => {
    changes++
    nobodys.clear()
  })

  /** Another organization of this deployment that has verified the domain. */
  const tenantOf = async (domain: string, asking: Tenant): Promise<Tenant | undefined> => {
    if (asking.domains.includes(domain)) return undefined
    if (listener.isUp() && nobodys.has(domain)) return undefined
    const before = changes
    const found = await tenants.find(domain)
    if (!found && before === changes) nobodys.set(domain, true)
    return found?.enabled && found.id !== asking.id ? found : undefined
  }

  return {
    async of(tenant, domain) {
      const { providers, order } = await identityProviders.of(tenant)
      const home = await tenantOf(domain, tenant)
      return homesOf({ domain, providers, order, tenant: home && { id: home.id, name: home.displayName } })
    },
    async bound(tenant, identities) {
      const { providers, order } = await identityProviders.of(tenant)
      const directories = identities
        .filter(({ issuer }) => issuer === identityNames.directory)
        .map(({ subject }) => subject.split('/')[0] ?? '')
      const found = await Promise.all(directories.map((id) => tenants.find(id)))
      return boundHomes({
        identities,
        providers,
        domains: tenant.domains,
        passcodeEnabled: order.passcodeEnabled,
        localEnabled: order.localEnabled,
        tenants: found.flatMap((home) => (home?.enabled ? [{ id: home.id, name: home.displayName }] : [])),
      })
    },
  }
}
