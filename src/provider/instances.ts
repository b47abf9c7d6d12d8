import type { IncomingMessage, ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'
import type Provider from 'oidc-provider'
import { createHotStatements, type HotStatements } from './hot-statements.js'
import type { ProviderNeeds } from './needs.js'
import { createOpenidProvider } from './openid-provider.js'

export type Instance = {
  provider: Provider
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

/** The library's provider of one tenant at one origin. */
export type Instances = {
  of(tenantId: string, origin: string): Promise<Instance>
  /** What all of them ask PostgreSQL. */
  statements: HotStatements
}

const MOST_INSTANCES = 500

/** Keeps an instance for each tenant and origin that is asked for; a change of keys makes another one. */
export function createInstances(needs: ProviderNeeds): Instances {
  const instances = new LRUCache<string, Instance>({ max: MOST_INSTANCES })
  const statements = createHotStatements(needs.database.sql, needs.clock)
  return {
    statements,
    async of(tenantId, origin) {
      const ring = await needs.signingKeys.of(tenantId)
      const key = `${tenantId} ${origin} ${ring.version}`
      let instance = instances.get(key)
      if (!instance) {
        const provider = createOpenidProvider({ ...needs, statements }, tenantId, origin, ring)
        instance = { provider, handle: provider.callback() }
        instances.set(key, instance)
      }
      return instance
    },
  }
}
