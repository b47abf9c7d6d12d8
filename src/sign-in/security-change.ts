import { type AuditEvent, recordAudit } from '../audit/index.js'
import type { TenantScope } from '../platform/database.js'
import { askForSecurityMail } from './store.js'

/** What became of what somebody signs in with. */
export type SecurityChange =
  | { change: 'password' | 'codes' }
  | { change: 'added' | 'removed'; kind: 'softwareOath' | 'phone' | 'fido2' | 'password' }

/**
 * Writes down what was changed of what somebody signs in with, and has them told by mail, in the transaction that changes
 * it: whoever took an account over does so unseen otherwise (OWASP ASVS 2.2.3). The mail is about the line of the audit log.
 */
export async function recordSecurityChange(
  scope: TenantScope,
  event: Omit<AuditEvent, 'category' | 'loggedByService' | 'targetId'> & { targetId: string },
  change: SecurityChange,
): Promise<void> {
  await recordAudit(scope, {
    ...event,
    category: 'UserManagement',
    loggedByService: 'Authentication Methods',
    additionalDetails: { ...event.additionalDetails, ...change },
  })
  await askForSecurityMail(scope, event.id)
}
