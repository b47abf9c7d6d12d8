import { later } from '../../kernel/instant.js'
import { handleHash, newHandle, passcodeHash, SESSION_MS } from '../../sign-in/index.js'
import { type Holder, type ProveOutcome, prove, subjectOf } from './store.js'
import { logOf, type Visit } from './visit.js'

/**
 * Tries a code. `session` is the handle that counts from now on when it was right and its address is nobody's yet, or that
 * of an account that signs in by it: a session of that account then, else what holds the run.
 */
export async function proveAddress(
  visit: Visit,
  holder: Holder,
  code: string,
): Promise<{ outcome: ProveOutcome; session: string }> {
  const { needs, tenant, browser, now } = visit
  const session = newHandle()
  const outcome = await prove(needs.database.sql, tenant.id, now, holder, {
    codeHash: passcodeHash(needs.keys, tenant.id, holder.browser, subjectOf(holder.flowId), code),
    newSession: handleHash(needs.keys, browser, 'session', session),
    ends: later(now, SESSION_MS),
    log: logOf(visit, holder, ''),
  })
  return { outcome, session }
}
