import { parseEmailAddress } from '../../kernel/email-address.js'
import { withoutSecrets } from '../log.js'
import { type Mail, type Mailbox, MailNotAccepted } from './mail.js'
import { oneLine } from './names.js'

/** A message whose every header value is one line and whose every address is exactly one address. */
export type PreparedMail = {
  messageId: string
  from: Mailbox
  replyTo: Mailbox | undefined
  to: Mailbox
  cc: Mailbox[]
  subject: string
  headers: Record<string, string>
}

const ONE_ADDRESS = /^[^\s\p{Cc}<>()",;:\\[\]@]{1,64}@[^\s\p{Cc}<>()",;:\\[\]@]{1,253}$/u
const HIDDEN = '[hidden]'
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,76}$/
/** Headers that a transport writes itself; giving them twice would let two programs read two different messages. */
const OWN_HEADERS =
  /^(?:from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|content-.*|received|return-path|dkim-signature|x-sg-.*)$/i
/** RFC 3834 section 5: tells absence notices not to answer, which would reach the person in Reply-To. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated' }

/**
 * The parts of `mail` that become headers, made safe for every transport: no line breaks or control characters
 * anywhere, nobody copied who is already addressed, and a Message-ID (RFC 5322 section 3.6.4) that is the same each
 * time this mail is sent, so that a receiving system can drop a repetition.
 * @throws MailNotAccepted, permanent, when an address could be read as something else than one address.
 */
export function prepare(mail: Mail): PreparedMail {
  const from = mailbox(mail.from)
  const to = mailbox(mail.to)
  const seen = new Set([to.address.toLowerCase()])
  const cc = mail.cc.map(mailbox).filter(({ address }) => {
    const folded = address.toLowerCase()
    return !seen.has(folded) && seen.add(folded)
  })
  return {
    messageId: `<${mail.id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    from,
    replyTo: mail.replyTo && mailbox(mail.replyTo),
    to,
    cc,
    subject: oneLine(mail.subject),
    headers: { ...AUTOMATIC, ...extraHeaders(mail.headers) },
  }
}

function mailbox({ name, address }: Mailbox): Mailbox {
  if (!ONE_ADDRESS.test(address)) {
    throw new MailNotAccepted('An address of this mail is not one plain e-mail address.', { permanent: true })
  }
  const shown = name === undefined ? '' : oneLine(name)
  return shown === '' ? { address } : { name: shown, address }
}

/**
 * The address as other servers are given it. Policies judged the A-labels of its domain, so nobody else gets to read its
 * letters another way (UTS 46 or not).
 */
export function inAsciiLabels(address: string): string {
  const parsed = /[^\x20-\x7e]/.test(address) ? parseEmailAddress(address) : undefined
  return parsed ? `${parsed.local}@${parsed.domain}` : address
}

function extraHeaders(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => {
    if (!HEADER_NAME.test(name) || OWN_HEADERS.test(name)) throw new Error(`a mail cannot set the header "${name}"`)
    return [name, oneLine(value)]
  })
  return Object.fromEntries(entries)
}

/** Where a link leads after its path, and what could be a code. */
const OPENS_DOORS = /(?<=https?:\/\/[^\s"'<>?#]*)[?#][^\s"'<>]*|\b\d{3,4}[ -]?\d{3,4}\b/gi

/**
 * What the other side said, short and on one line, for `delivery.reason` and the log. Filters quote the mail that they
 * refuse: what a link or a code in it would open, nobody opens who reads this.
 */
export function shortReason(text: string): string {
  return short(withoutSecrets(oneLine(text).replace(OPENS_DOORS, HIDDEN)))
}

/** At most 300 characters of one line. */
export function short(text: string): string {
  const line = oneLine(text)
  return line.length <= 300 ? line : `${[...line].slice(0, 299).join('')}…`
}
