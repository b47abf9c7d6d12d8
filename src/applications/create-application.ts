import { isApplicationPermission } from '../graph/permissions.js'
import { uuidv7 } from '../kernel/ids.js'
import type { TenantScope } from '../platform/database.js'
import { setPermissions } from './assignments/graph-permissions.js'
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
): Promise<Application & { servicePrincipalId: string }> {
  const displayName = input.displayName.trim()
  if (displayName === '' || displayName.length > 256) throw refusals.displayName()
  const permissions = knownPermissions(input.permissions)
  const now = needs.clock()
  const servicePrincipalId = uuidv7(now.getTime())
  const made = await insertApplication(scope, {
    id: uuidv7(now.getTime()),
    appId: uuidv7(now.getTime()),
    servicePrincipalId,
    displayName,
    createdDateTime: now,
  })
  await setPermissions(scope, { id: made.id, servicePrincipalId }, permissions, now)
  return { ...made, servicePrincipalId, permissions }
}

/** The names without repetition, in a fixed order. @throws Refusal `unknownPermission`. */
export function knownPermissions(names: readonly string[]): string[] {
  const unknown = names.find((name) => !isApplicationPermission(name))
  if (unknown !== undefined) throw refusals.unknownPermission(unknown)
  return [...new Set(names)].sort()
}
