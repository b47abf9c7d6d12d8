import { parseDomainName } from '../kernel/email-address.js'
import { refusals } from './errors.js'
import { isPrincipalNameLocal } from './rules.js'

/**
 * A user principal name on one of an organization's verified domains, its domain in the form in which domains are kept.
 * @throws Refusal for a malformed name or another domain.
 */
export function readPrincipalName(text: string, domains: readonly string[]): string {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  if (at < 1 || text.length > 254 || !isPrincipalNameLocal(local)) throw refusals.principalNameMalformed()
  const domain = parseDomainName(text.slice(at + 1))
  if (domain === undefined || !domains.includes(domain)) throw refusals.principalNameDomain()
  return `${local}@${domain}`
}
