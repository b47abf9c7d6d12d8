import type { Database } from '../../platform/database.js'
import type { OwnRequest } from './pages/request.js'
import { stateAt } from './rules.js'
import { findFlowId, findOfBrowser, findOfMailbox, hasRequests } from './store.js'
import type { RequestRow } from './tables.js'

type Needs = { database: Database; clock: () => Date }

/** By what a visitor shows that a request is theirs: the browser that made it, or a mailbox proved a moment ago. */
export type Shown = { browserHash: Buffer } | { folded: string }

/** The newest request of this visitor in a flow, as they may read it; undefined when there is none. */
export function findOwnRequest(
  { database, clock }: Needs,
  tenantId: string,
  flowId: string,
  by: Shown,
): Promise<OwnRequest | undefined> {
  return database.withTenant(tenantId, async (scope) => {
    const row = await ('folded' in by
      ? findOfMailbox(scope, flowId, by.folded)
      : findOfBrowser(scope, flowId, by.browserHash))
    return row && shownTo(row, clock())
  })
}

/** A flow by its id, or requests of one that is gone; undefined when the organization has neither. */
export function findFlow(
  { database }: Needs,
  tenantId: string,
  id: string,
): Promise<{ flowId: string; isThere: boolean } | undefined> {
  return database.withTenant(tenantId, async (scope) => {
    const flowId = await findFlowId(scope, id)
    if (flowId !== undefined) return { flowId, isThere: true }
    return (await hasRequests(scope, id)) ? { flowId: id, isThere: false } : undefined
  })
}

function shownTo(row: RequestRow, now: Date): OwnRequest {
  return {
    state: stateAt(row, now),
    email: row.email,
    createdAt: row.createdDateTime,
    expiresAt: row.expiresDateTime,
    decidedAt: row.decidedDateTime ?? undefined,
  }
}
