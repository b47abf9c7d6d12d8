import type { Database } from '../../platform/database.js'
import type { Tenant } from '../../tenants/index.js'
import { listMethods } from '../authentication-methods/store.js'
import { issuersOf } from './local-visit.js'
import { findAccount, readPassword } from './store.js'

type Needs = { database: Database }

/** Whose account at the organization itself an address names, undefined when nobody's. */
export function findLocalAccount({ database }: Needs, tenant: Tenant, folded: string): Promise<string | undefined> {
  return findAccount(database.sql, tenant.id, issuersOf(tenant), folded)
}

/** What somebody can sign in with here, and whether something is set up that a passkey would stand beside. */
export function readMeans({ database }: Needs, tenantId: string, userId: string) {
  return database.withTenant(tenantId, async (scope) => {
    const methods = await listMethods(scope, userId)
    const hasPassword = (await readPassword(scope, userId)) !== undefined
    return { methods, exists: hasPassword || methods.some(({ kind }) => kind === 'fido2') }
  })
}
