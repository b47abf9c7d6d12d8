import ipaddr from 'ipaddr.js'
import { type Cidr, readCidr, readHostName } from '../config-values.js'

/** Azure's virtual machines reach their host's services at this address, which no registry lists as special. */
const SPECIAL = new Set(['168.63.129.16'])

/**
 * Whether an address belongs to the public internet: not this machine, not a private network, no link-local or metadata
 * address, nothing reserved. IPv4 inside IPv6 is judged as IPv4 when mapped (`::ffff:10.0.0.1`), and refused in every
 * other wrapping (NAT64, 6to4, Teredo, compatible), behind which anything may be.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text) || text.includes('%')) return false
  const address = ipaddr.process(text)
  if (address.range() !== 'unicast' || SPECIAL.has(address.toString())) return false
  // RFC 4291 section 2.4: what has been given out as global unicast is 2000::/3.
  return address instanceof ipaddr.IPv4 || (address.parts[0] ?? 0) >> 13 === 1
}

/** Hosts and networks that the operator has exempted (`VESTIBULE_EGRESS_ALLOW`). */
export type Exemptions = { hosts: ReadonlySet<string>; networks: readonly Cidr[] }

/** Reads the configured list: names are exact, a name never stands for its subdomains. */
export function readExemptions(list: readonly string[]): Exemptions {
  const networks = list.map(readCidr)
  return {
    hosts: new Set(list.filter((_, index) => networks[index] === undefined).map((name) => readHostName(name) ?? name)),
    networks: networks.filter((network) => network !== undefined),
  }
}

/** Whether an address lies in an exempt network. */
export function isExemptAddress(text: string, { networks }: Exemptions): boolean {
  if (!ipaddr.isValid(text) || text.includes('%')) return false
  const address = ipaddr.process(text)
  return networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
}
