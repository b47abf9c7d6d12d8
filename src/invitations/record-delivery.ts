import { parseEmailAddress } from '../kernel/email-address.js'
import type { Database } from '../platform/database.js'
import type { SendgridEvent } from '../platform/mail/sendgrid-events.js'
import { blockMails } from './mail-blocks.js'
import { findMail, type MailRecord, recordDelivery } from './store.js'

type Needs = { database: Database; clock: () => Date; newId: () => string }

/** Events come late, twice and out of order: a state only gives way to one that is further along. */
const RANK: Record<string, number> = { queued: 0, sent: 1, deferred: 2, delivered: 3, failed: 4, bounced: 4 }

/**
 * Takes what a mail provider reports into `delivery`. Events about unknown mails, other organizations' mails and copies
 * change nothing; a recipient who unsubscribes at the provider is blocked here as well.
 */
export async function recordDeliveryEvents(needs: Needs, events: SendgridEvent[]): Promise<void> {
  for (const event of events) {
    const mail = await needs.database.withTenant(event.tenantId, async (scope) => {
      const found = await findMail(scope, event.mailId)
      if (!found || !isForRecipient(event, found)) return undefined
      if (movesOn(found, event)) {
        await recordDelivery(scope, found, { state: event.event, reason: event.reason, at: event.at })
      }
      return found
    })
    const wantsNone = event.event === 'unsubscribed' || event.event === 'spamReported'
    if (mail && wantsNone) await blockMails(needs, event.tenantId, mail.invitationId)
  }
}

function isForRecipient(event: SendgridEvent, mail: MailRecord): boolean {
  return event.recipient === undefined || parseEmailAddress(event.recipient)?.folded === mail.recipientFolded
}

function movesOn(mail: MailRecord, { event }: SendgridEvent): boolean {
  const to = RANK[event]
  return to !== undefined && to > (RANK[mail.state] ?? 0)
}
