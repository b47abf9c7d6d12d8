import { recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import { actorOf } from './change-user.js'
import { refusals } from './errors.js'
import type { DirectoryNeeds } from './needs.js'
import { mayAdministerUsers, mayChangePrivileged } from './rules.js'
import { lockUser, updateUser } from './store.js'
import { readDirectoryRoles } from './subject-store.js'

/**
 * Ends every session of a user and every token that speaks for them, from this moment on (Graph:
 * user-revokesigninsessions). People may do it to themselves.
 * @throws Refusal: unknown or privileged user, a caller who may not.
 */
export async function revokeSignInSessions(
  needs: Pick<DirectoryNeeds, 'database' | 'clock' | 'newId' | 'onSessionsRevoked'>,
  caller: Caller,
  id: string,
): Promise<void> {
  const isOwn = caller.kind === 'user' && caller.objectId === id
  if (!isOwn && !mayAdministerUsers(caller)) throw refusals.roleMissing()
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    if (!(await lockUser(scope, id))) throw refusals.userNotFound(id)
    if (!isOwn && !mayChangePrivileged(caller, await readDirectoryRoles(scope, id))) {
      throw refusals.privilegedTarget('signInSessionsValidFromDateTime')
    }
    const now = needs.clock()
    await updateUser(scope, id, { signInSessionsValidFromDateTime: now })
    for (const reaction of needs.onSessionsRevoked) await reaction(scope, id, now, actorOf(caller))
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: now,
      activityDisplayName: 'Update StsRefreshTokenValidFrom Timestamp',
      category: 'UserManagement',
      loggedByService: 'Core Directory',
      initiatedBy: actorOf(caller),
      targetId: id,
    })
  })
}
