import { Resolver } from 'node:dns/promises'
import type { Entity } from '../../graph/odata/resource.js'
import type { Keys } from '../../platform/crypto.js'

/** Texts of the TXT records of a name, the parts of each put together. None when there is no such record. */
export type ResolveTxt = (name: string) => Promise<string[]>

/**
 * What the owner of a domain publishes to prove it: a text that only this service can make, for this organization and
 * this name, so that a record left over from another organization proves nothing. Nothing is stored.
 */
export function verificationText(keys: Keys, tenantId: string, name: string): string {
  return `vestibule-domain-verification=${keys.mac('domain-verification', tenantId, name).toString('hex').slice(0, 32)}`
}

/** Id of the record in answers: a GUID that stays the same. */
function recordId(keys: Keys, tenantId: string, name: string): string {
  const hex = keys.mac('domain-verification', 'record', tenantId, name).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** Seconds that a verification record is asked to live. */
const TTL = 3_600

/** The record to publish (Graph: domainDnsTxtRecord). */
export function verificationRecord(keys: Keys, tenantId: string, id: string): Entity {
  return {
    '@odata.type': '#microsoft.graph.domainDnsTxtRecord',
    id: recordId(keys, tenantId, id),
    isOptional: false,
    label: id,
    recordType: 'Txt',
    supportedService: '',
    ttl: TTL,
    text: verificationText(keys, tenantId, id),
  }
}

/** Asks the name servers that the machine is configured with. @throws when they do not answer. */
export function createTxtResolver(): ResolveTxt {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  return async (name) => {
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'ENOTFOUND' || code === 'ENODATA') return []
      throw error
    }
  }
}
