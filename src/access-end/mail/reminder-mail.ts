import type { Texts } from '../../platform/i18n/index.js'
import type { MailOrganization } from '../../platform/mail/layout.js'
import { type RenderedMail, renderLetter } from '../../platform/mail/letter.js'
import { line } from '../../platform/mail/lines.js'
import { oneLine, shownName, withoutAutoLinks } from '../../platform/mail/names.js'

export type ReminderMailInput = {
  texts: Texts
  organization: MailOrganization
  /** For a sponsor: whose access ends. Unset: the reader's own. */
  guest?: { name: string; address: string } | undefined
  end: Date
  /** To whom this goes. */
  address: string
  /** Where a sponsor extends it; unset when they cannot. */
  extendUrl?: string | undefined
}

/** Says that an access ends soon: to the guest whom to ask, to a sponsor where to extend it. */
export function reminderMail(input: ReminderMailInput): RenderedMail {
  const { texts, organization, guest, end, address, extendUrl } = input
  const shown = {
    organization: shownName(organization.name),
    guest: shownName(guest?.name ?? ''),
    date: texts.date(end),
  }
  const names = {
    ...shown,
    organization: withoutAutoLinks(shown.organization),
    guest: withoutAutoLinks(shown.guest),
  }
  const who = guest ? 'mail.reminder.sponsor' : 'mail.reminder'
  const whom = { leftToRight: oneLine(guest?.address ?? '') }
  return renderLetter(texts, organization, {
    subject: texts.say(`${who}.subject`, shown),
    heading: line(`${who}.subject`, names),
    lead: [line(`${who}.lead`, { ...names, ...(guest && { address: whom }) })],
    button: extendUrl === undefined ? undefined : { label: line('mail.reminder.sponsor.button'), url: extendUrl },
    small: extendUrl === undefined ? [] : [line('mail.reminder.sponsor.opening')],
    why: line(`${who}.why`, { ...names, address: { leftToRight: oneLine(address) } }),
  })
}
