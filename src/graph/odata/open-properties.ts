import { propertiesOf } from './filter-tree.js'
import type { QueryOptions } from './query-options.js'
import { shown, unknownProperty, unsupportedQuery } from './query-text.js'
import type { ReadContext, Resource } from './resource.js'

type Asking = Pick<QueryOptions, 'select' | 'filter'>

/** Names of properties in a request that only an organization can have given. */
export function namesOf({ open }: Resource, { select = [], filter }: Asking): string[] {
  if (!open) return []
  const names = new Set([...select, ...(filter ? propertiesOf(filter) : [])])
  return [...names].filter((name) => open.names.test(name))
}

/** The resource with those of its organization's own properties that a request names. @throws Refusal: not there */
export async function openedBy(context: ReadContext, resource: Resource, asking: Asking): Promise<Resource> {
  const names = namesOf(resource, asking)
  if (names.length === 0 || !resource.open) return resource
  const extended = await resource.open.extend(context, names)
  for (const name of names) {
    if (Object.hasOwn(extended.properties, name)) continue
    if (asking.select?.includes(name)) throw unknownProperty(name, resource.type, '$select')
    throw undeclared(name)
  }
  return extended
}

/** Graph's refusal of a filter by something that nobody has declared. */
function undeclared(name: string) {
  const message = `Property '${shown(name)}' does not exist as a declared property or extension property.`
  return unsupportedQuery('undeclaredProperty', message, '$filter')
}
