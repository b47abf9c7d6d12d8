import MailComposer from 'nodemailer/lib/mail-composer'
import type { MailboxMessage } from './store.js'

/** The message as it would travel (RFC 5322, MIME), for the raw view. */
export async function rawMessage(message: MailboxMessage): Promise<Buffer> {
  const { 'Message-ID': messageId, ...headers } = message.headers
  const composer = new MailComposer({
    from: message.from,
    to: message.to,
    cc: message.cc,
    ...(message.replyTo !== null && { replyTo: message.replyTo }),
    ...(messageId !== undefined && { messageId }),
    subject: message.subject,
    date: message.createdAt,
    text: message.text,
    html: message.html,
    headers,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}
