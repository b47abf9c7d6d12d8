import type { Texts } from '../../platform/i18n/index.js'
import type { MailOrganization } from '../../platform/mail/layout.js'
import { type RenderedMail, renderLetter } from '../../platform/mail/letter.js'
import { type Line, line } from '../../platform/mail/lines.js'
import { oneLine, shownName, withoutAutoLinks } from '../../platform/mail/names.js'
import type { SecurityChange } from '../security-change.js'

export type SecurityMailInput = {
  texts: Texts
  organization: MailOrganization
  change: SecurityChange
  at: Date
  /** Whether somebody else did it: an administrator, or an application of theirs. */
  isByOther: boolean
  /** To whom this goes. */
  address: string
}

/** Says that something somebody signs in with was changed. It holds no link: what it asks for is done by other ways. */
export function securityMail(input: SecurityMailInput): RenderedMail {
  const { texts, organization, change, at, isByOther, address } = input
  const name = shownName(organization.name)
  const names = { organization: withoutAutoLinks(name) }
  const time = { leftToRight: texts.dateTime(at) }
  return renderLetter(texts, organization, {
    subject: texts.say('mail.security.subject', { organization: name }),
    heading: line('mail.security.subject', names),
    lead: [happened(change, time), isByOther ? line('mail.security.admin', names) : line('mail.security.you')],
    small: [line('mail.security.help', names)],
    why: line('mail.security.why', { ...names, address: { leftToRight: oneLine(address) } }),
  })
}

function happened(change: SecurityChange, time: { leftToRight: string }): Line {
  switch (change.change) {
    case 'password':
      return line('mail.security.password', { time })
    case 'codes':
      return line('mail.security.codes', { time })
    case 'added':
      return line('mail.security.added', { time, kind: change.kind })
    case 'removed':
      return line('mail.security.removed', { time, kind: change.kind })
  }
}
