import { parseEmailAddress } from '../../kernel/email-address.js'

/** A link that came from a tenant, checked, with the words to show for it. */
export type SafeLink = { via: 'web' | 'mail'; href: string; label: string }

/**
 * Reads a link that people outside typed: http, https or mailto. Everything else is undefined (escaping does not stop
 * `javascript:`), and so are addresses with a user name in front of the host, which hide where they lead. A mailto
 * loses its parameters, since they could add recipients and text.
 */
export function safeLink(url: string | undefined): SafeLink | undefined {
  if (!url) return undefined
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return undefined
  }
  if (parsed.protocol === 'mailto:') return mailLink(parsed)
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return undefined
  if (parsed.username !== '' || parsed.password !== '') return undefined
  const path = parsed.pathname === '/' ? '' : parsed.pathname
  return { via: 'web', href: parsed.href, label: `${parsed.host}${path}` }
}

/** A link of ours (a path on this origin) or one that passes `safeLink`; undefined when it is neither. */
export function ownOrSafeHref(url: string | undefined): string | undefined {
  return url && /^\/(?![/\\])/.test(url) ? url : safeLink(url)?.href
}

function mailLink(url: URL): SafeLink | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(url.pathname)
  } catch {
    return undefined
  }
  const address = parseEmailAddress(decoded)
  return address && { via: 'mail', href: `mailto:${encodeURI(address.text)}`, label: address.text }
}
