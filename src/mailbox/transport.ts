import type { Sql } from 'postgres'
import type { Mailbox, MailTransport } from '../platform/mail/mail.js'
import { prepare } from '../platform/mail/prepare.js'
import { insertMessage } from './store.js'

/**
 * Delivers into the `mailbox_messages` table instead of to people: for trying the service without an account anywhere.
 * Sending the same mail again leaves one message. `clock` stamps the arrival.
 */
export function createMailboxTransport(sql: Sql, clock: () => Date): MailTransport {
  return {
    name: 'mailbox',
    async send(mail) {
      const { messageId, from, replyTo, to, cc, subject, headers } = prepare(mail)
      await insertMessage(sql, {
        id: mail.id,
        tenantId: mail.tenantId,
        to: [to.address],
        cc: cc.map(({ address }) => address),
        from: display(from),
        replyTo: replyTo?.address ?? null,
        subject,
        html: mail.html,
        text: mail.text,
        headers: { ...headers, 'Message-ID': messageId },
        createdAt: clock(),
      })
      return { providerMessageId: mail.id }
    },
    async verify() {
      // The table is as reachable as the database, which is checked on its own.
    },
    async close() {},
  }
}

/** `Name <address>`, the name in quotes when it holds a character that means something there (RFC 5322 section 3.2.3). */
function display({ name, address }: Mailbox): string {
  if (name === undefined) return address
  return `${/[()<>[\]:;@\\,"]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name} <${address}>`
}
