import type { Caller } from '../graph/caller.js'
import type { Refusal } from '../kernel/refusal.js'
import type { TenantScope } from '../platform/database.js'
import { refusals } from './errors.js'
import { isOwnerOf } from './owners-store.js'
import { findPrincipal, type Principal } from './principals-store.js'
import { mayChangeApplication, mayReadApplications } from './rules.js'
import { findApplicationOfPrincipal, lockApplication } from './store.js'
import type { Application } from './tables.js'

/**
 * An application that the caller may change, locked.
 * @throws Refusal: of one that people do not read and do not own, as of one that is not there, since two answers would
 * tell which there are.
 */
export async function applicationToChange(
  scope: TenantScope,
  caller: Caller,
  id: string,
  notFound: (id: string) => Refusal = refusals.notFound,
): Promise<Application> {
  const application = await lockApplication(scope, id)
  if (!application) throw notFound(id)
  await mustChange(scope, caller, application, () => notFound(id))
  return application
}

/**
 * Whether an application, or Microsoft Graph's service principal, which has none, is there for a caller who wants to
 * change it: they read applications, or it is theirs.
 */
export async function isThereFor(
  scope: TenantScope,
  caller: Caller,
  application: Application | null | undefined,
): Promise<boolean> {
  if (mayReadApplications(caller)) return true
  return application ? ownsApplication(scope, caller, application) : false
}

/** Whether the caller owns the application or its service principal. */
export async function ownsApplication(scope: TenantScope, caller: Caller, application: Application): Promise<boolean> {
  if (await isOwnerOf(scope, caller.objectId, application.id)) return true
  const { servicePrincipalId } = application
  return servicePrincipalId !== null && (await isOwnerOf(scope, caller.objectId, servicePrincipalId))
}

/** The application of a service principal that the caller may change, locked. @throws Refusal as above. */
export async function principalToChange(scope: TenantScope, caller: Caller, id: string): Promise<Application> {
  const application = await findApplicationOfPrincipal(scope, id)
  if (!application) {
    const principal: Principal | undefined = await findPrincipal(scope, id)
    throw principal && mayReadApplications(caller) ? refusals.graphIsFixed() : refusals.principalNotFound(id)
  }
  await mustChange(scope, caller, application, () => refusals.principalNotFound(id))
  return application
}

async function mustChange(scope: TenantScope, caller: Caller, application: Application, notFound: () => Refusal) {
  const isOwner = await ownsApplication(scope, caller, application)
  if (mayChangeApplication(caller, { isOwner })) return
  throw mayReadApplications(caller) ? refusals.roleMissing() : notFound()
}
