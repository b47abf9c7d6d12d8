import { isNull, type SQLWrapper, sql } from 'drizzle-orm'
import type { FilterProperty } from '../graph/odata/filterable.js'
import { rangeOfIds } from '../graph/odata/id-range.js'
import { ADDRESS, DATE_TIME, EQUALITY, NEGATION, operators, TEXT } from '../graph/odata/operators.js'
import { defineResource, type OwnResource, type Property } from '../graph/odata/resource.js'
import { readInitialDomain } from '../tenants/index.js'
import { directoryExtensions } from './extensions/open-properties.js'
import { USER_FILTER_PATHS, USER_FILTERS } from './filter-resource.js'
import { ownedRelation, upwardRelations } from './groups/upward-relations.js'
import { mustReadMembershipsOf } from './groups/visible-members.js'
import { concealed } from './objects/concealed.js'
import { directoryObject } from './objects/kinds.js'
import { loadDeletedUsers, loadUsers, readIdentities } from './store.js'
import { type Identity, type ShownIdentity, type UserRow, users } from './tables.js'
import { furtherProperties, graphDateTime } from './user-further-properties.js'
import { userRelations } from './user-relations.js'

type UserProperty = Property<UserRow>

const USER = 'microsoft.graph.user'
const isConcealed = concealed(({ id }: UserRow) => ({ type: USER, id }))

/** Every property a user can be asked for: the first eleven are what Graph returns without `$select`. */
const described: Record<string, UserProperty> = {
  businessPhones: { type: 'Edm.String', isCollection: true, isDefault: true, read: (row) => row.businessPhones },
  displayName: {
    ...text((row) => row.displayName),
    isDefault: true,
    filter: folded(users.displayNameFolded),
    orderBy: { sql: users.displayNameFolded, type: 'text' },
    search: { kind: 'words', table: 'users', sql: users.displayName },
  },
  givenName: {
    ...text((row) => row.givenName),
    isDefault: true,
    filter: folded(users.givenNameFolded),
    search: { kind: 'startsWith', sql: users.givenNameFolded },
  },
  jobTitle: { ...text((row) => row.jobTitle), isDefault: true },
  mail: {
    ...text((row) => row.mail),
    isDefault: true,
    filter: { ...folded(users.mailFolded), ...ADDRESS, backwards: users.mailBackwards, isUnique: true },
    search: { kind: 'startsWith', sql: users.mailFolded },
  },
  mobilePhone: { ...text((row) => row.mobilePhone), isDefault: true },
  officeLocation: { ...text((row) => row.officeLocation), isDefault: true },
  preferredLanguage: { ...text((row) => row.preferredLanguage), isDefault: true },
  surname: {
    ...text((row) => row.surname),
    isDefault: true,
    filter: folded(users.surnameFolded),
    search: { kind: 'startsWith', sql: users.surnameFolded },
  },
  userPrincipalName: {
    ...text((row) => row.userPrincipalName),
    isDefault: true,
    filter: {
      ...folded(users.userPrincipalNameFolded),
      ...ADDRESS,
      backwards: users.userPrincipalNameBackwards,
      isUnique: true,
    },
    orderBy: { sql: users.userPrincipalNameFolded, type: 'text' },
    search: { kind: 'startsWith', sql: users.userPrincipalNameFolded },
  },
  id: {
    ...text((row) => row.id),
    isDefault: true,
    filter: { sql: users.id, type: 'guid', operators: EQUALITY, advanced: NEGATION },
  },
  userType: {
    ...text((row) => row.userType),
    filter: {
      sql: users.userType,
      type: 'enum',
      operators: EQUALITY,
      advanced: operators('ne', 'not', 'null'),
      values: { Guest: 'Guest', Member: 'Member' },
    },
  },
  creationType: {
    ...text((row) => row.creationType),
    filter: {
      sql: users.creationType,
      type: 'enum',
      operators: operators('eq', 'in', 'null'),
      advanced: NEGATION,
      // Nobody comes the other two ways, and scripts ask for all of them.
      values: {
        Invitation: 'Invitation',
        LocalAccount: 'LocalAccount',
        EmailVerified: 'EmailVerified',
        SelfServiceSignUp: 'SelfServiceSignUp',
      },
    },
  },
  externalUserState: {
    ...text((row) => row.externalUserState),
    filter: {
      sql: users.externalUserState,
      type: 'enum',
      operators: operators('eq', 'in', 'null'),
      advanced: NEGATION,
      values: { PendingAcceptance: 'PendingAcceptance', Accepted: 'Accepted' },
    },
  },
  externalUserStateChangeDateTime: instant((row) => row.externalUserStateChangeDateTime),
  accountEnabled: {
    type: 'Edm.Boolean',
    read: (row) => row.accountEnabled,
    filter: { sql: users.accountEnabled, type: 'boolean', operators: EQUALITY, advanced: NEGATION },
  },
  mailNickname: searchedText((row) => row.mailNickname, users.mailNicknameFolded),
  otherMails: {
    type: 'Edm.String',
    isCollection: true,
    read: otherMailsOf,
  },
  proxyAddresses: {
    type: 'Edm.String',
    isCollection: true,
    read: (row) => (row.mail ? [`SMTP:${row.mail}`] : []),
  },
  identities: {
    type: 'microsoft.graph.objectIdentity',
    isCollection: true,
    async load(rows, { scope }) {
      const issuer = await readInitialDomain(scope)
      const stored = await readIdentities(
        scope,
        rows.map(({ id }) => id),
      )
      return (row) =>
        identitiesOf(
          issuer,
          row,
          stored.filter(({ userId }) => userId === row.id),
        )
    },
  },
  companyName: text((row) => row.companyName),
  department: searchedText((row) => row.department, users.departmentFolded),
  employeeId: searchedText((row) => row.employeeId, users.employeeIdFolded),
  city: searchedText((row) => row.city, users.cityFolded),
  state: searchedText((row) => row.state, users.stateFolded),
  country: searchedText((row) => row.country, users.countryFolded),
  postalCode: text((row) => row.postalCode),
  streetAddress: text((row) => row.streetAddress),
  usageLocation: searchedText((row) => row.usageLocation, users.usageLocationFolded),
  createdDateTime: {
    ...instant((row) => row.createdDateTime),
    filter: {
      sql: users.createdDateTime,
      type: 'dateTime',
      isShownInSeconds: true,
      implies: rangeOfIds(users.id),
      ...DATE_TIME,
    },
    orderBy: { sql: users.createdDateTime, type: 'timestamptz', isAdvanced: true },
  },
  deletedDateTime: instant((row) => row.deletedDateTime),
  signInSessionsValidFromDateTime: instant((row) => row.signInSessionsValidFromDateTime ?? row.createdDateTime),
  accessEndDateTime: {
    ...instant((row) => row.accessEndDateTime),
    filter: { sql: users.accessEndDateTime, type: 'dateTime', ...DATE_TIME },
  },
  ...furtherProperties,
}

/** The same with what `$filter` may do with those whose values stand elsewhere. */
const properties: Record<string, UserProperty> = Object.fromEntries(
  Object.entries(described).map(([name, property]) => {
    const filter = USER_FILTERS[name] ?? property.filter
    return [name, filter ? { ...property, filter } : property]
  }),
)

/** Graph: user. */
export const userResource: OwnResource<UserRow> = directoryObject(
  defineResource<UserRow>({
    type: USER,
    baseType: 'microsoft.graph.directoryObject',
    set: 'users',
    name: 'User',
    properties,
    complexTypes: {
      'microsoft.graph.objectIdentity': {
        signInType: { type: 'Edm.String' },
        issuer: { type: 'Edm.String' },
        issuerAssignedId: { type: 'Edm.String' },
      },
    },
    table: { from: sql`${users}`, id: users.id, tenantId: users.tenantId, present: isNull(users.deletedDateTime) },
    load: ({ scope }, ids) => loadUsers(scope, ids),
    version: ({ changedXid }) => changedXid,
    filterPaths: USER_FILTER_PATHS,
    open: directoryExtensions('User', users),
    relations: { ...userRelations, ...upwardRelations(mustReadMembershipsOf), ...ownedRelation(mustReadMembershipsOf) },
    isConcealed,
  }),
)

/** A deleted user, as long as they can be restored. */
export const deletedUserResource: OwnResource<UserRow> = defineResource<UserRow>({
  type: USER,
  baseType: 'microsoft.graph.directoryObject',
  set: 'users',
  name: 'User',
  properties: {
    ...properties,
    deletedDateTime: {
      ...instant((row) => row.deletedDateTime),
      filter: { sql: users.deletedDateTime, type: 'dateTime', isShownInSeconds: true, ...DATE_TIME },
      orderBy: { sql: users.deletedDateTime, type: 'timestamptz', isAdvanced: true },
    },
  },
  load: ({ scope }, ids) => loadDeletedUsers(scope, ids),
  isConcealed,
})

/** Text that is filtered in a folded column with an index of its own. */
function folded(column: SQLWrapper): FilterProperty {
  return { sql: column, type: 'string', fold: 'stored', isIndexed: true, ...TEXT }
}

/** Such text, which a search finds by its start (Graph: of any property but names and descriptions). */
function searchedText(read: (row: UserRow) => string | null, column: SQLWrapper): UserProperty {
  return { ...text(read), filter: folded(column), search: { kind: 'startsWith', sql: column } }
}

function text(read: (row: UserRow) => string | null): UserProperty {
  return { type: 'Edm.String', read }
}

function instant(read: (row: UserRow) => Date | null): UserProperty {
  return { type: 'Edm.DateTimeOffset', read: (row) => graphDateTime(read(row)) }
}

/** A guest's other mails are the invited address until somebody sets them. */
export function otherMailsOf(row: UserRow): string[] {
  if (row.otherMails) return row.otherMails
  return row.creationType === 'Invitation' && row.mail ? [row.mail] : []
}

/**
 * The identities of a user: what they accepted with, and the name in this organization, whose issuer is its domain
 * (Graph: objectIdentity; before redemption only that one). Of accounts made with an identity, it is shown whole.
 */
export function identitiesOf(issuer: string, row: UserRow, stored: readonly Identity[]): ShownIdentity[] {
  const isInvited = row.creationType === 'Invitation'
  const others = stored.map((identity) => ({
    signInType: identity.signInType,
    issuer: identity.issuer,
    // What others call a guest is not told; what they sign in with here is (Graph: objectIdentity).
    issuerAssignedId: isInvited && identity.signInType === 'federated' ? null : identity.issuerAssignedId,
  }))
  return [...others, { signInType: 'userPrincipalName', issuer, issuerAssignedId: row.userPrincipalName }]
}
