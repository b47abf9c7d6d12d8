import { type SQL, sql } from 'drizzle-orm'
import type { FilterCollection, FilterOperator, FilterProperty } from '../graph/odata/filterable.js'
import { rangeOfIds } from '../graph/odata/id-range.js'
import { DATE_TIME, EQUALITY, NEGATION, operators, TEXT } from '../graph/odata/operators.js'
import { EXTENSION_ATTRIBUTES } from './extension-attributes.js'
import type { SEARCHED_COLUMNS } from './searched-columns.js'
import { userIdentities, userOtherMails, users } from './tables.js'
import { searchedValue, searchedValues } from './values-resource.js'

/** Of properties that Graph filters by only in advanced queries. */
const advanced = (...names: FilterOperator[]) => ({ operators: operators(), advanced: operators(...names) })
const ADVANCED_TEXT = {
  type: 'string',
  ...advanced('eq', 'in', 'startsWith', 'ge', 'le', 'ne', 'not', 'null'),
} as const
const ADVANCED_TIME = { type: 'dateTime', ...advanced('eq', 'in', 'ge', 'le', 'ne', 'not') } as const
const PLAIN_CHOICE = { type: 'string', operators: EQUALITY, advanced: NEGATION } as const

type Searched = Parameters<typeof searchedValue>[2]
const searched = (property: (typeof SEARCHED_COLUMNS)[number], permitted: Searched) =>
  searchedValue(users, property, permitted)

/**
 * What `$filter` may do with properties that few users have (Graph: advanced queries, supported properties): they are
 * found through `directory_values`, so that whoever has none of them costs nothing.
 */
const bySearch = {
  ageGroup: searched('ageGroup', PLAIN_CHOICE),
  businessPhones: searchedValues(users, 'businessPhones', {
    type: 'string',
    operators: operators('eq', 'startsWith', 'ge', 'le'),
  }),
  companyName: searched('companyName', ADVANCED_TEXT),
  consentProvidedForMinor: searched('consentProvidedForMinor', PLAIN_CHOICE),
  employeeHireDate: searched('employeeHireDate', ADVANCED_TIME),
  employeeLeaveDateTime: searched('employeeLeaveDateTime', ADVANCED_TIME),
  employeeType: searched('employeeType', ADVANCED_TEXT),
  faxNumber: searched('faxNumber', ADVANCED_TEXT),
  jobTitle: searched('jobTitle', { type: 'string', ...TEXT }),
  mobilePhone: searched('mobilePhone', ADVANCED_TEXT),
  officeLocation: searched('officeLocation', ADVANCED_TEXT),
  onPremisesImmutableId: searched('onPremisesImmutableId', ADVANCED_TEXT),
  passwordPolicies: searched('passwordPolicies', { type: 'string', ...advanced('eq', 'ne', 'not', 'null') }),
  postalCode: searched('postalCode', ADVANCED_TEXT),
  preferredLanguage: searched('preferredLanguage', ADVANCED_TEXT),
  showInAddressList: searched('showInAddressList', { type: 'boolean', ...advanced('eq', 'ne', 'not') }),
  streetAddress: searched('streetAddress', ADVANCED_TEXT),
} satisfies Record<string, FilterProperty | FilterCollection>

/** Nothing here is synchronized from elsewhere or licensed: no user has any of it, and scripts ask all the same. */
const ofNobody = {
  assignedLicenses: nobodyHas({ skuId: { sql: sql`null::uuid`, type: 'guid', operators: EQUALITY } }),
  provisionedPlans: nobodyHas({
    service: { sql: sql`null::text`, type: 'string', fold: 'stored', operators: EQUALITY },
    provisioningStatus: { sql: sql`null::text`, type: 'string', fold: 'stored', operators: EQUALITY },
  }),
  assignedPlans: nobodyHas({
    service: { sql: sql`null::text`, type: 'string', fold: 'stored', operators: EQUALITY },
    capabilityStatus: { sql: sql`null::text`, type: 'string', fold: 'stored', operators: EQUALITY },
  }),
  onPremisesSyncEnabled: {
    sql: sql`null::boolean`,
    type: 'boolean',
    operators: operators('eq', 'in', 'null'),
    advanced: NEGATION,
  },
  imAddresses: {
    type: 'collection',
    operators: operators('any'),
    advanced: operators('not'),
    any: () => sql`false`,
    item: {
      sql: sql`null::text`,
      fold: 'stored',
      type: 'string',
      operators: operators('eq', 'startsWith', 'ge', 'le'),
    },
  },
  onPremisesLastSyncDateTime: { sql: sql`null::timestamptz`, type: 'dateTime', ...DATE_TIME },
  onPremisesSecurityIdentifier: {
    sql: sql`null::text`,
    type: 'string',
    fold: 'stored',
    operators: operators('eq'),
    advanced: operators('null'),
  },
  onPremisesSamAccountName: { sql: sql`null::text`, fold: 'stored', ...ADVANCED_TEXT },
  onPremisesUserPrincipalName: { sql: sql`null::text`, type: 'string', fold: 'stored', ...TEXT },
} satisfies Record<string, FilterProperty | FilterCollection>

/** Ties rows that stand for users, under the name `item`, to the user in question. */
const ofUser = sql`item.tenant_id = ${users.tenantId} and item.id = ${users.id}`

/** A collection that is empty in everything there is. */
export function nobodyHas(properties: Record<string, FilterProperty>): FilterCollection {
  return {
    type: 'collection',
    operators: operators('any'),
    advanced: operators('not', 'count'),
    any: () => sql`false`,
    count: sql`0`,
    item: { type: 'object', properties },
  }
}

/** `SMTP:` and the mail, whichever case the prefix is in (Graph: proxyAddresses, of which a user here has one). */
const PREFIX = 'smtp:'
const proxyAddresses: FilterCollection = {
  type: 'collection',
  operators: operators('any'),
  advanced: operators('not', 'count'),
  any: (condition) => (condition ? sql`coalesce(${condition}, false)` : sql`${users.mailFolded} is not null`),
  count: sql`(${users.mailFolded} is not null)::int`,
  item: {
    sql: users.mailFolded,
    type: 'string',
    fold: 'stored',
    // Without the prefix it is no proxy address, and a blank is no mail.
    write: (value) => (value.startsWith(PREFIX) ? value.slice(PREFIX.length) : ' '),
    operators: operators('eq', 'startsWith', 'ge', 'le'),
    advanced: operators('endsWith'),
    backwards: users.mailBackwards,
    // Up to the prefix, of which no mail has a colon.
    writeEnd: (value) => (value.includes(':') ? ' ' : value),
  },
}

const otherMailCount = sql`coalesce(cardinality(${users.otherMails}),
    (${users.creationType} is not distinct from 'Invitation' and ${users.mailFolded} is not null)::int)`

/**
 * The addresses that are shown: what an administrator set, and of an invited guest of whom nobody set any the invited
 * address. `exists`, so that an index of the addresses leads to the users, and users to theirs where that is denied.
 */
const otherMails: FilterCollection = {
  type: 'collection',
  operators: operators('any'),
  advanced: operators('not', 'count'),
  any: (condition) =>
    condition
      ? sql`exists (
    select 1 from (
      select other.tenant_id, other.user_id as id, other.address_folded as folded, other.address_backwards as backwards
      from ${userOtherMails} other
      union all
      select invited.tenant_id, invited.id, invited.mail_folded, invited.mail_backwards from ${users} invited
      where invited.other_mails is null and invited.creation_type = 'Invitation' and invited.mail_folded is not null
        and invited.deleted_date_time is null
    ) as item where ${ofUser} and ${condition})`
      : sql`${otherMailCount} > 0`,
  count: otherMailCount,
  item: {
    sql: sql`item.folded`,
    type: 'string',
    fold: 'stored',
    operators: operators('eq', 'in', 'startsWith', 'ge', 'le'),
    advanced: operators('endsWith'),
    backwards: sql`item.backwards`,
  },
}

/**
 * Graph: when the state of a guest last changed. Of invited guests it is when they were made, until they answer: those
 * are found by their ids, and the others by an index that inviting writes nothing into.
 */
const externalUserStateChangeDateTime: FilterProperty = {
  sql: sql`item.at`,
  type: 'dateTime',
  isShownInSeconds: true,
  operators: EQUALITY,
  advanced: operators('ne', 'not', 'null'),
  implies: rangeOfIds(sql`item.low`, sql`item.high`),
  holds: (condition) =>
    condition
      ? sql`exists (
    select 1 from (
      select tenant_id, id, external_user_state_change_date_time as at, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid as low,
        '00000000-0000-0000-0000-000000000000'::uuid as high
      from ${users} where external_user_state_change_date_time <> created_date_time and deleted_date_time is null
      union all
      select tenant_id, id, created_date_time, id, id
      from ${users} where external_user_state_change_date_time = created_date_time and deleted_date_time is null
    ) as item where ${ofUser} and ${condition})`
      : sql`${users.externalUserStateChangeDateTime} is not null`,
}

/** What accounts sign in with, but for the identity by name, which Graph does not filter by either. */
const identities: FilterCollection = {
  type: 'collection',
  operators: operators('any'),
  any: (condition) =>
    sql`exists (select 1 from ${userIdentities} item where item.tenant_id = ${users.tenantId}
      and item.user_id = ${users.id} and ${condition ?? sql`true`})`,
  item: {
    type: 'object',
    properties: {
      // As they are written: they are compared by what an issuer says, which may tell cases apart.
      issuer: identityPart(sql`item.issuer`),
      issuerAssignedId: identityPart(sql`item.issuer_assigned_id`),
      signInType: identityPart(sql`item.sign_in_type`),
    },
  },
}

function identityPart(column: SQL): FilterProperty {
  return { sql: column, type: 'string', fold: 'none', operators: operators('eq') }
}

/**
 * When somebody signed in last, or an application for them, as the sign-in capability knows it (`sign_in_latest`,
 * `last_refreshes`). Graph: `eq`, `ne`, `not`,
 * `ge` and `le`, not an advanced query and not beside other properties; its own scripts use `gt` and `lt` too.
 */
const SIGNED_IN = {
  type: 'dateTime',
  isShownInSeconds: true,
  isAlone: true,
  operators: operators('eq', 'ne', 'not', 'ge', 'le', 'gt', 'lt'),
} as const
const signedIn = (latest: string): FilterProperty => ({
  ...SIGNED_IN,
  sql: sql`item.last_date_time`,
  holds: (condition) => sql`exists (select 1 from ${sql.raw(latest)} as item
    where item.tenant_id = ${users.tenantId} and item.user_id = ${users.id} and ${condition ?? sql`true`})`,
})

/** By Graph's names of properties. */
export const USER_FILTERS: Readonly<Record<string, FilterProperty | FilterCollection>> = {
  ...bySearch,
  ...ofNobody,
  proxyAddresses,
  otherMails,
  externalUserStateChangeDateTime,
  identities,
}

/** Parts of structured properties. */
export const USER_FILTER_PATHS: Readonly<Record<string, FilterProperty>> = {
  'employeeOrgData/costCenter': searched('employeeCostCenter', ADVANCED_TEXT),
  'employeeOrgData/division': searched('employeeDivision', ADVANCED_TEXT),
  'signInActivity/lastSignInDateTime': signedIn('sign_in_latest()'),
  'signInActivity/lastSuccessfulSignInDateTime': signedIn('sign_in_latest_success()'),
  'signInActivity/lastNonInteractiveSignInDateTime': signedIn('last_refreshes'),
  ...Object.fromEntries(
    EXTENSION_ATTRIBUTES.map((name) => [
      `onPremisesExtensionAttributes/${name}`,
      searchedValue(users, name, {
        type: 'string',
        ...advanced('eq', 'in', 'startsWith', 'ge', 'le', 'ne', 'not', 'null'),
      }),
    ]),
  ),
}
