import { findAudit } from '../audit/index.js'
import { findUser } from '../directory/index.js'
import type { Database } from '../platform/database.js'
import { matchLanguage, textsIn } from '../platform/i18n/index.js'
import type { Logger } from '../platform/log.js'
import { type Mail, type Mailbox, MailNotAccepted, type MailTransport } from '../platform/mail/mail.js'
import { nextTry } from '../platform/mail/retry.js'
import { endWork, postponeWork } from '../platform/outbox/store.js'
import type { Work } from '../platform/queue.js'
import { mailOrganization, type Tenant, type Tenants } from '../tenants/index.js'
import { securityMail } from './mail/security-mail.js'
import type { SecurityChange } from './security-change.js'

type Needs = {
  database: Database
  tenants: Tenants
  clock: () => Date
  log: Logger
  transport: MailTransport
  publicUrl: () => string
  mailFrom: Mailbox
  counted: (kind: 'security', outcome: 'sent' | 'deferred' | 'failed' | 'suppressed') => void
}

type Facts = { at: Date; change: SecurityChange; isByOther: boolean; address: string; language: string | null }

/** Tells somebody of one change of what they sign in with. Safe to run twice. */
export async function sendSecurityMail(needs: Needs, work: Work): Promise<void> {
  const { sql } = needs.database
  const tenant = await needs.tenants.find(work.tenantId)
  const facts = tenant?.enabled ? await read(needs, work) : undefined
  if (!tenant || !facts) {
    needs.counted('security', 'suppressed')
    return endWork(sql, work.id)
  }
  try {
    await needs.transport.send(render(needs, tenant, facts, work))
    await endWork(sql, work.id)
    needs.counted('security', 'sent')
  } catch (error) {
    needs.log.warn({ mail: work.id, err: error }, 'security mail not accepted')
    const refusal = error instanceof MailNotAccepted ? error : undefined
    const inMs = nextTry({
      failures: work.failures,
      createdAt: new Date(work.createdAt),
      now: needs.clock(),
      retryAfterSeconds: refusal?.retryAfterSeconds,
      random: Math.random(),
    })
    const again = !refusal?.permanent && inMs !== undefined
    await (again ? postponeWork(sql, work.id, inMs) : endWork(sql, work.id))
    needs.counted('security', again ? 'deferred' : 'failed')
  }
}

function read({ database }: Needs, work: Work): Promise<Facts | undefined> {
  return database.withTenant(work.tenantId, async (scope) => {
    const event = await findAudit(scope, work.subjectId)
    const user = event?.targetId ? await findUser(scope, event.targetId) : undefined
    if (!event || !user?.mail) return undefined
    return {
      at: event.activityDateTime,
      change: event.additionalDetails as SecurityChange,
      isByOther: event.initiatedBy.id !== user.id,
      address: user.mail,
      language: user.preferredLanguage,
    }
  })
}

function render(needs: Needs, tenant: Tenant, { language, ...facts }: Facts, work: Work): Mail {
  const texts = textsIn(matchLanguage(language ?? tenant.notificationLanguage ?? 'en') ?? 'en')
  return {
    id: work.id,
    tenantId: tenant.id,
    kind: 'security',
    from: { ...needs.mailFrom, name: texts.say('mail.from', { organization: tenant.displayName }) },
    to: { address: facts.address },
    cc: [],
    ...securityMail({ texts, organization: mailOrganization(tenant, needs.publicUrl()), ...facts }),
    headers: {},
  }
}
