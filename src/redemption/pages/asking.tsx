import type { RichValues, Texts } from '../../platform/i18n/index.js'
import { type SafeLink, safeLink } from '../../platform/pages/link.js'
import type { OrganizationFrame } from '../../platform/pages/page.js'

/** Who invited, as pages name them. */
export type Inviter = {
  kind: 'user' | 'application'
  name: string
  /** Whether a reply to the invitation e-mail reaches them: a person with an address, and a mail that we sent. */
  readsReplies: boolean
}

/** The road to a human: replying to the mail, the contact of the invitation, or whoever the guest knows there. */
export type Asking = {
  reach: 'reply' | 'contact' | 'other'
  contact: SafeLink | undefined
  /** For messages that choose their wording by `reach`. */
  values: RichValues
}

/**
 * How somebody on this page can ask. `contactUrl` comes from the inviting side and counts only when it is http, https
 * or mailto. With `contactFirst` the contact goes before a reply: for matters beyond the inviter, or beside the contact.
 */
export function waysToAsk(
  { texts, organization }: OrganizationFrame,
  inviter: Inviter,
  contactUrl: string | undefined,
  contactFirst = false,
): Asking {
  const contact = safeLink(contactUrl)
  const replies = inviter.readsReplies && !(contactFirst && contact)
  const reach = replies ? 'reply' : contact ? 'contact' : 'other'
  return {
    reach,
    contact,
    values: {
      reach,
      inviter: inviter.name,
      organization: organization.name,
      contact: contact ? <ContactLink texts={texts} contact={contact} /> : '',
    },
  }
}

/** The contact as a link that shows where it leads. */
export function ContactLink({ texts, contact }: { texts: Texts; contact: SafeLink }) {
  return <a href={contact.href}>{texts.ltr(contact.label)}</a>
}
