import type { DeletedKind } from '../../directory/index.js'
import type { Caller } from '../../graph/caller.js'
import { type TenantScope, violates } from '../../platform/database.js'
import { raiseVersion } from '../../tenants/index.js'
import { applicationResource, deletedApplicationResource } from '../application-resource.js'
import { mustList } from '../application-routes.js'
import { followAssignments } from '../assignments/graph-permissions.js'
import { refusals } from '../errors.js'
import { isOwnerOf } from '../owners-store.js'
import { readApplications, writeApplications } from '../permissions.js'
import { deletedPrincipalResource, principalResource } from '../principal-resource.js'
import { deletedApplications, deletedPrincipals } from '../query.js'
import { recordChange, recordChangeBy } from '../record-changes.js'
import { mayChangeApplication, mayListApplications, restoredPrincipal, wentTogether } from '../rules.js'
import { updateApplication } from '../store.js'
import type { Application } from '../tables.js'
import {
  eraseApplication,
  findDeletedApplications,
  forgetDeletedPrincipal,
  lockDeletedApplication,
  lockDeletedPrincipal,
  lockLapsedApplications,
  lockLapsedPrincipals,
} from './store.js'

/**
 * Deleted applications. Restoring one gives back the service principal that went with it, secrets, keys, owners, and
 * assignments; tokens from before stay refused.
 */
const deletedApplicationKind: DeletedKind = {
  type: 'microsoft.graph.application',
  resource: deletedApplicationResource,
  present: applicationResource,
  collection: deletedApplications,
  mayRead: readApplications,
  mayChange: writeApplications,
  mustList,

  async restore(needs, scope, caller, id) {
    const application = await deletedToChange(scope, caller, await lockDeletedApplication(scope, id), id)
    const isWhole = wentTogether(application)
    await updateApplication(scope, id, {
      deletedDateTime: null,
      ...(isWhole && restoredPrincipal(application)),
    }).catch((error: unknown) => {
      throw violates(error, 'applications_unique_name') ? refusals.taken('uniqueName') : error
    })
    if (isWhole && application.deletedPrincipalId !== null) {
      await followAssignments(scope, application.deletedPrincipalId)
    }
    await raiseVersion(scope.orm, scope.tenantId)
    await recordChange(needs, scope, caller, 'Restore application', id, { displayName: application.displayName })
  },

  async mustPurge(scope, caller, id) {
    await deletedToChange(scope, caller, await lockDeletedApplication(scope, id), id)
  },

  lockLapsed: lockLapsedApplications,

  async purge(needs, scope, ids, actor) {
    for (const application of await findDeletedApplications(scope, ids)) {
      const { id, displayName } = application
      await eraseApplication(scope, application)
      await recordChangeBy(needs, scope, actor, 'Hard Delete application', id, { displayName })
    }
  },
}

/** Service principals that were deleted, alone or with their application. Without it they cannot come back. */
const deletedPrincipalKind: DeletedKind = {
  type: 'microsoft.graph.servicePrincipal',
  resource: deletedPrincipalResource,
  present: principalResource,
  collection: deletedPrincipals,
  mayRead: readApplications,
  mayChange: writeApplications,
  mustList,

  async restore(needs, scope, caller, id) {
    const application = await deletedToChange(scope, caller, await lockDeletedPrincipal(scope, id), id)
    if (application.deletedDateTime !== null) throw refusals.noApplication(application.appId)
    await updateApplication(scope, application.id, restoredPrincipal(application))
    await followAssignments(scope, id)
    await recordChange(needs, scope, caller, 'Restore service principal', id, { appId: application.appId })
  },

  async mustPurge(scope, caller, id) {
    await deletedToChange(scope, caller, await lockDeletedPrincipal(scope, id), id)
  },

  lockLapsed: lockLapsedPrincipals,

  async purge(needs, scope, ids, actor) {
    for (const id of ids) {
      const application = await lockDeletedPrincipal(scope, id)
      if (!application) continue
      await forgetDeletedPrincipal(scope, application)
      await recordChangeBy(needs, scope, actor, 'Hard Delete service principal', id, { appId: application.appId })
    }
  },
}

/** What of this capability is kept for a while after it was deleted, in the order in which an id is looked for. */
export const deletedApplicationKinds: readonly DeletedKind[] = [deletedApplicationKind, deletedPrincipalKind]

/** Whoever may delete it may take that back, or make it final. @throws Refusal */
async function deletedToChange(
  scope: TenantScope,
  caller: Caller,
  application: Application | undefined,
  id: string,
): Promise<Application> {
  if (!application) throw refusals.deletedNotFound(id)
  const { deletedPrincipalId } = application
  const isOwner =
    (await isOwnerOf(scope, caller.objectId, application.id)) ||
    (deletedPrincipalId !== null && (await isOwnerOf(scope, caller.objectId, deletedPrincipalId)))
  if (mayChangeApplication(caller, { isOwner })) return application
  // Whoever sees no list of them does not learn either that there is one.
  throw mayListApplications(caller) ? refusals.roleMissing() : refusals.deletedNotFound(id)
}
