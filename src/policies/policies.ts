import { LRUCache } from 'lru-cache'
import type { Database } from '../platform/database.js'
import type { Tenant } from '../tenants/index.js'
import { type Policies as PolicyDocuments, withDefaults } from './documents.js'
import { readPolicies } from './store.js'

export type Policies = {
  /** The documents in force for `tenant`, with every default. */
  of(tenant: Tenant): Promise<PolicyDocuments>
}

/**
 * Policy documents, cached under the tenant's version: whoever holds the current tenant holds the current policies. A
 * write that was decided with an older version is refused by the statement itself and decided again.
 */
export function createPolicies({ database }: { database: Database }): Policies {
  const cache = new LRUCache<string, PolicyDocuments>({ max: 2_000 })
  return {
    async of(tenant) {
      const known = cache.get(tenant.id)
      if (known?.version === tenant.version) return known
      const stored = await database.withTenant(tenant.id, readPolicies)
      const documents = {
        // Not newer than the tenant it was read for: if a change came between, the write is refused and decided again.
        version: tenant.version,
        ...withDefaults(stored),
      }
      cache.set(tenant.id, documents)
      return documents
    },
  }
}
