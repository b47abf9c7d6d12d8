import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { GraphType, OwnResource, ReadContext, Resource } from '../../graph/odata/resource.js'
import type { SearchKey } from '../../graph/search/search-sql.js'

const kinds = new Map<GraphType, Resource>()

/** How objects of a type that another capability keeps are found and where they are changed. */
export type KeptElsewhere = {
  /** Where this type has its own routes: `/servicePrincipals`. */
  path: string
  /** Those of `ids` that are of this type and that the caller may see. */
  find(context: ReadContext, ids: readonly string[]): Promise<string[]>
  owned: OwnedElsewhere
}

/** How lists of what somebody owns find objects of such a type. */
export type OwnedElsewhere = {
  /** How `$search` finds them among objects of other types, where it is not how it finds them alone. */
  searched?: Readonly<Record<string, SearchKey>>
  /** Where its rows are: `as` names them in `from`, and `present` are those that exist. */
  rows: { from: SQL; as: SQLWrapper; tenantId: SQLWrapper; id: SQLWrapper; present: SQL }
  /** A `select` of the ids of those that somebody owns. */
  ids(tenantId: string, ownerId: SQLWrapper): SQL
}
const elsewhere = new Map<GraphType, KeptElsewhere>()

/**
 * Enrols a type of directory object. Users, groups and whatever comes refer to each other in circles (members, owners,
 * sponsors), which modules must not: a relation finds the types it leads to here.
 */
export function directoryObject<Row>(resource: OwnResource<Row>, kept?: KeptElsewhere): OwnResource<Row> {
  kinds.set(resource.type, resource)
  if (kept) elsewhere.set(resource.type, kept)
  return resource
}

/** Every type of directory object this service has. Complete once the routes are being registered. */
export function directoryObjects(): readonly Resource[] {
  return [...kinds.values()]
}

/** The types that other capabilities keep. */
export function objectsElsewhere(): ReadonlyMap<string, KeptElsewhere> {
  return elsewhere
}

/** A type whose objects are searched by these keys among objects of other types. */
export function searchedBy(resource: Resource, keys: Readonly<Record<string, SearchKey>> = {}): Resource {
  const searched = Object.entries(keys).map(([name, search]) => [name, { ...resource.properties[name], search }])
  return { ...resource, properties: { ...resource.properties, ...Object.fromEntries(searched) } }
}
