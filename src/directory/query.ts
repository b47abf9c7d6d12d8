import { type SQL, sql } from 'drizzle-orm'
import { compileFilter, type FilterOperator, type FilterResource } from '../graph/odata/filter-sql.js'
import type { FilterNode } from '../graph/odata/filter-tree.js'
import type { QueryRules } from '../graph/odata/query-options.js'
import { userOtherMails, users } from './tables.js'
import { USER_PROPERTIES } from './user-resource.js'

const equality = new Set<FilterOperator>(['eq', 'in'])
const negation = new Set<FilterOperator>(['ne', 'not'])
const range = new Set<FilterOperator>(['eq', 'ge', 'le'])

/** What `GET /users` understands so far; Graph's remaining operators come with the rest of the dialect. */
export const userQuery: QueryRules = {
  type: 'microsoft.graph.user',
  resource: 'User',
  options: new Set(['select', 'filter', 'top', 'skiptoken', 'count']),
  properties: new Set(USER_PROPERTIES),
}

/** What `GET /users/{id}` understands. */
export const oneUserQuery: QueryRules = { ...userQuery, options: new Set(['select']) }

const userFilterResource: FilterResource = {
  name: 'User',
  properties: {
    id: { sql: users.id, type: 'guid', operators: equality },
    mail: { sql: users.mailFolded, type: 'string', fold: 'stored', operators: equality },
    userPrincipalName: { sql: users.userPrincipalNameFolded, type: 'string', fold: 'stored', operators: equality },
    userType: {
      sql: users.userType,
      type: 'enum',
      operators: equality,
      advanced: negation,
      values: { Guest: 'Guest', Member: 'Member' },
    },
    externalUserState: {
      sql: users.externalUserState,
      type: 'enum',
      operators: new Set([...equality, 'null']),
      advanced: negation,
      values: { PendingAcceptance: 'PendingAcceptance', Accepted: 'Accepted' },
    },
    createdDateTime: { sql: users.createdDateTime, type: 'dateTime', operators: range, advanced: negation },
    accountEnabled: { sql: users.accountEnabled, type: 'boolean', operators: new Set(['eq']), advanced: negation },
    creationType: {
      sql: users.creationType,
      type: 'enum',
      operators: new Set([...equality, 'null']),
      values: { Invitation: 'Invitation' },
    },
    otherMails: {
      type: 'collection',
      operators: new Set(['any']),
      any: (condition) =>
        sql`exists (select 1 from ${userOtherMails} item where item.tenant_id = ${users.tenantId} and item.user_id = ${users.id}
          and ${condition ?? sql`true`})`,
      item: { sql: sql`item.address_folded`, type: 'string', fold: 'stored', operators: equality },
    },
  },
}

/** The condition of a `$filter` on users. @throws Refusal for what Graph would not filter either. */
export function userFilter(node: FilterNode, isAdvanced: boolean): SQL {
  return compileFilter(node, userFilterResource, { isAdvanced })
}
