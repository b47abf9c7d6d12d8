import type { Texts } from '../../platform/i18n/index.js'
import {
  ButtonRow,
  MailDocument,
  type MailOrganization,
  OrganizationRow,
  Row,
  renderMail,
  STYLE,
} from '../../platform/mail/layout.js'
import { type Line, line, nodesOf, textOf } from '../../platform/mail/lines.js'
import { oneLine, shownName, withoutAutoLinks } from '../../platform/mail/names.js'
import { wrap } from '../../platform/mail/plain-text.js'

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
export function reminderMail(input: ReminderMailInput): { subject: string; html: string; text: string } {
  const { texts, organization, guest, end } = input
  const subject = texts.say(guest ? 'mail.reminder.sponsor.subject' : 'mail.reminder.subject', {
    organization: shownName(organization.name),
    guest: shownName(guest?.name ?? ''),
    date: texts.date(end),
  })
  const content = contentOf(input)
  return {
    subject,
    html: renderMail(<ReminderDocument input={input} subject={subject} {...content} />),
    text: plainText(input, content),
  }
}

type Content = ReturnType<typeof contentOf>

function contentOf({ texts, organization, guest, end, address, extendUrl }: ReminderMailInput) {
  const names = {
    organization: withoutAutoLinks(shownName(organization.name)),
    guest: withoutAutoLinks(shownName(guest?.name ?? '')),
    date: texts.date(end),
  }
  const who = guest ? 'mail.reminder.sponsor' : 'mail.reminder'
  const whom = { leftToRight: oneLine(guest?.address ?? '') }
  return {
    heading: line(`${who}.subject`, names),
    lead: guest ? line('mail.reminder.sponsor.lead', { ...names, address: whom }) : line('mail.reminder.lead', names),
    button: extendUrl === undefined ? undefined : line('mail.reminder.sponsor.button'),
    opening: extendUrl === undefined ? undefined : line('mail.reminder.sponsor.opening'),
    why: line(`${who}.why`, { ...names, address: { leftToRight: oneLine(address) } }),
  }
}

function ReminderDocument({ input, subject, ...content }: Content & { input: ReminderMailInput; subject: string }) {
  const { texts, organization, extendUrl } = input
  const say = (...lines: (Line | undefined)[]) => nodesOf(texts, ...lines)
  return (
    <MailDocument texts={texts} title={subject} preheader={say(content.lead)}>
      <OrganizationRow texts={texts} organization={organization} />
      <Row texts={texts} style={extendUrl ? STYLE.spacious : STYLE.only}>
        <h1 class="t" style={STYLE.heading}>
          {say(content.heading)}
        </h1>
        <p class="m" style={STYLE.lead}>
          {say(content.lead)}
        </p>
      </Row>
      {extendUrl && (
        <ButtonRow texts={texts} href={extendUrl} colours={organization.colours}>
          {say(content.button)}
        </ButtonRow>
      )}
      {extendUrl && (
        <Row texts={texts} style={STYLE.only}>
          <p class="m" style={STYLE.small}>
            {say(content.opening)}
          </p>
        </Row>
      )}
      <Row texts={texts} mark="p s" style={STYLE.footer}>
        <p class="m" style={STYLE.fine}>
          {say(content.why)}
        </p>
      </Row>
    </MailDocument>
  )
}

function plainText({ texts, extendUrl }: ReminderMailInput, content: Content): string {
  const say = (...lines: (Line | undefined)[]) => wrap(textOf(texts, ...lines))
  const parts = [
    say(content.heading),
    say(content.lead),
    ...(extendUrl ? [`${say(content.button)}\n${extendUrl}`, say(content.opening)] : []),
    `-- \n${say(content.why)}`,
  ]
  return `${parts.join('\n\n')}\n`
}
