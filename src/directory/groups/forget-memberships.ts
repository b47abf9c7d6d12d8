import type { TenantScope } from '../../platform/database.js'
import { eraseMembershipsOf } from './store.js'

/** What goes with a user who is removed for good: memberships and ownerships. Deleted users keep theirs. */
export async function forgetMemberships(scope: TenantScope, userId: string): Promise<void> {
  await eraseMembershipsOf(scope, [userId])
}
