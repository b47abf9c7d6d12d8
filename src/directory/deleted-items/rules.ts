import type { PermissionSets } from '../../graph/access.js'
import { DAY_MS, type Instant, later } from '../../kernel/instant.js'

/** Graph: how long a deleted object can be restored. */
export const DAYS_TO_RESTORE = 30

/** What was deleted before this is gone for good. */
export function lapsedBefore(now: Instant): Instant {
  return later(now, -DAYS_TO_RESTORE * DAY_MS)
}

const DELETED_NAME = /^[0-9a-f]{32}/i

/** The user principal name that a deletion put the object id in front of. */
export function nameBeforeDeletion(userPrincipalName: string): string {
  return userPrincipalName.replace(DELETED_NAME, '')
}

/** Whether a caller holds one of these permissions, or all of one of the lists. */
export function holdsOneOf(permissions: ReadonlySet<string>, sets: PermissionSets): boolean {
  return sets.some((entry) =>
    typeof entry === 'string' ? permissions.has(entry) : entry.every((name) => permissions.has(name)),
  )
}
