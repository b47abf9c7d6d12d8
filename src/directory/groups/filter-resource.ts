import { sql } from 'drizzle-orm'
import type { FilterCollection, FilterProperty } from '../../graph/odata/filterable.js'
import type { SortKey } from '../../graph/odata/keyset.js'
import { DATE_TIME, EQUALITY, NEGATION, operators, TEXT } from '../../graph/odata/operators.js'
import { nobodyHas } from '../filter-resource.js'
import { groupOwners, groups } from './tables.js'

const equalBoolean = { type: 'boolean', operators: operators('eq'), advanced: NEGATION } as const
const text = { type: 'string', ...TEXT } as const
const time = { type: 'dateTime', isShownInSeconds: true, ...DATE_TIME } as const

const nothing = { sql: sql`null::text`, fold: 'stored', ...text } as const

/** Nothing here expires, is licensed or synchronized from elsewhere: no group has any of it, and scripts ask all the same. */
const ofNoGroup = {
  assignedLicenses: nobodyHas({ skuId: { sql: sql`null::uuid`, type: 'guid', operators: EQUALITY } }),
  expirationDateTime: { ...time, sql: sql`null::timestamptz` },
  onPremisesLastSyncDateTime: { ...time, sql: sql`null::timestamptz` },
  onPremisesSamAccountName: nothing,
  onPremisesSecurityIdentifier: nothing,
  onPremisesSyncEnabled: {
    sql: sql`null::boolean`,
    type: 'boolean',
    operators: operators('eq', 'in', 'null'),
    advanced: NEGATION,
  },
  resourceProvisioningOptions: {
    type: 'collection',
    operators: operators('any'),
    advanced: operators('not'),
    any: () => sql`false`,
    item: { sql: sql`null::text`, type: 'string', fold: 'stored', operators: operators('eq', 'startsWith') },
  },
} satisfies Record<string, FilterProperty | FilterCollection>

/** What `$filter` may do with the properties of a group, and with how many owners it has. */
export const GROUP_FILTERS = {
  ...ofNoGroup,
  id: { sql: groups.id, type: 'guid', operators: EQUALITY, advanced: NEGATION },
  displayName: { ...text, sql: groups.displayNameFolded, fold: 'stored', isIndexed: true },
  mail: { ...text, sql: groups.mailFolded, fold: 'stored', isIndexed: true, isUnique: true },
  mailNickname: { ...text, sql: groups.mailNicknameFolded, fold: 'stored', isIndexed: true },
  uniqueName: { sql: groups.uniqueName, type: 'string', fold: 'none', operators: EQUALITY, advanced: NEGATION },
  // Graph: description only in advanced queries.
  description: {
    sql: groups.description,
    type: 'string',
    operators: operators(),
    advanced: operators('eq', 'ne', 'not', 'ge', 'le', 'startsWith', 'null'),
  },
  classification: { ...text, sql: groups.classification },
  preferredLanguage: { ...text, sql: groups.preferredLanguage },
  membershipRule: { ...text, sql: groups.membershipRule },
  membershipRuleProcessingState: {
    sql: groups.membershipRuleProcessingState,
    type: 'enum',
    operators: operators('eq', 'in', 'null'),
    advanced: NEGATION,
    values: { On: 'On', Paused: 'Paused' },
  },
  mailEnabled: { ...equalBoolean, sql: groups.mailEnabled },
  securityEnabled: { ...equalBoolean, operators: EQUALITY, sql: groups.securityEnabled },
  isAssignableToRole: { ...equalBoolean, sql: groups.isAssignableToRole },
  createdDateTime: { ...time, sql: groups.createdDateTime },
  deletedDateTime: { ...time, sql: groups.deletedDateTime },
  renewedDateTime: { ...time, sql: groups.renewedDateTime },
  groupTypes: {
    type: 'collection',
    operators: operators('any'),
    advanced: NEGATION,
    any: (condition) =>
      sql`exists (select 1 from unnest(array_remove(array[case when ${groups.isUnified} then 'Unified' end,
        case when ${groups.isDynamic} then 'DynamicMembership' end], null)) as item (value)
        where ${condition ?? sql`true`})`,
    item: {
      sql: sql`item.value`,
      type: 'enum',
      operators: EQUALITY,
      advanced: NEGATION,
      values: { Unified: 'Unified', DynamicMembership: 'DynamicMembership' },
    },
  },
} satisfies Record<string, FilterProperty | FilterCollection>

const ownersOfGroup = sql`from ${groupOwners} owner where owner.tenant_id = ${groups.tenantId} and owner.group_id = ${groups.id}`

/** Graph: `owners/$count eq 0` finds groups nobody answers for. */
export const OWNERS_FILTER: FilterCollection = {
  type: 'collection',
  operators: operators(),
  advanced: operators('any', 'count', 'not'),
  any: (condition) => sql`exists (select 1 ${ownersOfGroup} and ${condition ?? sql`true`})`,
  count: sql`(select count(*) ${ownersOfGroup})`,
  item: {
    type: 'object',
    properties: {
      id: { sql: sql`owner.owner_id`, type: 'guid', operators: EQUALITY, advanced: operators('eq', 'in') },
    },
  },
}

/** Graph: group, "supports $filter (eq)" and is never answered. No group here has licenses to assign. */
export const LICENSE_ERRORS_FILTER: FilterProperty = { sql: sql`false`, type: 'boolean', operators: operators('eq') }

/** How groups are sorted: by name plainly, by time only in advanced queries. */
export const GROUP_ORDERS = {
  displayName: { sql: groups.displayNameFolded, type: 'text' },
  createdDateTime: { sql: groups.createdDateTime, type: 'timestamptz', isAdvanced: true },
  deletedDateTime: { sql: groups.deletedDateTime, type: 'timestamptz', isAdvanced: true },
} satisfies Record<string, SortKey & { isAdvanced?: boolean }>

/** `$search` finds names and descriptions by their words. */
export const GROUP_SEARCH = { displayName: groups.displayName, description: groups.description }
