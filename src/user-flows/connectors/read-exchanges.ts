import type { Caller } from '../../graph/caller.js'
import { MOST_EXCHANGES } from './call-store.js'
import { mustAdminister } from './change-connectors.js'
import { refusals } from './errors.js'
import type { ConnectorNeeds } from './needs.js'
import type { ShownExchange } from './shown-exchange.js'
import { findConnectors, listExchanges } from './store.js'

/** The last exchanges of a connector, the newest first, values left out. @throws Refusal: not there, no role. */
export function readExchanges(
  { database }: Pick<ConnectorNeeds, 'database'>,
  caller: Caller,
  connectorId: string,
): Promise<(ShownExchange & { id: string })[]> {
  mustAdminister(caller)
  return database.withTenant(caller.tenantId, async (scope) => {
    const [known] = await findConnectors(scope, [connectorId])
    if (!known) throw refusals.notFound(connectorId)
    const rows = await listExchanges(scope, connectorId, MOST_EXCHANGES)
    return rows.map(({ id, exchange }) => ({ id, ...exchange }))
  })
}
