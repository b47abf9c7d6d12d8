import type { Caller } from '../graph/caller.js'
import type { Collection } from '../graph/odata/collection.js'
import { propertiesOf } from '../graph/odata/filter-tree.js'
import type { QueryOptions } from '../graph/odata/query-options.js'
import type { Resource } from '../graph/odata/resource.js'
import { refusals } from './errors.js'
import { relatedView } from './objects/rules.js'
import { readingOf, shows } from './rules.js'

/**
 * A filter, an order and a search find out what they ask about, so in a list of related objects they may ask only about
 * what the caller would be shown of each. @throws Refusal (Graph's 403).
 */
export function mustReadWhatItAsksOf(
  { resource, variants = [resource] }: Pick<Collection, 'resource' | 'variants'>,
  caller: Caller,
  { filter, orderBy = [], search = [] }: QueryOptions,
): void {
  const sorted = [...orderBy, ...search.flat()].map(({ property }) => property)
  const asked = [...(filter ? propertiesOf(filter) : []), ...sorted].filter((name) => name !== 'id')
  for (const type of variants) {
    const view = relatedView(caller, readingOf(caller), { type: type.type })
    if (asked.some((name) => has(type, name) && !shows(view, name))) throw refusals.propertyNotReadable()
  }
}

/** Whether items of a type can be asked about it: a property, a relation that filters name, a directory extension. */
function has({ properties, filters, open }: Resource, name: string): boolean {
  return Object.hasOwn(properties, name) || Object.hasOwn(filters.properties, name) || open?.names.test(name) === true
}
