import type { Instant } from '../../kernel/instant.js'
import type { TenantScope } from '../../platform/database.js'
import { deleteRequests, findOfFlow, queueMails, settleAll } from './store.js'

/** Rows of one statement. */
const ROWS = 1_000

/**
 * Ends what a flow leaves behind, in the transaction that deletes it: what waits has ended without an answer, which its
 * visitors are told, and what was denied keeps nobody from anything any more, so it is forgotten. Else a flow of the same
 * name would have them, and until then nobody could see or delete them. Answers with how many waited.
 */
export async function endRequestsOf(
  scope: TenantScope,
  flowId: string,
  { now, newId }: { now: Instant; newId: () => string },
): Promise<number> {
  const ended = await settleAll(scope, flowId, now)
  const denied = await findOfFlow(scope, flowId, 'denied')
  for (let first = 0; first < ended.length; first += ROWS) {
    const mails = ended.slice(first, first + ROWS).map((requestId) => ({ id: newId(), requestId, approverId: null }))
    await queueMails(scope, mails, now)
  }
  for (let first = 0; first < denied.length; first += ROWS) {
    await deleteRequests(scope, denied.slice(first, first + ROWS))
  }
  return ended.length
}
