import type { TenantScope } from '../../platform/database.js'
import { deleteAllOf } from './store.js'

/**
 * Everything of a person's second step goes: with a reset of their redemption, which may hand the account to somebody
 * else. Whoever redeems next sets one up anew.
 */
export function forgetMethodsOf(scope: TenantScope, userId: string): Promise<void> {
  return deleteAllOf(scope, userId)
}

/** The same for people who are removed for good. Deleted ones keep theirs, for a restore. */
export async function forgetMethods(scope: TenantScope, userIds: readonly string[]): Promise<void> {
  for (const userId of userIds) await deleteAllOf(scope, userId)
}
