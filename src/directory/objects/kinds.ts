import type { GraphType, OwnResource, Resource } from '../../graph/odata/resource.js'

const kinds = new Map<GraphType, Resource>()

/**
 * Enrols a type of directory object. Users, groups and whatever comes refer to each other in circles (members, owners,
 * sponsors), which modules must not: a relation finds the types it leads to here.
 */
export function directoryObject<Row>(resource: OwnResource<Row>): OwnResource<Row> {
  kinds.set(resource.type, resource)
  return resource
}

/** Every type of directory object this service has. Complete once the routes are being registered. */
export function directoryObjects(): readonly Resource[] {
  return [...kinds.values()]
}
