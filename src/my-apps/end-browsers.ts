import { recordAudit } from '../audit/index.js'
import type { Needs } from './needs.js'
import { endBrowsers, type Which } from './store.js'
import type { Turn } from './visit.js'

/**
 * Signs browsers of the person behind a session out, here and wherever they are signed in under the same handle; the
 * applications are told. Answers with how many. Browsers of other people are not found.
 */
export function endBrowsersOf(
  { needs, tenant }: Pick<Turn, 'tenant'> & { needs: Pick<Needs, 'database' | 'clock' | 'newId'> },
  handle: Buffer,
  which: Which,
  actor?: { id: string; displayName: string },
): Promise<number> {
  const now = needs.clock()
  return needs.database.withTenant(tenant.id, async (scope) => {
    const ended = await endBrowsers(scope, handle, which)
    if (ended > 0 && actor) {
      await recordAudit(scope, {
        id: needs.newId(),
        activityDateTime: now,
        activityDisplayName: 'User signed out browsers',
        category: 'UserManagement',
        loggedByService: 'Core Directory',
        initiatedBy: { kind: 'user', ...actor },
        targetId: actor.id,
        additionalDetails: { browsers: ended },
      })
    }
    return ended
  })
}
