import { recordAudits } from '../../audit/index.js'
import type { Caller } from '../../graph/caller.js'
import { violates } from '../../platform/database.js'
import { actorOf } from '../change-user.js'
import { refusals as userRefusals } from '../errors.js'
import { deleteUsers } from '../permissions.js'
import { readPrincipalName } from '../principal-name.js'
import { deletedUsers } from '../query.js'
import { mustSeeOthers, seesEverybody } from '../read-users.js'
import { mayAdministerUsers, mayChangePrivileged, READ_ALL_USERS } from '../rules.js'
import { readDirectoryRoles } from '../subject-store.js'
import { deletedUserResource, userResource } from '../user-resource.js'
import { refusals } from './errors.js'
import type { DeletedKind } from './kind.js'
import { nameBeforeDeletion } from './rules.js'
import {
  dropTakenOtherMails,
  isAddressTaken,
  lockDeletedUser,
  lockLapsedUsers,
  purgeUsers,
  restoreUser,
} from './store.js'

/** Deleted people: restored with their memberships, which stayed where they were; links to invitations stay dead. */
export const deletedUserKind: DeletedKind = {
  type: 'microsoft.graph.user',
  resource: deletedUserResource,
  present: userResource,
  collection: deletedUsers,
  mayRead: { application: READ_ALL_USERS, delegated: READ_ALL_USERS },
  mayChange: deleteUsers,
  mustList: mustSeeOthers,

  async restore(needs, scope, caller, id, wish) {
    mustAdminister(caller, id)
    const user = await lockDeletedUser(scope, id)
    if (!user) throw refusals.notFound(id)
    if (!mayChangePrivileged(caller, await readDirectoryRoles(scope, id))) throw userRefusals.privilegedTarget('id')
    const domains = (await needs.tenants.find(scope.tenantId))?.domains ?? []
    const name = wish.newUserPrincipalName
    const userPrincipalName =
      name === undefined ? nameBeforeDeletion(user.userPrincipalName) : readPrincipalName(name, domains)
    const others = await dropTakenOtherMails(scope, user, wish.autoReconcileProxyConflict ?? false)
    if (others === 'taken') throw refusals.addressTaken()
    const isTaken = user.mailFolded !== null && (await isAddressTaken(scope, user.mailFolded, id))
    if (isTaken && !wish.autoReconcileProxyConflict) throw refusals.addressTaken()
    const mail = isTaken ? { mail: null, mailFolded: null } : {}
    await restoreUser(scope, id, { userPrincipalName, deletedDateTime: null, ...mail }).catch((error: unknown) => {
      if (violates(error, 'users_user_principal_name')) throw userRefusals.valueTaken('userPrincipalName')
      if (violates(error, 'users_mail')) throw refusals.addressTaken()
      throw error
    })
    await recordAudits(scope, [
      {
        id: needs.newId(),
        activityDateTime: needs.clock(),
        activityDisplayName: 'Restore user',
        category: 'UserManagement',
        loggedByService: 'Core Directory',
        initiatedBy: actorOf(caller),
        targetId: id,
      },
    ])
  },

  async mustPurge(scope, caller, id) {
    mustAdminister(caller, id)
    if (!(await lockDeletedUser(scope, id))) throw refusals.notFound(id)
    if (!mayChangePrivileged(caller, await readDirectoryRoles(scope, id))) throw userRefusals.privilegedTarget('id')
  },

  lockLapsed: lockLapsedUsers,

  async purge(needs, scope, ids, actor) {
    for (const reaction of needs.onUsersPurged) await reaction(scope, ids)
    await purgeUsers(scope, ids)
    const activityDateTime = needs.clock()
    await recordAudits(
      scope,
      ids.map((targetId) => ({
        id: needs.newId(),
        activityDateTime,
        activityDisplayName: 'Hard Delete user',
        category: 'UserManagement' as const,
        loggedByService: 'Core Directory' as const,
        initiatedBy: actor,
        targetId,
      })),
    )
  },
}

/** @throws Refusal: to whoever sees no lists of people, as of somebody who is not there. */
function mustAdminister(caller: Caller, id: string): void {
  if (mayAdministerUsers(caller)) return
  throw seesEverybody(caller) ? userRefusals.roleMissing() : refusals.notFound(id)
}
