import { entityRules } from '../../graph/odata/collection.js'
import { domainResource } from './domain-resource.js'

const both = (...names: string[]) => ({ application: names, delegated: names })

/** Graph's names. */
export const readDomains = both(
  'Domain.Read.All',
  'Domain.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)
export const writeDomains = both('Domain.ReadWrite.All')

/** What reading domains takes. */
export const domainRules = entityRules(domainResource, ['select'])
