import { type SQL, sql } from 'drizzle-orm'
import { type Collection, defineCollection, type Item, sortTerms } from '../../graph/odata/collection.js'
import { locatePage, narrowed, type Union } from '../../graph/odata/locate.js'
import type { QueryRules } from '../../graph/odata/query-options.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { directoryObjectResource } from './directory-object.js'

/** The item of one id in a list, and what it is; undefined when it is not in there. */
export async function findIn(
  collection: Collection,
  context: ReadContext,
  within: SQL | Union | undefined,
  id: string,
): Promise<Item | undefined> {
  const { where, union } = narrowed(
    within,
    collection.where(context.scope.tenantId),
    sql`${collection.id} = ${id}::uuid`,
  )
  const terms = sortTerms(collection, { count: false, isEventual: false, isAdvanced: false })
  const query = { where, terms, search: undefined, union }
  const { items } = await locatePage(collection, context, query, { after: undefined, most: 1 })
  return items[0]
}

/** What Graph calls the sets of types that some list never holds here. */
const SETS = {
  administrativeUnit: 'administrativeUnits',
  application: 'applications',
  appRoleAssignment: 'appRoleAssignments',
  device: 'devices',
  endpoint: 'endpoints',
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
    variants: [],
    from: sql`(select null::uuid as id where false) as nothing`,
    id: sql`nothing.id`,
    where: () => sql`false`,
    filter: () => sql`false`,
    options: ['select', 'filter', 'orderby', 'top', 'skiptoken', 'count', 'search', 'expand'],
  })
  const unknown = { type: `microsoft.graph.${type}`, open: /^[A-Za-z]\w*$/, isUnknown: true }
  return { ...collection, rules: { ...collection.rules, ...unknown } }
}

/** What `GET` of one object cast to such a type takes, before it is not found. */
export function oneOfNothing({ rules }: Collection): QueryRules {
  return { ...rules, options: new Set(['select', 'expand']), expandIsPlain: false }
}
