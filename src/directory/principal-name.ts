import { parseDomainName } from '../kernel/email-address.js'
import { refusals } from './errors.js'
import { externalNameLocal, isPrincipalNameLocal } from './rules.js'

/**
 * A user principal name on one of an organization's verified domains, its domain in the form in which domains are kept.
 * `isExternal`: the name of a guest, too, in the form that invitations give them.
 * @throws Refusal for a malformed name or another domain.
 */
export function readPrincipalName(text: string, domains: readonly string[], isExternal = false): string {
  const at = text.lastIndexOf('@')
  const given = text.slice(0, at)
  const external = isExternal ? externalNameLocal(given) : undefined
  const local = external ?? (isPrincipalNameLocal(given) ? given : undefined)
  if (at < 1 || text.length > 254 || local === undefined) throw refusals.principalNameMalformed()
  const domain = parseDomainName(text.slice(at + 1))
  if (domain === undefined || !domains.includes(domain)) throw refusals.principalNameDomain()
  return `${local}@${domain}`
}
