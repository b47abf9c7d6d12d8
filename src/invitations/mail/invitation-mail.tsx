import { LRUCache } from 'lru-cache'
import { DAY_MS } from '../../kernel/instant.js'
import { showable, type Texts } from '../../platform/i18n/index.js'
import {
  ButtonRow,
  escaped,
  HeadingRow,
  MailDocument,
  OrganizationRow,
  QuoteRow,
  Row,
  renderMail,
  STYLE,
} from '../../platform/mail/layout.js'
import { type Line, line, nodesOf, textOf } from '../../platform/mail/lines.js'
import { oneLine } from '../../platform/mail/names.js'
import { quote, wrap } from '../../platform/mail/plain-text.js'
import { createTemplate, type Template } from '../../platform/mail/template.js'
import {
  type Content,
  contentOf,
  type GuestInput,
  type MailInput,
  namesOf,
  type SharedInput,
  subjectOf,
  whyOf,
} from './sentences.js'

export type InvitationMailInput = SharedInput & GuestInput

export type RenderedMail = { subject: string; html: string; text: string }

/** About what both parts of a mail without a message take, in characters. */
const SHELL_LENGTH = 10_000

/** A mail without what is the guest's. `why` is the whole paragraph that names the address, since it is wrapped. */
type Shell = {
  subject: string
  html: Template<'redeemUrl' | 'blockUrl' | 'address'>
  text: Template<'redeemUrl' | 'blockUrl' | 'why'>
}

/** Shells that were used lately; together about this many characters. */
const shells = new LRUCache<string, Shell>({ maxSize: 4_000_000 })

/**
 * The invitation: subject, HTML and its plain-text twin, in the order of parts Graph's invitation mail has. Names and
 * message are shown as text only: nothing in them becomes markup, a header or a link. An address that is not http or
 * https (for the contact also mailto) is left out.
 */
export function invitationMail(input: InvitationMailInput): RenderedMail {
  const { redeemUrl, blockUrl, invitedAddress, ...shared } = input
  const { texts } = shared
  const address = showable(oneLine(invitedAddress))
  // Shells are made for addresses that need no isolating beyond what this language always does.
  if (typeof texts.ltr(address) !== typeof texts.ltr('')) return wholeInvitationMail(input)
  const shell = shellOf(shared, new URL(redeemUrl).host)
  const why = wrap(textOf(texts, ...whyOf(input, namesOf(shared))))
  return {
    subject: shell.subject,
    html: shell.html({ redeemUrl, blockUrl, address }),
    text: shell.text({ redeemUrl, blockUrl, why }),
  }
}

/** The same mail without anything remembered. */
export function wholeInvitationMail(input: InvitationMailInput): RenderedMail {
  const parts = { ...input, host: new URL(input.redeemUrl).host }
  const content = contentOf(parts)
  return {
    subject: subjectOf(input),
    html: htmlOf(parts, content),
    text: plainText(parts, content, wrap(textOf(input.texts, ...content.why))),
  }
}

function shellOf(shared: SharedInput, host: string): Shell {
  const { texts, expiresAt, ...rest } = shared
  // It is shown as a date.
  const day = expiresAt && Math.floor(expiresAt.getTime() / DAY_MS)
  const key = JSON.stringify([texts.language, host, day, rest])
  const known = shells.get(key)
  if (known) return known
  const made = makeShell(shared, host)
  shells.set(key, made, { size: key.length + SHELL_LENGTH + 10 * (shared.message?.length ?? 0) })
  return made
}

/** Knows no guest, so nothing of one can stay in it. */
function makeShell(shared: SharedInput, host: string): Shell {
  const html = (guest: GuestInput) => {
    const parts = { ...shared, host, ...guest }
    return htmlOf(parts, contentOf(parts))
  }
  const text = (guest: GuestInput, why: string) => {
    const parts = { ...shared, host, ...guest }
    return plainText(parts, contentOf(parts), why)
  }
  return {
    subject: subjectOf(shared),
    html: createTemplate(
      ['redeemUrl', 'blockUrl', 'address'],
      ({ address, ...links }) => html({ ...links, invitedAddress: address }),
      escaped,
    ),
    text: createTemplate(
      ['redeemUrl', 'blockUrl', 'why'],
      ({ why, ...links }) => text({ ...links, invitedAddress: '' }, why),
      (value) => value,
    ),
  }
}

function htmlOf(parts: MailInput, content: Content): string {
  return renderMail(<InvitationDocument input={parts} subject={subjectOf(parts)} {...content} />)
}

function InvitationDocument({ input, subject, ...content }: Content & { input: MailInput; subject: string }) {
  const { texts, organization, redeemUrl } = input
  const say = (...lines: (Line | undefined)[]) => nodesOf(texts, ...lines)
  return (
    <MailDocument texts={texts} title={subject} preheader={say(...content.preheader)}>
      <Row texts={texts} mark="p y" style={STYLE.caution}>
        {say(content.caution)}
      </Row>
      <OrganizationRow texts={texts} organization={organization} />
      <HeadingRow texts={texts} style={STYLE.spacious} heading={say(content.heading)} lead={say(content.lead)} />
      {content.message && (
        <QuoteRow texts={texts} style={STYLE.close} label={say(content.writes)} lines={content.message} />
      )}
      <ButtonRow texts={texts} href={redeemUrl} colours={organization.colours}>
        {say(content.button)}
      </ButtonRow>
      <Row texts={texts} style={STYLE.close}>
        <p class="m" style={STYLE.small}>
          {say(content.opensFromButton)}
          <br />
          <b class="t" style={STYLE.address}>
            <bdi dir="ltr">{content.landing}</bdi>
          </b>
          <br />
          {say(...content.afterwards)}
        </p>
      </Row>
      <Row texts={texts} style={STYLE.last}>
        <p class="m" style={STYLE.small}>
          {say(line('mail.invitation.copy'))}
          <br />
          <a class="a" dir="ltr" href={redeemUrl} style={STYLE.spelledOut}>
            {redeemUrl}
          </a>
        </p>
      </Row>
      <Footer texts={texts} blockUrl={input.blockUrl} {...content} />
    </MailDocument>
  )
}

function Footer({ texts, blockUrl, ...content }: Content & { texts: Texts; blockUrl: string }) {
  return (
    <Row texts={texts} mark="p s" style={STYLE.footer}>
      <p class="m" style={STYLE.fineAbove}>
        {nodesOf(texts, ...content.why)}
      </p>
      <p class="m" style={STYLE.links}>
        <a class="a" href={blockUrl} style={STYLE.link}>
          {nodesOf(texts, content.block)}
        </a>
        <br />
        {content.privacyUrl ? (
          <a class="a" href={content.privacyUrl} style={STYLE.link}>
            {nodesOf(texts, content.privacy)}
          </a>
        ) : (
          nodesOf(texts, content.noPrivacy)
        )}
        {content.contactUrl && <br />}
        {content.contactUrl && (
          <a class="a" href={content.contactUrl} style={STYLE.link}>
            {nodesOf(texts, content.contact)}
          </a>
        )}
      </p>
    </Row>
  )
}

/** The same sentences, 76 columns wide; every address on a line of its own, whole. */
function plainText(input: MailInput, content: Content, why: string): string {
  const { texts } = input
  const say = (...lines: (Line | undefined)[]) => wrap(textOf(texts, ...lines))
  const label = (of: Line) => say(line('mail.label', { text: textOf(texts, of) }))
  const parts = [
    `${say(content.caution)}\n`,
    `${say(content.heading)}\n${say(content.organization)}`,
    say(content.lead),
    content.message && `${label(content.writes)}\n${quote(content.message)}`,
    `${label(content.button)}\n${input.redeemUrl}`,
    `${say(content.opensFromLink)}\n${content.landing}\n${say(...content.afterwards)}`.trimEnd(),
    `-- \n${why}`,
    [
      `${label(content.block)}\n${input.blockUrl}`,
      content.privacyUrl ? `${label(content.privacy)}\n${content.privacyUrl}` : say(content.noPrivacy),
      ...(content.contactUrl ? [`${label(content.contact)}\n${content.contactUrl}`] : []),
    ].join('\n'),
  ]
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`
}
