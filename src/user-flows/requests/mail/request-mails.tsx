import type { Texts } from '../../../platform/i18n/index.js'
import {
  Box,
  ButtonRow,
  MailDocument,
  type MailOrganization,
  OrganizationRow,
  Row,
  renderMail,
  STYLE,
} from '../../../platform/mail/layout.js'
import { type Line, line, nodesOf, textOf } from '../../../platform/mail/lines.js'
import { oneLine, quotedLines, shownName, withoutAutoLinks } from '../../../platform/mail/names.js'
import { quote, wrap } from '../../../platform/mail/plain-text.js'

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
export function requestMail(input: RequestMailInput): { subject: string; html: string; text: string } {
  const { texts, organization, visitor, kind } = input
  const subject = texts.say(`mail.sign-up.${kind}.subject`, {
    organization: shownName(organization.name),
    address: oneLine(visitor),
  })
  const content = contentOf(input)
  return {
    subject,
    html: renderMail(<RequestDocument input={input} subject={subject} {...content} />),
    text: plainText(input, content),
  }
}

type Content = ReturnType<typeof contentOf>

function contentOf(input: RequestMailInput) {
  const { texts, organization, visitor, address, contact, kind } = input
  const names = {
    organization: withoutAutoLinks(shownName(organization.name)),
    address: { leftToRight: oneLine(visitor) },
    date: 'until' in input ? texts.date(input.until) : '',
  }
  const reason = kind === 'denied' && input.reason ? quotedLines(input.reason).map(withoutAutoLinks) : undefined
  return {
    heading: line(kind === 'ask' ? 'mail.sign-up.ask.heading' : `mail.sign-up.${kind}.subject`, names),
    // Where nobody can sign up again, the flow is gone.
    lead: line(
      kind === 'lapsed' && input.url === undefined ? 'mail.sign-up.closed.lead' : `mail.sign-up.${kind}.lead`,
      names,
    ),
    button: input.url === undefined || kind === 'denied' ? undefined : line(`mail.sign-up.${kind}.button`),
    opening: kind === 'ask' ? line('mail.sign-up.ask.opening') : undefined,
    writes: reason && line('mail.sign-up.denied.reason', names),
    reason,
    contact: contact ? line('mail.sign-up.contact', { contact: { leftToRight: oneLine(contact) } }) : undefined,
    why: line(kind === 'ask' ? 'mail.sign-up.ask.why' : 'mail.sign-up.why', {
      ...names,
      address: { leftToRight: oneLine(address) },
    }),
  }
}

function RequestDocument({ input, subject, ...content }: Content & { input: RequestMailInput; subject: string }) {
  const { texts, organization, url } = input
  const { button, opening, contact } = content
  const say = (...lines: (Line | undefined)[]) => nodesOf(texts, ...lines)
  const isLast = !button && !content.reason && !contact
  return (
    <MailDocument texts={texts} title={subject} preheader={say(content.lead)}>
      <OrganizationRow texts={texts} organization={organization} />
      <Row texts={texts} style={isLast ? STYLE.only : STYLE.spacious}>
        <h1 class="t" style={STYLE.heading}>
          {say(content.heading)}
        </h1>
        <p class="m" style={STYLE.lead}>
          {say(content.lead)}
        </p>
      </Row>
      {content.writes && content.reason && (
        <ReasonRow texts={texts} label={content.writes} lines={content.reason} isLast={!contact} />
      )}
      {url !== undefined && button && (
        <ButtonRow texts={texts} href={url} colours={organization.colours}>
          {say(button)}
        </ButtonRow>
      )}
      {(opening || contact || button) && (
        <Row texts={texts} style={STYLE.only}>
          <p class="m" style={STYLE.small}>
            {say(opening, contact)}
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

function ReasonRow({ texts, label, lines, isLast }: { texts: Texts; label: Line; lines: string[]; isLast: boolean }) {
  return (
    <Row texts={texts} style={isLast ? STYLE.only : STYLE.close}>
      <Box texts={texts} mark="q" style={STYLE.quote}>
        <span class="m" style={STYLE.quoteLabel}>
          {nodesOf(texts, label)}
        </span>
        <br />
        <bdi class="t" style={STYLE.ink}>
          {lines.flatMap((each, i) => (i === 0 ? [each] : [<br />, each]))}
        </bdi>
      </Box>
    </Row>
  )
}

function plainText({ texts, url }: RequestMailInput, content: Content): string {
  const say = (...lines: (Line | undefined)[]) => wrap(textOf(texts, ...lines))
  const { writes, reason, button, opening, contact } = content
  const parts = [
    say(content.heading),
    say(content.lead),
    ...(writes && reason ? [`${say(line('mail.label', { text: textOf(texts, writes) }))}\n${quote(reason)}`] : []),
    ...(url !== undefined && button ? [`${say(button)}\n${url}`] : []),
    ...(opening || contact ? [say(opening, contact)] : []),
    `-- \n${say(content.why)}`,
  ]
  return `${parts.join('\n\n')}\n`
}
