import type { MailboxMessage } from './store.js'

/** A message as `/dev/mailbox/messages` answers it. `to`, `cc` and `replyTo` are bare addresses. */
export type MailboxMessageJson = {
  id: string
  to: string[]
  cc: string[]
  from: string
  replyTo: string | null
  subject: string
  html: string
  text: string
  links: string[]
  createdDateTime: string
}

/** Row to JSON, field by field. */
export function toJson(message: MailboxMessage): MailboxMessageJson {
  return {
    id: message.id,
    to: message.to,
    cc: message.cc,
    from: message.from,
    replyTo: message.replyTo,
    subject: message.subject,
    html: message.html,
    text: message.text,
    links: linksIn(message),
    createdDateTime: message.createdAt.toISOString(),
  }
}

const HREF = /<a\s[^>]*?\bhref="([^"]*)"/gi
const TEXT_LINK = /https?:\/\/[^\s<>"\u200c]+/gi
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
}

/**
 * Every http and https address a reader of the mail can follow, each once: first the links of the HTML part in their
 * order, then those only the text part has.
 */
export function linksIn({ html, text }: Pick<MailboxMessage, 'html' | 'text'>): string[] {
  const links = new Set<string>()
  for (const [, href = ''] of html.matchAll(HREF)) {
    const link = href.replace(/&(?:amp|quot|#39|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)
    if (/^https?:\/\//i.test(link)) links.add(link)
  }
  for (const [link] of text.matchAll(TEXT_LINK)) links.add(link)
  return [...links]
}
