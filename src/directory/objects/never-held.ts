import { sql } from 'drizzle-orm'
import { type Collection, defineCollection } from '../../graph/odata/collection.js'
import { directoryObjectResource } from './directory-object.js'

/** What Graph calls the sets of types that some list never holds here. */
const SETS = {
  administrativeUnit: 'administrativeUnits',
  application: 'applications',
  device: 'devices',
  group: 'groups',
  orgContact: 'contacts',
  servicePrincipal: 'servicePrincipals',
} as const

export type NeverHeld = keyof typeof SETS

/**
 * A list cast to a type that it never holds: empty, whatever of that type is asked for (Graph: 200 and an empty list).
 * Only the form of a query is looked at, since this service need not know the type.
 */
export function nothingOf(type: NeverHeld): Collection {
  const collection = defineCollection({
    set: SETS[type],
    resource: directoryObjectResource,
    from: sql`(select null::uuid as id where false) as nothing`,
    id: sql`nothing.id`,
    where: () => sql`false`,
    filter: () => sql`false`,
    options: ['select', 'filter', 'top', 'skiptoken', 'count'],
  })
  return { ...collection, rules: { ...collection.rules, type: `microsoft.graph.${type}`, open: /^[A-Za-z]\w*$/ } }
}
