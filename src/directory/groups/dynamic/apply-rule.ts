import type { Database, TenantScope } from '../../../platform/database.js'
import { endWork } from '../../../platform/outbox/store.js'
import type { Work } from '../../../platform/queue.js'
import type { GroupNeeds } from '../needs.js'
import {
  applyRuleToPage,
  hasMoreUsersThan,
  lockRules,
  NOBODY,
  queueRule,
  readProgress,
  writeProgress,
} from './store.js'

/** Users that one transaction judges while everybody who changes a user waits: some hundredths of a second. */
const USERS_AT_ONCE = 5_000

/**
 * Brings a group whose rule is new up to date with everybody who is there. Small organizations at once, in the same
 * transaction; in large ones a worker goes through them, and whoever changes meanwhile is judged by the new rule
 * already. The caller holds the lock of the rules. Returns whether work was queued, to be told after the commit.
 */
export async function applyRule(
  needs: Pick<GroupNeeds, 'newId'>,
  scope: TenantScope,
  groupId: string,
): Promise<{ isQueued: boolean }> {
  const isQueued = await hasMoreUsersThan(scope, USERS_AT_ONCE)
  await writeProgress(scope, groupId, isQueued ? NOBODY : undefined)
  if (isQueued) await queueRule(scope, needs.newId(), groupId)
  else await applyRuleToPage(scope, groupId, NOBODY, USERS_AT_ONCE + 1)
  return { isQueued }
}

/** The worker's part: page after page, a transaction each. Goes on where it was stopped; safe to run twice. */
export async function applyQueuedRule(needs: { database: Database }, work: Work): Promise<void> {
  const { database } = needs
  for (;;) {
    const isDone = await database.withTenant(work.tenantId, async (scope) => {
      await lockRules(scope)
      const upTo = await readProgress(scope, work.subjectId)
      if (upTo === undefined) return true
      const last = await applyRuleToPage(scope, work.subjectId, upTo, USERS_AT_ONCE)
      await writeProgress(scope, work.subjectId, last)
      return last === undefined
    })
    if (isDone) return endWork(database.sql, work.id)
  }
}
