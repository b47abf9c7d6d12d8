import { isApplicationPermission } from '../graph/permissions.js'
import { uuidv7 } from '../kernel/ids.js'
import type { TenantScope } from '../platform/database.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { insertApplication } from './store.js'
import type { Application } from './tables.js'

/** What a caller says of a new application. `permissions` are Graph's names of application permissions. */
export type NewApplication = { displayName: string; permissions: readonly string[] }

/**
 * Registers an application and its service principal, with the permissions granted. It can do nothing before it has a
 * secret or a key.
 * @throws Refusal `invalidDisplayName`, `unknownPermission`.
 */
export async function createApplication(
  scope: TenantScope,
  input: NewApplication,
  needs: Pick<Needs, 'clock'>,
): Promise<Application> {
  const displayName = input.displayName.trim()
  if (displayName === '' || displayName.length > 256) throw refusals.displayName()
  const now = needs.clock()
  const application = {
    tenantId: scope.tenantId,
    id: uuidv7(now.getTime()),
    appId: uuidv7(now.getTime()),
    servicePrincipalId: uuidv7(now.getTime()),
    displayName,
    accountEnabled: true,
    permissions: knownPermissions(input.permissions),
    tokensValidFrom: null,
    createdDateTime: now,
  }
  await insertApplication(scope, application)
  return application
}

/** The names without repetition, in a fixed order. @throws Refusal `unknownPermission`. */
export function knownPermissions(names: readonly string[]): string[] {
  const unknown = names.find((name) => !isApplicationPermission(name))
  if (unknown !== undefined) throw refusals.unknownPermission(unknown)
  return [...new Set(names)].sort()
}
