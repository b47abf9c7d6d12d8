import { and, asc, eq, or } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { userFlows } from './tables.js'

/** Names of the flows that ask a connector, in either slot. */
export async function flowsAsking(scope: TenantScope, connectorId: string): Promise<string[]> {
  const asks = or(eq(userFlows.postFederationSignup, connectorId), eq(userFlows.postAttributeCollection, connectorId))
  const rows = await scope.orm
    .select({ name: userFlows.name })
    .from(userFlows)
    .where(and(eq(userFlows.tenantId, scope.tenantId), asks))
    .orderBy(asc(userFlows.name))
    .limit(5)
  return rows.map(({ name }) => name)
}
