import { eq, type SQL, sql } from 'drizzle-orm'
import { defineCollection, entityRules } from '../../graph/odata/collection.js'
import { compileFilter } from '../../graph/odata/filter-sql.js'
import type { FilterNode } from '../../graph/odata/filter-tree.js'
import { operators } from '../../graph/odata/operators.js'
import type { Instant } from '../../kernel/instant.js'
import { requestResource, STORED_STATUS } from './request-resource.js'
import { signUpRequests } from './tables.js'

/** `GET .../signUpRequests`, newest first: ids are in the order of creation. */
export const requestCollection = defineCollection({
  resource: requestResource,
  from: sql`${signUpRequests}`,
  id: signUpRequests.id,
  isRelated: true,
  where: (tenantId) => eq(signUpRequests.tenantId, tenantId),
  idOrder: 'desc',
  filter: requestFilter,
})

/** What `GET .../signUpRequests/{id}` understands. */
export const requestRules = entityRules(requestResource)

/** The requests of one flow. */
export function ofFlow(flowId: string): SQL {
  return eq(signUpRequests.flowId, flowId)
}

/** The condition of a `$filter`, by what is true at `now`: a request has lapsed before any sweep says so. */
function requestFilter(node: FilterNode, { now }: { now: Instant }): SQL {
  const { state, expiresDateTime } = signUpRequests
  const status = {
    sql: sql`case when ${state} = 'pending' and ${expiresDateTime} <= ${now.toISOString()}::timestamptz
      then 'lapsed' else ${state} end`,
    type: 'enum' as const,
    operators: operators('eq', 'ne', 'in', 'not'),
    values: STORED_STATUS,
  }
  const { name, properties } = requestResource.filters
  return compileFilter(node, { name, properties: { ...properties, status } }, { isAdvanced: true })
}
