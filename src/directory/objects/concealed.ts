import type { ReadContext } from '../../graph/odata/resource.js'
import { readingOf, shows } from '../rules.js'
import { type RelatedObject, relatedView } from './rules.js'

/** `isConcealed` of a type of directory objects. Whoever is shown one at all is told which one it is. */
export function concealed<Row>(objectOf: (row: Row) => RelatedObject) {
  return (row: Row, property: string, { caller, isWritten = false }: ReadContext): boolean =>
    property !== 'id' && !shows(relatedView(caller, readingOf(caller), { ...objectOf(row), isWritten }), property)
}

/** Whether a caller whom something else leads to objects of a type is shown more of them than that they are there. */
export function showsMoreThanIds({ caller }: Pick<ReadContext, 'caller'>, type: string): boolean {
  return relatedView(caller, readingOf(caller), { type }) === 'everything'
}
