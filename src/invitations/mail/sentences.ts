import type { Texts } from '../../platform/i18n/index.js'
import { type MailOrganization, webUrl } from '../../platform/mail/layout.js'
import { type Line, line } from '../../platform/mail/lines.js'
import { oneLine, quotedLines, shownName, withoutAutoLinks } from '../../platform/mail/names.js'

/** What most mails that one inviter sends on one day have in common. */
export type SharedInput = {
  texts: Texts
  organization: MailOrganization
  /** `mail` of a person is where replies go. */
  inviter: { kind: 'user' | 'application'; name: string; mail?: string | undefined }
  /** What the inviter wrote: plain text, shown as a quotation and attributed. */
  message?: string | undefined
  landingUrl: string
  /** What the landing address is called. */
  appName?: string | undefined
  /** The last moment it can be accepted; without one it stays good. */
  expiresAt?: Date | undefined
  privacyUrl?: string | undefined
  /** http, https or mailto. */
  contactUrl?: string | undefined
  /** The guest has accepted before: the link asks them to sign in and leads on. */
  isShortcut?: boolean | undefined
}

/** What only one guest's mail has. */
export type GuestInput = { redeemUrl: string; invitedAddress: string; blockUrl: string }

/** Everything the sentences need. `host` is where `redeemUrl` leads. */
export type MailInput = SharedInput & GuestInput & { host: string }

/** Longest landing address spelled out, in characters. */
const LANDING_LENGTH = 200

export function subjectOf({ texts, inviter, organization }: SharedInput): string {
  return inviter.kind === 'user'
    ? texts.say('mail.invitation.subject', { inviter: shownName(inviter.name) })
    : texts.say('mail.invitation.subject.application', { organization: shownName(organization.name) })
}

export type Content = ReturnType<typeof contentOf>

/** Every sentence of the mail, once, for both parts. */
export function contentOf(input: MailInput) {
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

export function namesOf({ inviter, organization, appName }: SharedInput) {
  return {
    person: inviter.kind === 'user',
    inviter: bodyName(inviter.name),
    organization: bodyName(organization.name),
    app: appName === undefined ? undefined : bodyName(appName),
  }
}

/** What somebody reads who has yet to accept. */
function invitationSentences(input: MailInput, names: Names) {
  const { inviter, organization, app, person } = names
  const host = { leftToRight: input.host }
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
function shortcutSentences(input: MailInput, names: Names) {
  const { inviter, organization, app, person } = names
  const host = { leftToRight: input.host }
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
export function whyOf(input: SharedInput & Pick<GuestInput, 'invitedAddress'>, names: Names): (Line | undefined)[] {
  const { inviter, organization, person } = names
  const values = { address: { leftToRight: oneLine(input.invitedAddress) }, inviter, organization }
  const opening = input.isShortcut ? undefined : line('mail.invitation.opening')
  if (!person) return [line('mail.invitation.why.application', values), opening]
  if (input.inviter.mail === undefined) return [line('mail.invitation.why', values), opening]
  const mail = { leftToRight: oneLine(input.inviter.mail) }
  return [line('mail.invitation.why.mail', { ...values, mail }), line('mail.invitation.replies', { inviter }), opening]
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
