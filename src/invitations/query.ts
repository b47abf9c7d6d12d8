import { eq, type SQL, sql } from 'drizzle-orm'
import type { Caller } from '../graph/caller.js'
import { defineCollection, entityRules } from '../graph/odata/collection.js'
import { compileFilter } from '../graph/odata/filter-sql.js'
import type { FilterNode } from '../graph/odata/filter-tree.js'
import type { FilterResource } from '../graph/odata/filterable.js'
import { operators } from '../graph/odata/operators.js'
import type { Instant } from '../kernel/instant.js'
import { mayReadInvitationsOfOthers } from '../policies/index.js'
import { invitationResource } from './invitation-resource.js'
import { invitations } from './tables.js'

const STORED_STATUS: Record<string, string> = {
  PendingAcceptance: 'pending',
  Completed: 'completed',
  Expired: 'expired',
  Revoked: 'revoked',
  Error: 'error',
}

/** `GET /invitations`, newest first: ids are in the order of creation. */
export const invitationCollection = defineCollection({
  resource: invitationResource,
  from: sql`${invitations}`,
  id: invitations.id,
  where: (tenantId) => eq(invitations.tenantId, tenantId),
  idOrder: 'desc',
  filter: invitationFilter,
})

/** What `GET /invitations/{id}` understands. */
export const invitationRules = entityRules(invitationResource)

/** The invitations a caller may know of: guests only those they made themselves. */
export function visibleTo(caller: Caller): SQL | undefined {
  return mayReadInvitationsOfOthers(caller) ? undefined : eq(invitations.inviterId, caller.objectId)
}

/** The condition of a `$filter`, by what is true at `now`: a lapsed invitation is expired before any job says so. */
function invitationFilter(node: FilterNode, { now }: { now: Instant }): SQL {
  const { status, expiresDateTime } = invitations
  const current = sql`case when ${status} = 'pending' and ${expiresDateTime} <= ${now.toISOString()}::timestamptz
    then 'expired' else ${status} end`
  const resource: FilterResource = {
    name: 'Invitation',
    properties: {
      ...invitationResource.filters.properties,
      status: {
        sql: current,
        type: 'enum',
        operators: operators('eq', 'ne', 'in', 'not'),
        values: STORED_STATUS,
      },
    },
  }
  const condition = compileFilter(node, resource, { isAdvanced: true })
  const wanted = wantedStatus(node)
  // The computed status has no index; the stored one that it can come from has.
  return wanted === undefined ? condition : sql`${status} in ${storedFor(wanted)} and (${condition})`
}

/** The status that every match must have, when the filter says so at its top. */
function wantedStatus(node: FilterNode): string | undefined {
  if (node.kind === 'and') return node.items.map(wantedStatus).find((status) => status !== undefined)
  if (node.kind !== 'compare' || node.operator !== 'eq' || node.subject.kind !== 'property') return undefined
  const isStatus = node.subject.variable === undefined && node.subject.steps.join('/') === 'status'
  return isStatus && node.value.type === 'string' ? node.value.value : undefined
}

function storedFor(status: string): string[] {
  const stored = Object.entries(STORED_STATUS).find(([name]) => name.toLowerCase() === status.toLowerCase())?.[1]
  return stored === 'expired' ? ['expired', 'pending'] : [stored ?? 'none']
}
