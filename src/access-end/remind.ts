import { DAY_MS, later } from '../kernel/instant.js'
import type { Database } from '../platform/database.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import { forEachTenant } from '../tenants/index.js'
import { MARKS, spanOf } from './rules.js'
import { askForReminders, forgetReminders } from './store.js'

/** How long after an end its mails are remembered. */
const REMEMBERED_DAYS = 30

/** Asks for the mails that are due in every organization. Safe to run twice, and at once. Returns how many are new. */
export async function remindOfEnds(needs: {
  database: Pick<Database, 'sql' | 'orm'>
  clock: () => Date
  signal: WorkSignal
}): Promise<number> {
  const { sql, orm } = needs.database
  const now = needs.clock()
  let asked = 0
  await forEachTenant(orm, async (tenantId) => {
    for (const mark of MARKS) {
      asked += await askForReminders(sql, tenantId, { ...spanOf(mark, now), days: mark.days })
    }
    await forgetReminders(sql, tenantId, later(now, -REMEMBERED_DAYS * DAY_MS))
  })
  if (asked > 0) needs.signal.raise('access.mail')
  return asked
}
