import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { lowestIdAt } from '../../kernel/ids.js'
import type { ComparisonOperator } from './filter-tree.js'

/**
 * Milliseconds that the time in an id and `createdDateTime` may lie apart. One process makes both for one request, from
 * one clock, so that they are seconds apart at most: what a statement waits for the one before it.
 */
const APART_MS = 300_000

/**
 * What a comparison with `createdDateTime` says of ids that were made at that moment: a range, which the primary key
 * serves in the order of pages. `createdDateTime` itself then needs no index, and inserting pays for none.
 * `upTo`: the same ids, for lists with rows besides that are outside of no range, having the highest id and the lowest.
 */
export function rangeOfIds(
  id: SQLWrapper,
  upTo: SQLWrapper = id,
): (operator: ComparisonOperator, value: string) => SQL | undefined {
  return (operator, value) => {
    const ms = Date.parse(value)
    const from = sql`${id} >= ${lowestIdAt(Math.max(0, ms - APART_MS))}::uuid`
    const to = sql`${upTo} < ${lowestIdAt(Math.max(0, ms + APART_MS))}::uuid`
    if (operator === 'ge' || operator === 'gt') return from
    if (operator === 'le' || operator === 'lt') return to
    return operator === 'eq' ? sql`${from} and ${to}` : undefined
  }
}
