/**
 * An e-mail address as we accept it: a dot-atom local part (RFC 5321 section 4.1.2, `+` tags included, no quoted
 * strings, ASCII only) and a domain name of at least two labels, international names included.
 */
export type EmailAddress = {
  /** As it was written, without surrounding white space. */
  text: string
  local: string
  /** Lower case, A-labels (`xn--…`). */
  domain: string
  /** The form in which two addresses are compared: lower case throughout, domain in A-labels. */
  folded: string
}

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
/** What conversion would leave as it is: most names. */
const PLAIN_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** What `parseEmailAddress` accepts, for messages. */
export const EMAIL_ADDRESS_RULE =
  "Give one mailbox such as ana@partner.example: letters, digits and .!#$%&'*+/=?^_`{|}~- before the @, a full domain name after it, 254 characters at most."

/**
 * Reads one address, or returns undefined when it is not one. Linear in the length of its input, which is refused
 * above 320 characters before any pattern runs.
 */
export function parseEmailAddress(input: string): EmailAddress | undefined {
  const text = input.trim()
  if (text.length < 3 || text.length > 320) return undefined
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  if (at < 1 || local.length > 64 || !LOCAL.test(local)) return undefined
  // An encoded word (RFC 2047) is made of permitted characters, and some mail software decodes it into another address.
  if (local.includes('=?')) return undefined
  const domain = parseDomainName(text.slice(at + 1))
  if (domain === undefined) return undefined
  const folded = `${local.toLowerCase()}@${domain}`
  return folded.length <= 254 ? { text, local, domain, folded } : undefined
}

/**
 * A domain name in lower case and A-labels, or undefined when it is not one of two labels or more. Conversion is
 * UTS 46 as in the URL standard; addresses in numbers are not names.
 */
export function parseDomainName(input: string): string | undefined {
  if (PLAIN_NAME.test(input) && input.length <= 253 && !input.includes('xn--')) return input
  if (input === '' || input.length > 253 || /[\s/\\?#@:%[\]<>^|*_]/.test(input)) return undefined
  // The URL parser maps these to a dot, and they would hide a second spelling of the same name.
  if (/[\u3002\uff0e\uff61]/.test(input)) return undefined
  let domain: string
  try {
    domain = new URL(`http://${input}`).hostname
  } catch {
    return undefined
  }
  const labels = domain.split('.')
  const isName = domain.length <= 253 && labels.length >= 2 && labels.every((label) => LABEL.test(label))
  return isName && !/^\d+$/.test(labels.at(-1) ?? '') ? domain : undefined
}

/** `g•••@proseware.example`: how an address is shown before its owner has proved it. Always three dots. */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@')
  return `${[...address][0] ?? ''}•••${address.slice(at)}`
}
