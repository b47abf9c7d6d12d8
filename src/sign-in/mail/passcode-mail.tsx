import type { Texts } from '../../platform/i18n/index.js'
import {
  Box,
  HeadingRow,
  MailDocument,
  type MailOrganization,
  OrganizationRow,
  Row,
  renderMail,
  SmallRow,
  STYLE,
  WhyRow,
} from '../../platform/mail/layout.js'
import { type Line, line, nodesOf, textOf } from '../../platform/mail/lines.js'
import { oneLine, shownName, withoutAutoLinks, withoutCodes } from '../../platform/mail/names.js'
import { wrap } from '../../platform/mail/plain-text.js'

export type PasscodeMailInput = {
  texts: Texts
  organization: MailOrganization
  /** Eight digits. */
  code: string
  expiresAt: Date
  askedAt: Date
  /** Whom the code was asked for, and to whom this goes. */
  address: string
}

/**
 * The one-time passcode: subject, HTML and its plain-text twin. It holds no link, exactly one number of eight digits,
 * and the code in neither subject nor preheader, which lock screens show.
 */
export function passcodeMail(input: PasscodeMailInput): { subject: string; html: string; text: string } {
  const organization = {
    ...input.organization,
    name: withoutCodes(shownName(input.organization.name)),
    domain: withoutCodes(oneLine(input.organization.domain)),
  }
  const content = contentOf({ ...input, organization })
  const subject = input.texts.say('mail.passcode.subject', { organization: organization.name })
  return {
    subject,
    html: renderMail(<PasscodeDocument input={{ ...input, organization }} subject={subject} {...content} />),
    text: plainText(input, content),
  }
}

type Content = ReturnType<typeof contentOf>

function contentOf({ texts, organization, expiresAt, askedAt, address }: PasscodeMailInput) {
  const shown = withoutAutoLinks(organization.name)
  const minutes = Math.max(1, Math.round((expiresAt.getTime() - askedAt.getTime()) / 60_000))
  const time = (at: Date) => ({ leftToRight: texts.time(at) })
  return {
    heading: line('mail.passcode.subject', { organization: shown }),
    preheader: line('mail.passcode.preheader', { minutes }),
    code: line('mail.passcode.code', { organization: shown, domain: { leftToRight: organization.domain } }),
    type: line('mail.passcode.type', { time: time(expiresAt), minutes }),
    newest: line('mail.passcode.newest'),
    secret: line('mail.passcode.secret', { organization: shown }),
    why: line('mail.passcode.why', { address: { leftToRight: withoutCodes(oneLine(address)) }, time: time(askedAt) }),
  }
}

function PasscodeDocument({ input, subject, ...content }: Content & { input: PasscodeMailInput; subject: string }) {
  const { texts, organization, code } = input
  const say = (...lines: Line[]) => nodesOf(texts, ...lines)
  return (
    <MailDocument texts={texts} title={subject} preheader={say(content.preheader)}>
      <OrganizationRow texts={texts} organization={organization} />
      <HeadingRow texts={texts} style={STYLE.spacious} heading={say(content.heading)} lead={say(content.type)} />
      <Row texts={texts} style={STYLE.close}>
        <Box texts={texts} mark="q t" align="center" style={STYLE.code}>
          <bdi dir="ltr">{code}</bdi>
        </Box>
      </Row>
      <SmallRow texts={texts}>{say(content.newest, content.secret)}</SmallRow>
      <WhyRow texts={texts}>{say(content.why)}</WhyRow>
    </MailDocument>
  )
}

function plainText({ texts, code }: PasscodeMailInput, content: Content): string {
  const say = (...lines: Line[]) => wrap(textOf(texts, ...lines))
  const parts = [
    say(content.code),
    code,
    say(content.type, content.newest),
    say(content.secret),
    `-- \n${say(content.why)}`,
  ]
  return `${parts.join('\n\n')}\n`
}
