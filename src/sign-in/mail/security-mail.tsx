import type { Texts } from '../../platform/i18n/index.js'
import {
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
export function securityMail(input: SecurityMailInput): { subject: string; html: string; text: string } {
  const { texts, organization } = input
  const subject = texts.say('mail.security.subject', { organization: shownName(organization.name) })
  const content = contentOf(input)
  return {
    subject,
    html: renderMail(<SecurityDocument input={input} subject={subject} {...content} />),
    text: plainText(texts, content),
  }
}

type Content = ReturnType<typeof contentOf>

function contentOf({ texts, organization, change, at, isByOther, address }: SecurityMailInput) {
  const names = { organization: withoutAutoLinks(shownName(organization.name)) }
  const time = { leftToRight: texts.dateTime(at) }
  return {
    heading: line('mail.security.subject', names),
    happened: happened(change, time),
    who: isByOther ? line('mail.security.admin', names) : line('mail.security.you'),
    help: line('mail.security.help', names),
    why: line('mail.security.why', { ...names, address: { leftToRight: oneLine(address) } }),
  }
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

function SecurityDocument({ input, subject, ...content }: Content & { input: SecurityMailInput; subject: string }) {
  const { texts, organization } = input
  const say = (...lines: Line[]) => nodesOf(texts, ...lines)
  return (
    <MailDocument texts={texts} title={subject} preheader={say(content.happened)}>
      <OrganizationRow texts={texts} organization={organization} />
      <Row texts={texts} style={STYLE.spacious}>
        <h1 class="t" style={STYLE.heading}>
          {say(content.heading)}
        </h1>
        <p class="m" style={STYLE.lead}>
          {say(content.happened, content.who)}
        </p>
      </Row>
      <Row texts={texts} style={STYLE.only}>
        <p class="m" style={STYLE.small}>
          {say(content.help)}
        </p>
      </Row>
      <Row texts={texts} mark="p s" style={STYLE.footer}>
        <p class="m" style={STYLE.fine}>
          {say(content.why)}
        </p>
      </Row>
    </MailDocument>
  )
}

function plainText(texts: Texts, content: Content): string {
  const say = (...lines: Line[]) => wrap(textOf(texts, ...lines))
  const parts = [
    say(content.heading),
    say(content.happened, content.who),
    say(content.help),
    `-- \n${say(content.why)}`,
  ]
  return `${parts.join('\n\n')}\n`
}
