import { type SQL, sql } from 'drizzle-orm'
import { type Collection, type Item, sortTerms } from '../../graph/odata/collection.js'
import { locatePage, narrowed, type Union } from '../../graph/odata/locate.js'
import type { ReadContext } from '../../graph/odata/resource.js'

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
