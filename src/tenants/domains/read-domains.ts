import { parseDomainName } from '../../kernel/email-address.js'
import type { TenantScope } from '../../platform/database.js'
import { refusals } from './errors.js'
import { type DomainRow, listDomains } from './store.js'

export type Domain = DomainRow

/** Every domain of the organization, verified or claimed, by name. */
export function readDomains(scope: TenantScope): Promise<Domain[]> {
  return listDomains(scope)
}

/** The domain of this name, in whatever case and form it is written. @throws Refusal */
export async function findDomain(scope: TenantScope, name: string): Promise<Domain> {
  const folded = parseDomainName(name)
  const found = (await listDomains(scope)).find(({ id }) => id === folded)
  if (!found) throw refusals.notFound(name.slice(0, 256))
  return found
}
