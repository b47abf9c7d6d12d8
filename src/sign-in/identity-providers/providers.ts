import { LRUCache } from 'lru-cache'
import type { Database } from '../../platform/database.js'
import type { Tenant } from '../../tenants/index.js'
import { type ProviderSet, readProviders } from './store.js'

export type IdentityProviders = {
  /** Providers and order in force for `tenant`. */
  of(tenant: Pick<Tenant, 'id' | 'version'>): Promise<ProviderSet>
}

/** Providers, cached under the tenant's version like policies: whoever holds the current tenant holds the current ones. */
export function createIdentityProviders({ database }: { database: Database }): IdentityProviders {
  const cache = new LRUCache<string, { version: number; set: ProviderSet }>({ max: 2_000 })
  return {
    async of({ id, version }) {
      const known = cache.get(id)
      if (known?.version === version) return known.set
      const set = await database.withTenant(id, readProviders)
      cache.set(id, { version, set })
      return set
    },
  }
}
