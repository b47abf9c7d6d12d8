import type { Database, TenantScope } from '../platform/database.js'
import { matchLanguage, type Texts, textsIn } from '../platform/i18n/index.js'
import type { Logger } from '../platform/log.js'
import type { MailOrganization } from '../platform/mail/layout.js'
import type { RenderedMail } from '../platform/mail/letter.js'
import { type Mail, type Mailbox, MailNotAccepted, type MailTransport } from '../platform/mail/mail.js'
import { nextTryAfter } from '../platform/mail/retry.js'
import { endWork, postponeWork } from '../platform/outbox/store.js'
import type { Work } from '../platform/queue.js'
import { mailOrganization } from './branding.js'
import type { Tenant, Tenants } from './tenant.js'

export type TenantMailNeeds<Kind extends Mail['kind']> = {
  database: Database
  tenants: Tenants
  clock: () => Date
  log: Logger
  transport: MailTransport
  publicUrl: () => string
  mailFrom: Mailbox
  counted: (kind: Kind, outcome: 'sent' | 'deferred' | 'failed' | 'suppressed') => void
}

/** Who is written to, and in which language when not in the organization's. */
export type Recipient = { address: string; language: string | null | undefined }

/** Whose mail it is. */
export type Sender = { tenant: Tenant; texts: Texts; organization: MailOrganization; publicUrl: string; now: Date }

/** One kind of mail that an organization sends to one person at a time. */
export type TenantMail<Kind extends Mail['kind'], Facts> = {
  kind: Kind
  idOf(work: Work): string
  /** What there is to say; undefined when that is no longer so. */
  read(scope: TenantScope, subjectId: string, now: Date): Promise<(Facts & Recipient) | undefined>
  write(facts: Facts & Recipient, sender: Sender): RenderedMail
}

/**
 * Sends the mail of one outbox row, if what it says is still so; tries again for a day while it is not accepted. Safe to
 * run twice.
 */
export async function sendTenantMail<Kind extends Mail['kind'], Facts>(
  needs: TenantMailNeeds<Kind>,
  work: Work,
  mail: TenantMail<Kind, Facts>,
): Promise<void> {
  const { sql } = needs.database
  const now = needs.clock()
  const tenant = await needs.tenants.find(work.tenantId)
  const facts = tenant?.enabled
    ? await needs.database.withTenant(tenant.id, (scope) => mail.read(scope, work.subjectId, now))
    : undefined
  if (!tenant || !facts) {
    needs.counted(mail.kind, 'suppressed')
    return endWork(sql, work.id)
  }
  try {
    const sender = senderOf(needs, tenant, facts, now)
    await needs.transport.send({
      id: mail.idOf(work),
      tenantId: tenant.id,
      kind: mail.kind,
      from: { ...needs.mailFrom, name: sender.texts.say('mail.from', { organization: tenant.displayName }) },
      to: { address: facts.address },
      cc: [],
      ...mail.write(facts, sender),
      headers: {},
    })
    await endWork(sql, work.id)
    needs.counted(mail.kind, 'sent')
  } catch (error) {
    needs.log.warn({ mail: work.id, err: error }, `${mail.kind} mail not accepted`)
    const inMs = nextTryAfter(error instanceof MailNotAccepted ? error : undefined, work, now)
    await (inMs === undefined ? endWork(sql, work.id) : postponeWork(sql, work.id, inMs))
    needs.counted(mail.kind, inMs === undefined ? 'failed' : 'deferred')
  }
}

function senderOf(
  { publicUrl }: Pick<TenantMailNeeds<Mail['kind']>, 'publicUrl'>,
  tenant: Tenant,
  { language }: Recipient,
  now: Date,
): Sender {
  const url = publicUrl()
  return {
    tenant,
    texts: textsIn(matchLanguage(language ?? tenant.notificationLanguage ?? 'en') ?? 'en'),
    organization: mailOrganization(tenant, url),
    publicUrl: url,
    now,
  }
}
