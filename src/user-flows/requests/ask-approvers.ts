import type { Database } from '../../platform/database.js'
import { endWork } from '../../platform/outbox/store.js'
import type { Work } from '../../platform/queue.js'
import { whomToAsk } from './approvers.js'
import { stateAt } from './rules.js'
import { lockMailing, lockRequest, queueMails, wereAsked } from './store.js'

/**
 * Has the approvers of a request mailed, where that is what the work is about: whoever decides by then. Safe to run twice:
 * they are asked once. Answers whether it was.
 */
export async function askApprovers(
  { database, clock, newId }: { database: Database; clock: () => Date; newId: () => string },
  work: Work,
): Promise<boolean> {
  const now = clock()
  const isRequest = await database.withTenant(work.tenantId, async (scope) => {
    const request = await lockRequest(scope, work.subjectId)
    if (!request) return false
    if (stateAt(request, now) !== 'pending' || (await wereAsked(scope, request.id))) return true
    // One after the other: nobody gets more mails than they may by requests that come at once.
    await lockMailing(scope)
    const approvers = await whomToAsk(scope, request.flowId, now)
    await queueMails(
      scope,
      approvers.map((approverId) => ({ id: newId(), requestId: request.id, approverId })),
      now,
    )
    return true
  })
  if (isRequest) await endWork(database.sql, work.id)
  return isRequest
}
