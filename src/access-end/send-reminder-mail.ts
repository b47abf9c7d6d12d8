import { findUser, type UserRow } from '../directory/index.js'
import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import { matchLanguage, textsIn } from '../platform/i18n/index.js'
import type { Logger } from '../platform/log.js'
import { type Mail, type Mailbox, MailNotAccepted, type MailTransport } from '../platform/mail/mail.js'
import { nextTry } from '../platform/mail/retry.js'
import { endWork, postponeWork } from '../platform/outbox/store.js'
import type { Work } from '../platform/queue.js'
import { mailOrganization, type Tenant, type Tenants } from '../tenants/index.js'
import { extensionUrl } from './link.js'
import { reminderMail } from './mail/reminder-mail.js'
import { extendedEnd } from './rules.js'
import { findReminder, type Reminder } from './store.js'

type Needs = {
  database: Database
  tenants: Tenants
  keys: Keys
  clock: () => Date
  log: Logger
  transport: MailTransport
  publicUrl: () => string
  mailFrom: Mailbox
  counted: (kind: 'reminder', outcome: 'sent' | 'deferred' | 'failed' | 'suppressed') => void
}

type Facts = { reminder: Reminder; guest: UserRow; recipient: UserRow & { mail: string } }

/** Sends the mail of one outbox row, if what it says is still so. Safe to run twice. */
export async function sendReminderMail(needs: Needs, work: Work): Promise<void> {
  const { sql } = needs.database
  const now = needs.clock()
  const tenant = await needs.tenants.find(work.tenantId)
  const facts = tenant?.enabled ? await wanted(needs, work, now) : undefined
  if (!tenant || !facts) {
    needs.counted('reminder', 'suppressed')
    return endWork(sql, work.id)
  }
  try {
    await needs.transport.send(render(needs, tenant, facts, now))
    await endWork(sql, work.id)
    needs.counted('reminder', 'sent')
  } catch (error) {
    needs.log.warn({ mail: work.id, err: error }, 'reminder mail not accepted')
    const refusal = error instanceof MailNotAccepted ? error : undefined
    const retryAfterSeconds = refusal?.retryAfterSeconds
    const createdAt = new Date(work.createdAt)
    const inMs = nextTry({ failures: work.failures, createdAt, now, retryAfterSeconds, random: Math.random() })
    const again = !refusal?.permanent && inMs !== undefined
    await (again ? postponeWork(sql, work.id, inMs) : endWork(sql, work.id))
    needs.counted('reminder', again ? 'deferred' : 'failed')
  }
}

function wanted({ database }: Needs, work: Work, now: Date): Promise<Facts | undefined> {
  return database.withTenant(work.tenantId, async (scope) => {
    const reminder = await findReminder(scope, work.subjectId)
    const guest = reminder && (await findUser(scope, reminder.userId))
    const recipient = reminder && (await findUser(scope, reminder.recipientId))
    const end = guest?.accessEndDateTime
    if (!guest || !recipient?.mail || !end || end <= now) return undefined
    // Extended or cut short since: another mail tells of that end.
    if (end.getTime() !== reminder.accessEndDateTime.getTime()) return undefined
    return { reminder, guest, recipient: { ...recipient, mail: recipient.mail } }
  })
}

function render(needs: Needs, tenant: Tenant, { reminder, guest, recipient }: Facts, now: Date): Mail {
  const { accessEndDateTime: end } = reminder
  const isSponsor = recipient.id !== guest.id
  const canExtend = isSponsor && extendedEnd(end, tenant.settings.accessExtensionDays, now) !== undefined
  const link = { tenantId: tenant.id, guestId: guest.id, sponsorId: recipient.id, end }
  return {
    id: reminder.id,
    tenantId: tenant.id,
    kind: 'reminder',
    from: {
      ...needs.mailFrom,
      name: textsOf(tenant, recipient).say('mail.from', { organization: tenant.displayName }),
    },
    to: { address: recipient.mail },
    cc: [],
    ...reminderMail({
      texts: textsOf(tenant, recipient),
      organization: mailOrganization(tenant, needs.publicUrl()),
      guest: isSponsor ? { name: guest.displayName, address: guest.mail ?? guest.userPrincipalName } : undefined,
      end,
      address: recipient.mail,
      extendUrl: canExtend ? extensionUrl(needs.publicUrl(), needs.keys, link) : undefined,
    }),
    headers: {},
  }
}

function textsOf(tenant: Tenant, { preferredLanguage }: UserRow) {
  return textsIn(matchLanguage(preferredLanguage ?? tenant.notificationLanguage ?? 'en') ?? 'en')
}
