import { type SQL, sql } from 'drizzle-orm'
import type { FilterOperator, FilterResource } from '../graph/odata/filter-sql.js'
import { compileFilter } from '../graph/odata/filter-sql.js'
import type { FilterNode } from '../graph/odata/filter-tree.js'
import type { QueryRules } from '../graph/odata/query-options.js'
import type { Instant } from '../kernel/instant.js'
import { invitations } from './tables.js'

const equality = new Set<FilterOperator>(['eq', 'ne', 'in', 'not'])
const range = new Set<FilterOperator>(['eq', 'ge', 'gt', 'le', 'lt', 'not'])

const STORED_STATUS: Record<string, string> = {
  PendingAcceptance: 'pending',
  Completed: 'completed',
  Expired: 'expired',
  Revoked: 'revoked',
  Error: 'error',
}

/** What `GET /invitations` understands. */
export const invitationQuery: QueryRules = {
  type: 'microsoft.graph.invitation',
  resource: 'Invitation',
  options: new Set(['filter', 'top', 'skiptoken', 'count']),
  properties: new Set(),
}

/** The condition of a `$filter`, by what is true at `now`: a lapsed invitation is expired before any job says so. */
export function invitationFilter(node: FilterNode, now: Instant): SQL {
  const { status, expiresDateTime } = invitations
  const current = sql`case when ${status} = 'pending' and ${expiresDateTime} <= ${now.toISOString()}::timestamptz
    then 'expired' else ${status} end`
  const resource: FilterResource = {
    name: 'Invitation',
    properties: {
      status: { sql: current, type: 'enum', operators: equality, values: STORED_STATUS },
      invitedUserEmailAddress: {
        sql: invitations.addressFolded,
        type: 'string',
        fold: 'stored',
        operators: new Set([...equality, 'startsWith']),
      },
      createdDateTime: { sql: invitations.createdDateTime, type: 'dateTime', operators: range },
      expiresDateTime: { sql: expiresDateTime, type: 'dateTime', operators: new Set([...range, 'null']) },
      id: { sql: invitations.id, type: 'guid', operators: equality },
      'invitedUser/id': { sql: invitations.userId, type: 'guid', operators: equality },
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
