import type { Caller } from '../graph/caller.js'
import type { TenantScope } from '../platform/database.js'
import { refusals } from './errors.js'
import { isOwnerOf } from './owners-store.js'
import { findPrincipal, type Principal } from './principals-store.js'
import { mayChangeApplication } from './rules.js'
import { findApplicationOfPrincipal, lockApplication } from './store.js'
import type { Application } from './tables.js'

/** An application that the caller may change, locked. @throws Refusal */
export async function applicationToChange(scope: TenantScope, caller: Caller, id: string): Promise<Application> {
  const application = await lockApplication(scope, id)
  if (!application) throw refusals.notFound(id)
  const isOwner = await ownsApplication(scope, caller, application)
  if (!mayChangeApplication(caller, { isOwner })) throw refusals.roleMissing()
  return application
}

/** Whether the caller owns the application or its service principal. */
export async function ownsApplication(scope: TenantScope, caller: Caller, application: Application): Promise<boolean> {
  if (await isOwnerOf(scope, caller.objectId, application.id)) return true
  const { servicePrincipalId } = application
  return servicePrincipalId !== null && (await isOwnerOf(scope, caller.objectId, servicePrincipalId))
}

/** The application of a service principal that the caller may change, locked. @throws Refusal */
export async function principalToChange(scope: TenantScope, caller: Caller, id: string): Promise<Application> {
  const application = await findApplicationOfPrincipal(scope, id)
  if (!application) {
    const principal: Principal | undefined = await findPrincipal(scope, id)
    throw principal ? refusals.graphIsFixed() : refusals.principalNotFound(id)
  }
  const isOwner = await ownsApplication(scope, caller, application)
  if (!mayChangeApplication(caller, { isOwner })) throw refusals.roleMissing()
  return application
}
