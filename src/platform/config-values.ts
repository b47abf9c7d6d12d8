import { createPublicKey } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { parseDomainName, parseEmailAddress } from '../kernel/email-address.js'
import type { Mailbox } from './mail/mail.js'

/** A network: its address and how many leading bits count. */
export type Cidr = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/** `https://guests.contoso.com:8443` of a URL that has nothing but scheme, host and port; else undefined. */
export function readOrigin(text: string): string | undefined {
  const url = readUrl(text, ['http:', 'https:'])
  if (!url || url.username || url.password || url.search || url.hash || url.pathname !== '/') return undefined
  return url.origin
}

/** A URL with one of these schemes (`https:`) and a host, or undefined. */
export function readUrl(text: string, schemes: readonly string[]): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return schemes.includes(url.protocol) && url.hostname !== '' ? url : undefined
}

/** The items of a list separated by commas, without white space and empty ones. */
export function readList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** A network in CIDR form, or one address standing for itself; undefined when it is neither. */
export function readCidr(text: string): Cidr | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return undefined
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** A host as the egress guard compares it: lower case, A-labels; single labels such as `localhost` included. */
export function readHostName(text: string): string | undefined {
  const name = text.toLowerCase()
  return parseDomainName(name) ?? (/^[a-z][a-z0-9-]{0,62}$/.test(name) ? name : undefined)
}

/** `Name <a@b.example>`, `"Name, with comma" <a@b.example>` or a bare address; undefined when it is none of them. */
export function readMailbox(text: string): Mailbox | undefined {
  const named = /^([^<>\r\n]*)<([^<>]+)>$/.exec(text)
  const address = parseEmailAddress(named?.[2] ?? text)
  if (!address) return undefined
  const name = named?.[1]?.trim().replace(/^"(.*)"$/, '$1')
  return name ? { name, address: address.text } : { address: address.text }
}

/** SendGrid shows the key of its event webhook as base64 of a DER SubjectPublicKeyInfo on the curve P-256. */
export function readWebhookKey(text: string): string | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ec' ? text : undefined
  } catch {
    return undefined
  }
}

/** Whether a host name or address, IPv6 in brackets or not, can only be reached from this machine. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (ipaddr.isValid(bare)) return ipaddr.process(bare).range() === 'loopback'
  return bare === 'localhost' || bare.endsWith('.localhost')
}

/** The known name that takes the fewest edits (insert, delete, replace) to reach from `name`. */
export function nearestName(name: string, known: readonly string[]): string {
  let nearest = ''
  let fewest = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const edits = editDistance(name, candidate)
    if (edits < fewest) {
      nearest = candidate
      fewest = edits
    }
  }
  return nearest
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
