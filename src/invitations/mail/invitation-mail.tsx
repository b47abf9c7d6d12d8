import type { Texts } from '../../platform/i18n/index.js'
import {
  Box,
  ButtonRow,
  MailDocument,
  type MailOrganization,
  OrganizationRow,
  Row,
  renderMail,
  STYLE,
  webUrl,
} from '../../platform/mail/layout.js'
import { type Line, line, nodesOf, textOf } from '../../platform/mail/lines.js'
import { oneLine, quotedLines, shownName, withoutAutoLinks } from '../../platform/mail/names.js'
import { quote, wrap } from '../../platform/mail/plain-text.js'

export type InvitationMailInput = {
  texts: Texts
  organization: MailOrganization
  /** `mail` of a person is where replies go. */
  inviter: { kind: 'user' | 'application'; name: string; mail?: string | undefined }
  /** What the inviter wrote: plain text, shown as a quotation and attributed. */
  message?: string | undefined
  redeemUrl: string
  landingUrl: string
  /** What the landing address is called. */
  appName?: string | undefined
  /** The last moment it can be accepted; without one it stays good. */
  expiresAt?: Date | undefined
  invitedAddress: string
  blockUrl: string
  privacyUrl?: string | undefined
  /** http, https or mailto. */
  contactUrl?: string | undefined
  /** The guest has accepted before: the link asks them to sign in and leads on. */
  isShortcut?: boolean | undefined
}

export type RenderedMail = { subject: string; html: string; text: string }

/** Longest landing address spelled out, in characters. */
const LANDING_LENGTH = 200

/**
 * The invitation: subject, HTML and its plain-text twin, in the order of parts Graph's invitation mail has. Names and
 * message are shown as text only: nothing in them becomes markup, a header or a link. An address that is not http or
 * https (for the contact also mailto) is left out.
 */
export function invitationMail(input: InvitationMailInput): RenderedMail {
  const subject = subjectOf(input)
  const content = contentOf(input)
  return {
    subject,
    html: renderMail(<InvitationDocument input={input} subject={subject} {...content} />),
    text: plainText(input, content),
  }
}

function subjectOf({ texts, inviter, organization }: InvitationMailInput): string {
  return inviter.kind === 'user'
    ? texts.say('mail.invitation.subject', { inviter: shownName(inviter.name) })
    : texts.say('mail.invitation.subject.application', { organization: shownName(organization.name) })
}

type Content = ReturnType<typeof contentOf>

/** Every sentence of the mail, once, for both parts. */
function contentOf(input: InvitationMailInput) {
  const names = namesOf(input)
  const { inviter, organization, person } = names
  const domain = { leftToRight: oneLine(input.organization.domain) }
  return {
    organization: line('mail.organization', { organization, domain }),
    caution: person
      ? line('mail.invitation.caution', { inviter })
      : line('mail.invitation.caution.application', { organization }),
    writes: line(person ? 'mail.invitation.writes' : 'mail.invitation.writes.application', { inviter }),
    ...(input.isShortcut ? shortcutSentences(input, names) : invitationSentences(input, names)),
    landing: landingOf(input.landingUrl),
    why: whyOf(input, names),
    block: line('mail.invitation.block', { organization }),
    privacy: line('mail.invitation.privacy', { organization }),
    noPrivacy: line('mail.invitation.privacy.none', { organization }),
    contact: line('mail.invitation.contact', { organization }),
    message: messageOf(input.message),
    privacyUrl: webUrl(input.privacyUrl),
    contactUrl: webUrl(input.contactUrl, ['mailto:']),
  }
}

type Names = ReturnType<typeof namesOf>

function namesOf({ inviter, organization, appName }: InvitationMailInput) {
  return {
    person: inviter.kind === 'user',
    inviter: bodyName(inviter.name),
    organization: bodyName(organization.name),
    app: appName === undefined ? undefined : bodyName(appName),
  }
}

/** What somebody reads who has yet to accept. */
function invitationSentences(input: InvitationMailInput, names: Names) {
  const { inviter, organization, app, person } = names
  const host = { leftToRight: new URL(input.redeemUrl).host }
  const acceptBy = input.expiresAt && line('mail.invitation.acceptBy', { date: input.texts.date(input.expiresAt) })
  return {
    heading: person
      ? line('mail.invitation.heading', { inviter, organization })
      : line('mail.invitation.heading.application', { organization }),
    lead: app ? line('mail.invitation.lead.app', { app }) : line('mail.invitation.lead', { organization }),
    preheader: [
      app ? line('mail.invitation.join.app', { app, organization }) : line('mail.invitation.join', { organization }),
      acceptBy,
    ],
    button: line('mail.invitation.accept'),
    opensFromButton: line('mail.invitation.opens.button', { host }),
    opensFromLink: line('mail.invitation.opens.link', { host }),
    afterwards: [acceptBy, app ? line('mail.invitation.later.app', { app }) : line('mail.invitation.later')],
  }
}

/** What somebody reads who accepted before: the link only leads on. */
function shortcutSentences(input: InvitationMailInput, names: Names) {
  const { inviter, organization, app, person } = names
  const host = { leftToRight: new URL(input.redeemUrl).host }
  const lead = app ? line('mail.shortcut.lead.app', { app }) : line('mail.shortcut.lead')
  return {
    heading: person
      ? line('mail.shortcut.heading', { inviter, organization })
      : line('mail.shortcut.heading.application', { organization }),
    lead,
    preheader: [lead],
    button: line('mail.shortcut.open'),
    opensFromButton: line('mail.shortcut.opens.button', { host }),
    opensFromLink: line('mail.shortcut.opens.link', { host }),
    afterwards: [],
  }
}

/** Why this came, who gets a reply, and what opening the link does not do. */
function whyOf(input: InvitationMailInput, names: Names): (Line | undefined)[] {
  const { inviter, organization, person } = names
  const values = { address: { leftToRight: oneLine(input.invitedAddress) }, inviter, organization }
  const opening = input.isShortcut ? undefined : line('mail.invitation.opening')
  if (!person) return [line('mail.invitation.why.application', values), opening]
  if (input.inviter.mail === undefined) return [line('mail.invitation.why', values), opening]
  const mail = { leftToRight: oneLine(input.inviter.mail) }
  return [line('mail.invitation.why.mail', { ...values, mail }), line('mail.invitation.replies', { inviter }), opening]
}

function InvitationDocument({ input, subject, ...content }: Content & { input: InvitationMailInput; subject: string }) {
  const { texts, organization, redeemUrl } = input
  const say = (...lines: (Line | undefined)[]) => nodesOf(texts, ...lines)
  return (
    <MailDocument texts={texts} title={subject} preheader={say(...content.preheader)}>
      <Row texts={texts} mark="p y" style={STYLE.caution}>
        {say(content.caution)}
      </Row>
      <OrganizationRow texts={texts} organization={organization} />
      <Row texts={texts} style={STYLE.spacious}>
        <h1 class="t" style={STYLE.heading}>
          {say(content.heading)}
        </h1>
        <p class="m" style={STYLE.lead}>
          {say(content.lead)}
        </p>
      </Row>
      {content.message && <MessageRow texts={texts} label={content.writes} message={content.message} />}
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

function MessageRow({ texts, label, message }: { texts: Texts; label: Line; message: string[] }) {
  return (
    <Row texts={texts} style={STYLE.close}>
      <Box texts={texts} mark="q" style={STYLE.quote}>
        <span class="m" style={STYLE.quoteLabel}>
          {nodesOf(texts, label)}
        </span>
        <br />
        <bdi class="t" style={STYLE.ink}>
          {message.flatMap((each, i) => (i === 0 ? [each] : [<br />, each]))}
        </bdi>
      </Box>
    </Row>
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
function plainText(input: InvitationMailInput, content: Content): string {
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
    `-- \n${say(...content.why)}`,
    [
      `${label(content.block)}\n${input.blockUrl}`,
      content.privacyUrl ? `${label(content.privacy)}\n${content.privacyUrl}` : say(content.noPrivacy),
      ...(content.contactUrl ? [`${label(content.contact)}\n${content.contactUrl}`] : []),
    ].join('\n'),
  ]
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`
}

function bodyName(name: string): string {
  return withoutAutoLinks(shownName(name))
}

/** Where the guest ends up, in the spelling a browser would show (`xn--` included), cut where nobody reads on. */
function landingOf(url: string): string {
  const address = webUrl(url) ?? ''
  return address.length <= LANDING_LENGTH ? address : `${address.slice(0, LANDING_LENGTH - 1)}…`
}

function messageOf(message: string | undefined): string[] | undefined {
  const lines = quotedLines(message ?? '').map(withoutAutoLinks)
  return lines.some((each) => each.trim() !== '') ? lines : undefined
}
