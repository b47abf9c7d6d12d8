import { recordAudits } from '../../audit/index.js'
import { DAY_MS, later } from '../../kernel/instant.js'
import { forEachTenant } from '../../tenants/index.js'
import type { RequestNeeds } from './needs.js'
import { KEPT_DAYS } from './rules.js'
import { deleteRequests, findSettled, lockDue, settle, TOPIC } from './store.js'

/** Rows of one transaction: whoever decides about one of them waits for it. */
const ROWS = 100

type Needs = Pick<RequestNeeds, 'database' | 'clock' | 'newId' | 'signal'>

/**
 * Writes down which requests nobody decided about in time, and has their visitors told; forgets what was settled long
 * ago. Only bookkeeping: whoever decides compares the time with now. Safe to run twice, and at once.
 */
export async function lapseRequests(needs: Needs): Promise<number> {
  let total = 0
  await forEachTenant(needs.database.orm, async (tenantId) => {
    for (;;) {
      const count = await lapseSome(needs, tenantId)
      total += count
      if (count < ROWS) break
    }
    await needs.database.withTenant(tenantId, async (scope) => {
      await deleteRequests(scope, await findSettled(scope, later(needs.clock(), -KEPT_DAYS * DAY_MS), ROWS))
    })
  })
  if (total > 0) needs.signal.raise(TOPIC)
  return total
}

function lapseSome({ database, clock, newId }: Needs, tenantId: string): Promise<number> {
  return database.withTenant(tenantId, async (scope) => {
    const now = clock()
    const due = await lockDue(scope, now, ROWS)
    for (const { id } of due) await settle(scope, id, newId(), { state: 'lapsed', now })
    await recordAudits(
      scope,
      due.map(({ id, flowId, email }) => ({
        id: newId(),
        activityDateTime: now,
        activityDisplayName: 'Expire sign-up request',
        category: 'UserManagement' as const,
        loggedByService: 'Self-service Sign-up' as const,
        initiatedBy: { kind: 'service' as const, displayName: 'Self-service Sign-up' },
        additionalDetails: { requestId: id, userFlowId: flowId, address: email },
      })),
    )
    return due.length
  })
}
