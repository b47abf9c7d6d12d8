import { findUser, type UserRow } from '../directory/index.js'
import type { Keys } from '../platform/crypto.js'
import type { TenantScope } from '../platform/database.js'
import type { Work } from '../platform/queue.js'
import { type Recipient, type Sender, sendTenantMail, type TenantMailNeeds } from '../tenants/index.js'
import { extensionUrl } from './link.js'
import { reminderMail } from './mail/reminder-mail.js'
import { extendedEnd } from './rules.js'
import { findReminder } from './store.js'

type Facts = Recipient & { end: Date; guest: UserRow; recipientId: string }

/** Sends the mail of one outbox row, if what it says is still so. Safe to run twice. */
export function sendReminderMail(needs: TenantMailNeeds<'reminder'> & { keys: Keys }, work: Work): Promise<void> {
  return sendTenantMail(needs, work, {
    kind: 'reminder',
    idOf: ({ subjectId }) => subjectId,
    read: wanted,
    write: (facts, sender) => write(needs.keys, facts, sender),
  })
}

async function wanted(scope: TenantScope, id: string, now: Date): Promise<Facts | undefined> {
  const reminder = await findReminder(scope, id)
  const guest = reminder && (await findUser(scope, reminder.userId))
  const recipient = reminder && (await findUser(scope, reminder.recipientId))
  const end = guest?.accessEndDateTime
  if (!guest || !recipient?.mail || !end || end <= now) return undefined
  // Extended or cut short since: another mail tells of that end.
  if (end.getTime() !== reminder.accessEndDateTime.getTime()) return undefined
  return { end, guest, recipientId: recipient.id, address: recipient.mail, language: recipient.preferredLanguage }
}

function write(keys: Keys, facts: Facts, { tenant, texts, organization, publicUrl, now }: Sender) {
  const { end, guest, recipientId: sponsorId, address } = facts
  const isSponsor = sponsorId !== guest.id
  const canExtend = isSponsor && extendedEnd(end, tenant.settings.accessExtensionDays, now) !== undefined
  const link = { tenantId: tenant.id, guestId: guest.id, sponsorId, end }
  return reminderMail({
    texts,
    organization,
    guest: isSponsor ? { name: guest.displayName, address: guest.mail ?? guest.userPrincipalName } : undefined,
    end,
    address,
    extendUrl: canExtend ? extensionUrl(publicUrl, keys, link) : undefined,
  })
}
