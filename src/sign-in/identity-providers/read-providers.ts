import type { Database } from '../../platform/database.js'
import { type ProviderSet, readProviders } from './store.js'

/** Providers and order of an organization, as they are stored now. */
export function readSet({ database }: { database: Database }, tenantId: string): Promise<ProviderSet> {
  return database.withTenant(tenantId, readProviders)
}
