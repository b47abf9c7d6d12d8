import { createTransport } from 'nodemailer'
import { type Mail, type Mailbox, MailNotAccepted, type MailTransport } from './mail.js'
import { inAsciiLabels, prepare, shortReason } from './prepare.js'

export type SmtpSettings = {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. */
  url: string
  /** For connecting, for the greeting and for each silence after it. 10 s unless told. */
  timeoutMs?: number | undefined
}

const TIMEOUT_MS = 10_000
/** Replies about how we log in or talk (RFC 4954 section 6, RFC 3207, 503): an operator mends them, the mail is fine. */
const NOT_THE_MAIL = new Set([503, 530, 534, 535, 538])

/**
 * Sends over pooled SMTP connections. TLS is used whenever the server offers it, with its certificate checked; a
 * server that offers it and then fails to speak it gets nothing.
 */
export function createSmtpTransport({ url, timeoutMs = TIMEOUT_MS }: SmtpSettings): MailTransport {
  const transporter = createTransport({
    url,
    pool: true,
    maxConnections: 10,
    maxMessages: 1000,
    // The outbox decides about repetitions; here a connection lost after the message was sent would repeat it at once.
    maxRequeues: 0,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // Failures that matter reach the sender of a message; without a listener an idle connection's end would be thrown.
  transporter.on('error', () => {})
  return {
    name: 'smtp',
    async send(mail) {
      const message = toMime(mail)
      const outcome = await transporter.sendMail(message).catch((error: unknown) => {
        throw notAccepted(error)
      })
      // The server may take the copy and refuse the guest; that is no delivery.
      if (outcome.rejected.includes(message.to.address)) throw notAccepted(outcome.rejectedErrors?.[0])
      return { providerMessageId: outcome.messageId }
    },
    async verify() {
      await transporter.verify().catch((error: unknown) => {
        throw notAccepted(error)
      })
    },
    async close() {
      transporter.close()
    },
  }
}

function toMime(mail: Mail) {
  const { messageId, from, replyTo, to, cc, subject, headers } = prepare(mail)
  const named = ({ name = '', address }: Mailbox) => ({ name, address: inAsciiLabels(address) })
  const [sender, guest, copies] = [named(from), named(to), cc.map(named)]
  return {
    from: sender,
    to: guest,
    cc: copies,
    replyTo: replyTo && named(replyTo),
    // Given outright, so that nothing has to be parsed out of headers again.
    envelope: { from: sender.address, to: [guest, ...copies].map(({ address }) => address) },
    messageId,
    subject,
    text: mail.text,
    html: mail.html,
    headers,
  }
}

function notAccepted(error: unknown): MailNotAccepted {
  const failure: { responseCode?: unknown; code?: unknown; response?: unknown; message?: unknown } =
    typeof error === 'object' && error !== null ? error : {}
  const said = String(failure.response ?? failure.message ?? error)
  if (failure.code !== 'EENVELOPE' && failure.code !== 'EMESSAGE') {
    const reason = `The mail server could not be used (${String(failure.code)}): ${said}`
    return new MailNotAccepted(shortReason(reason), { permanent: false })
  }
  // Without a reply the client itself saw that this server cannot take this message.
  const reply = typeof failure.responseCode === 'number' ? failure.responseCode : 500
  const permanent = reply >= 500 && !NOT_THE_MAIL.has(reply)
  return new MailNotAccepted(shortReason(`The mail server refused the mail: ${said}`), { permanent })
}
