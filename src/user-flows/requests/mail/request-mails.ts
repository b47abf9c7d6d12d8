import type { Texts } from '../../../platform/i18n/index.js'
import type { MailOrganization } from '../../../platform/mail/layout.js'
import { type RenderedMail, renderLetter } from '../../../platform/mail/letter.js'
import { line } from '../../../platform/mail/lines.js'
import { oneLine, quotedLines, shownName, withoutAutoLinks } from '../../../platform/mail/names.js'

export type RequestMailInput = {
  texts: Texts
  organization: MailOrganization
  /** The visitor's address: what was proved, the only thing about them that a mail says. */
  visitor: string
  /** To whom this goes. */
  address: string
  /** Where the button leads; unset: there is nothing to do. */
  url?: string | undefined
  /** Whom to ask at the organization. */
  contact?: string | undefined
} & (
  | { kind: 'ask' | 'lapsed'; until: Date }
  | { kind: 'approved' }
  /** What the approver wrote: shown as text and quoted, nothing in it becomes markup or a link of ours. */
  | { kind: 'denied'; reason?: string | undefined }
)

/** Asks an approver to decide, or tells a visitor what became of their request. */
export function requestMail(input: RequestMailInput): RenderedMail {
  const { texts, organization, visitor, address, url, contact, kind } = input
  const name = shownName(organization.name)
  const names = {
    organization: withoutAutoLinks(name),
    address: { leftToRight: oneLine(visitor) },
    date: 'until' in input ? texts.date(input.until) : '',
  }
  const isAsk = kind === 'ask'
  const reason = kind === 'denied' ? input.reason : undefined
  return renderLetter(texts, organization, {
    subject: texts.say(`mail.sign-up.${kind}.subject`, { organization: name, address: oneLine(visitor) }),
    heading: line(isAsk ? 'mail.sign-up.ask.heading' : `mail.sign-up.${kind}.subject`, names),
    // Where nobody can sign up again, the flow is gone.
    lead: [
      line(kind === 'lapsed' && url === undefined ? 'mail.sign-up.closed.lead' : `mail.sign-up.${kind}.lead`, names),
    ],
    quote: reason
      ? { label: line('mail.sign-up.denied.reason', names), lines: quotedLines(reason).map(withoutAutoLinks) }
      : undefined,
    button: url === undefined || kind === 'denied' ? undefined : { label: line(`mail.sign-up.${kind}.button`), url },
    small: [
      isAsk ? line('mail.sign-up.ask.opening') : undefined,
      contact ? line('mail.sign-up.contact', { contact: { leftToRight: oneLine(contact) } }) : undefined,
    ],
    why: line(isAsk ? 'mail.sign-up.ask.why' : 'mail.sign-up.why', {
      ...names,
      address: { leftToRight: oneLine(address) },
    }),
  })
}
