import type { TenantScope } from '../../platform/database.js'
import { deletePasswords } from './store.js'

/**
 * The password of somebody who is deleted, or whose redemption is reset, goes at once: it is the one thing kept of people
 * that could be guessed at. A restored guest proves the mailbox and chooses another.
 */
export function forgetPasswordOf(scope: TenantScope, userId: string): Promise<void> {
  return deletePasswords(scope, [userId])
}

/** The same for people who are removed for good. */
export function forgetPasswords(scope: TenantScope, userIds: readonly string[]): Promise<void> {
  return deletePasswords(scope, userIds)
}
