import type { Caller } from '../../graph/caller.js'
import type { Database, TenantScope } from '../../platform/database.js'
import { mustReadPolicies } from '../../policies/index.js'
import { showProviders } from './show.js'
import { type ProviderSet, readProviders } from './store.js'

/** Providers and order of an organization, as they are stored now. */
export function readSet({ database }: { database: Database }, tenantId: string): Promise<ProviderSet> {
  return database.withTenant(tenantId, readProviders)
}

/** The same for a caller who asks for it. @throws Refusal for guests who read nothing of policies. */
export async function setFor(needs: { database: Database }, caller: Caller): Promise<ProviderSet> {
  mustReadPolicies(caller)
  return readSet(needs, caller.tenantId)
}

/** Identity providers of the organization as Graph shows them, the built-in ones that are switched on first. */
export async function listIdentityProviders(scope: TenantScope): Promise<Record<string, unknown>[]> {
  return showProviders(await readProviders(scope))
}
