import { findAudit } from '../audit/index.js'
import { findUser } from '../directory/index.js'
import type { TenantScope } from '../platform/database.js'
import type { Work } from '../platform/queue.js'
import { type Recipient, sendTenantMail, type TenantMailNeeds } from '../tenants/index.js'
import { securityMail } from './mail/security-mail.js'
import type { SecurityChange } from './security-change.js'

type Facts = Recipient & { at: Date; change: SecurityChange; isByOther: boolean }

/** Tells somebody of one change of what they sign in with. Safe to run twice. */
export function sendSecurityMail(needs: TenantMailNeeds<'security'>, work: Work): Promise<void> {
  return sendTenantMail(needs, work, {
    kind: 'security',
    idOf: ({ id }) => id,
    read,
    write: ({ at, change, isByOther, address }: Facts, { texts, organization }) =>
      securityMail({ texts, organization, at, change, isByOther, address }),
  })
}

async function read(scope: TenantScope, auditId: string): Promise<Facts | undefined> {
  const event = await findAudit(scope, auditId)
  const user = event?.targetId ? await findUser(scope, event.targetId) : undefined
  if (!event || !user?.mail) return undefined
  return {
    at: event.activityDateTime,
    change: event.additionalDetails as SecurityChange,
    isByOther: event.initiatedBy.id !== user.id,
    address: user.mail,
    language: user.preferredLanguage,
  }
}
