import { Refusal } from '../../kernel/refusal.js'

/** Graph's refusal of a filter on a property that cannot be filtered that way. */
export function unsupportedFilter(resource: string, property: string, code: string): Refusal {
  const message = `Unsupported or invalid query filter clause specified for property '${property.slice(0, 128)}' of resource '${resource}'.`
  return new Refusal('invalid', code, message, { target: '$filter', graphCode: 'Request_UnsupportedQuery' })
}

/** Graph's refusal of a filter on a list of several types that is no advanced query. */
export function unsupportedReferenceFilter(): Refusal {
  const message = 'The specified filter to the reference property query is currently not supported.'
  return new Refusal('invalid', 'advancedQueryNeeded', message, {
    target: '$filter',
    graphCode: 'Request_UnsupportedQuery',
  })
}

/** Graph's refusal of something only advanced queries may use. */
export function advancedNeeded(operator: string): Refusal {
  const message = `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`
  return new Refusal('invalid', 'advancedQueryNeeded', message, {
    target: '$filter',
    graphCode: 'Request_UnsupportedQuery',
  })
}
