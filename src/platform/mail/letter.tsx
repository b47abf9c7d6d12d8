import type { Texts } from '../i18n/index.js'
import {
  ButtonRow,
  HeadingRow,
  MailDocument,
  type MailOrganization,
  OrganizationRow,
  QuoteRow,
  renderMail,
  SmallRow,
  STYLE,
  WhyRow,
} from './layout.js'
import { type Line, line, nodesOf, textOf } from './lines.js'
import { quote, wrap } from './plain-text.js'

export type RenderedMail = { subject: string; html: string; text: string }

/** What a mail of one matter says, in the order in which it stands. */
export type Letter = {
  subject: string
  heading: Line
  /** Inboxes show its first sentence beside the subject. */
  lead: readonly [Line, ...Line[]]
  /** What somebody wrote. */
  quote?: { label: Line; lines: string[] } | undefined
  button?: { label: Line; url: string } | undefined
  /** What else there is to know. */
  small: readonly (Line | undefined)[]
  /** Why it came. */
  why: Line
}

/** A letter in an organization's name, its HTML and its text made of the same sentences. */
export function renderLetter(texts: Texts, organization: MailOrganization, letter: Letter): RenderedMail {
  return {
    subject: letter.subject,
    html: renderMail(<LetterDocument texts={texts} organization={organization} {...letter} />),
    text: plainText(texts, letter),
  }
}

function LetterDocument({ texts, organization, ...letter }: Letter & { texts: Texts; organization: MailOrganization }) {
  const { heading, lead, quote, button } = letter
  const say = (...lines: readonly (Line | undefined)[]) => nodesOf(texts, ...lines)
  const endsIn = button || letter.small.some(Boolean)
  return (
    <MailDocument texts={texts} title={letter.subject} preheader={say(lead[0])}>
      <OrganizationRow texts={texts} organization={organization} />
      <HeadingRow
        texts={texts}
        style={quote || endsIn ? STYLE.spacious : STYLE.only}
        heading={say(heading)}
        lead={say(...lead)}
      />
      {quote && (
        <QuoteRow
          texts={texts}
          style={endsIn ? STYLE.close : STYLE.only}
          label={say(quote.label)}
          lines={quote.lines}
        />
      )}
      {button && (
        <ButtonRow texts={texts} href={button.url} colours={organization.colours}>
          {say(button.label)}
        </ButtonRow>
      )}
      {endsIn && <SmallRow texts={texts}>{say(...letter.small)}</SmallRow>}
      <WhyRow texts={texts}>{say(letter.why)}</WhyRow>
    </MailDocument>
  )
}

function plainText(texts: Texts, { heading, lead, quote: quoted, button, small, why }: Letter): string {
  const say = (...lines: readonly (Line | undefined)[]) => wrap(textOf(texts, ...lines))
  const parts = [
    say(heading),
    say(...lead),
    ...(quoted ? [`${say(line('mail.label', { text: textOf(texts, quoted.label) }))}\n${quote(quoted.lines)}`] : []),
    ...(button ? [`${say(button.label)}\n${button.url}`] : []),
    ...(small.some(Boolean) ? [say(...small)] : []),
    `-- \n${say(why)}`,
  ]
  return `${parts.join('\n\n')}\n`
}
