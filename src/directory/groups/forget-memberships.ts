import type { TenantScope } from '../../platform/database.js'
import { eraseMembershipsOf } from './store.js'

/** What goes with users who are removed for good: memberships and ownerships. Deleted users keep theirs. */
export async function forgetMemberships(scope: TenantScope, userIds: readonly string[]): Promise<void> {
  await eraseMembershipsOf(scope, [...userIds])
}
