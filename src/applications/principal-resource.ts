import { sql } from 'drizzle-orm'
import { concealed, directoryObject, searchedBy, userResource } from '../directory/index.js'
import { arrayFilter } from '../graph/odata/array-filter.js'
import type { FilterCollection, FilterProperty } from '../graph/odata/filterable.js'
import { DATE_TIME, EQUALITY, NEGATION, operators, TEXT } from '../graph/odata/operators.js'
import {
  defineResource,
  type OwnResource,
  type Property,
  type ReadContext,
  type Resource,
} from '../graph/odata/resource.js'
import { GRAPH_APP_ID } from '../kernel/well-known.js'
import { keyCredential, passwordCredential } from './credentials-of.js'
import { findDeletedPrincipals } from './deleted-items/store.js'
import { graphApi, graphRoles } from './graph-principal.js'
import { logoPathOf } from './logo-path.js'
import { ownedPrincipals, ownersRelation } from './owners-store.js'
import { findPrincipals, type Principal, principalColumn, principalRows } from './principals-store.js'
import { mayReadApplications } from './rules.js'
import type { AppRole } from './schema.js'
import { shownInfo, shownRoles, shownScopes } from './shown.js'
import { readCredentials } from './store.js'
import type { Application } from './tables.js'

/** The organization that owns Microsoft Graph everywhere. */
const MICROSOFT = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a'

/** The roles that can be assigned at a service principal. */
export function rolesOf({ appId, application }: Principal): readonly AppRole[] {
  return appId === GRAPH_APP_ID ? graphRoles : (application?.appRoles ?? [])
}

type PrincipalProperty = Property<Principal>
const text = (read: (row: Principal) => string | null | undefined): PrincipalProperty => ({
  type: 'Edm.String',
  read: (row) => read(row) ?? null,
})
const texts = (read: (row: Principal) => string[] | undefined): PrincipalProperty => ({
  type: 'Edm.String',
  isCollection: true,
  read: (row) => read(row) ?? [],
})
const list = (type: `microsoft.graph.${string}`, read: (row: Principal) => unknown[]): PrincipalProperty => ({
  type,
  isCollection: true,
  read,
})
const nothing = () => null
const none = () => []

const filters = {
  id: { sql: principalColumn('id'), type: 'guid', operators: EQUALITY, advanced: NEGATION },
  appId: { sql: principalColumn('app_id'), type: 'guid', operators: EQUALITY, advanced: NEGATION },
  displayName: {
    ...TEXT,
    type: 'string',
    sql: principalColumn('display_name_folded'),
    fold: 'stored',
    isIndexed: true,
  },
  accountEnabled: {
    sql: principalColumn('account_enabled'),
    type: 'boolean',
    operators: operators('eq', 'in'),
    advanced: NEGATION,
  },
  appRoleAssignmentRequired: {
    sql: principalColumn('app_role_assignment_required'),
    type: 'boolean',
    operators: operators('eq'),
    advanced: NEGATION,
  },
  servicePrincipalType: { sql: sql`'Application'::text`, type: 'string', operators: EQUALITY, advanced: NEGATION },
  appOwnerOrganizationId: {
    sql: sql`case when principal.application_id is null then ${MICROSOFT}::uuid else principal.tenant_id end`,
    type: 'guid',
    operators: EQUALITY,
    advanced: NEGATION,
  },
  servicePrincipalNames: arrayFilter(sql`(array[principal.app_id::text] || principal.identifier_uris)`),
  tags: arrayFilter(sql`(array(select jsonb_array_elements_text(principal.principal_profile -> 'tags')))`),
} satisfies Record<string, FilterProperty | FilterCollection>

const byDefault: Record<string, PrincipalProperty> = {
  id: { ...text(({ id }) => id), filter: filters.id },
  deletedDateTime: { type: 'Edm.DateTimeOffset', read: nothing },
  accountEnabled: {
    type: 'Edm.Boolean',
    read: ({ application }) => application?.accountEnabled ?? true,
    filter: filters.accountEnabled,
  },
  alternativeNames: texts(({ application }) => application?.principalProfile.alternativeNames),
  appDisplayName: text(({ displayName }) => displayName),
  appDescription: text(({ application }) => application?.profile.description),
  appId: { ...text(({ appId }) => appId), filter: filters.appId },
  applicationTemplateId: text(nothing),
  appOwnerOrganizationId: {
    type: 'Edm.Guid',
    read: ({ application }) => application?.tenantId ?? MICROSOFT,
    filter: filters.appOwnerOrganizationId,
  },
  appRoleAssignmentRequired: {
    type: 'Edm.Boolean',
    read: ({ application }) => application?.appRoleAssignmentRequired ?? false,
    filter: filters.appRoleAssignmentRequired,
  },
  createdByAppId: text(({ application }) => application?.createdByAppId),
  description: text(({ application }) => application?.principalProfile.description),
  disabledByMicrosoftStatus: text(nothing),
  displayName: {
    ...text(({ displayName }) => displayName),
    filter: filters.displayName,
    orderBy: { sql: principalColumn('display_name_folded'), type: 'text', isAdvanced: true },
    search: { kind: 'startsWith', sql: principalColumn('display_name_folded') },
  },
  homepage: text(({ application }) => application?.web.homePageUrl),
  loginUrl: text(({ application }) => application?.principalProfile.loginUrl),
  logoutUrl: text(({ application }) => application?.web.logoutUrl),
  notes: text(({ application }) => application?.principalProfile.notes),
  notificationEmailAddresses: texts(({ application }) => application?.principalProfile.notificationEmailAddresses),
  preferredSingleSignOnMode: text(({ application }) => application?.principalProfile.preferredSingleSignOnMode),
  preferredTokenSigningKeyThumbprint: text(
    ({ application }) => application?.principalProfile.preferredTokenSigningKeyThumbprint,
  ),
  replyUrls: texts(({ application }) => application && replyUrls(application)),
  servicePrincipalNames: {
    ...texts(({ appId, application }) => [appId, ...(application?.identifierUris ?? [])]),
    filter: filters.servicePrincipalNames,
  },
  servicePrincipalType: { ...text(() => 'Application'), filter: filters.servicePrincipalType },
  signInAudience: text(({ application }) => application?.signInAudience ?? 'AzureADMultipleOrgs'),
  tags: { ...texts(({ application }) => application?.principalProfile.tags), filter: filters.tags },
  tokenEncryptionKeyId: { type: 'Edm.Guid', read: nothing },
  samlSingleSignOnSettings: { type: 'microsoft.graph.samlSingleSignOnSettings', read: nothing },
  addIns: list('microsoft.graph.addIn', none),
  appRoles: list('microsoft.graph.appRole', (row) => shownRoles(rolesOf(row), 'Application')),
  info: {
    type: 'microsoft.graph.informationalUrl',
    read: ({ application }, { base }) =>
      shownInfo(application?.profile.info, application?.logo ? `${base.origin}${logoPathOf(application)}` : null),
  },
  keyCredentials: {
    type: 'microsoft.graph.keyCredential',
    isCollection: true,
    load: (rows, context) => credentials(rows, context, 'key'),
  },
  oauth2PermissionScopes: list('microsoft.graph.permissionScope', ({ appId, application }) =>
    shownScopes(appId === GRAPH_APP_ID ? graphApi : (application?.api ?? {})),
  ),
  passwordCredentials: {
    type: 'microsoft.graph.passwordCredential',
    isCollection: true,
    load: (rows, context) => credentials(rows, context, 'secret'),
  },
  resourceSpecificApplicationPermissions: list('microsoft.graph.resourceSpecificPermission', none),
  verifiedPublisher: {
    type: 'microsoft.graph.verifiedPublisher',
    read: () => ({ displayName: null, verifiedPublisherId: null, addedDateTime: null }),
  },
}

const properties: Record<string, PrincipalProperty> = Object.fromEntries(
  Object.entries(byDefault).map(([name, property]) => [name, { ...property, isDefault: true }]),
)

/** Lists of several types are searched by words, for which names of service principals have no index. */
const searched = { displayName: { kind: 'text', sql: principalColumn('display_name') } } as const
const isConcealed = concealed(() => ({ type: 'microsoft.graph.servicePrincipal' }))

/** Graph: servicePrincipal. */
export const principalResource: OwnResource<Principal> = directoryObject(
  defineResource<Principal>({
    type: 'microsoft.graph.servicePrincipal',
    baseType: 'microsoft.graph.directoryObject',
    set: 'servicePrincipals',
    name: 'ServicePrincipal',
    properties,
    relations: {
      owners: ownersRelation('servicePrincipal', (): readonly Resource[] => [userResource, principalResource]),
    },
    load: ({ scope }, ids) => findPrincipals(scope, ids),
    // Microsoft Graph's never changes.
    version: ({ id, application }) => application?.changedXid ?? id,
    isConcealed,
  }),
  {
    path: '/servicePrincipals',
    find: async ({ scope, caller }, ids) =>
      mayReadApplications(caller) ? (await findPrincipals(scope, ids)).map(({ id }) => id) : [],
    owned: {
      searched,
      rows: {
        from: principalRows,
        as: sql`principal`,
        tenantId: principalColumn('tenant_id'),
        id: principalColumn('id'),
        present: sql`true`,
      },
      ids: ownedPrincipals,
    },
  },
)

/** The same among objects of other types. */
export const principalInLists = searchedBy(principalResource, searched)

/** A deleted service principal, as long as it can be restored. */
export const deletedPrincipalResource = defineResource<Principal>({
  type: 'microsoft.graph.servicePrincipal',
  baseType: 'microsoft.graph.directoryObject',
  set: 'servicePrincipals',
  name: 'ServicePrincipal',
  properties: {
    ...properties,
    deletedDateTime: {
      type: 'Edm.DateTimeOffset',
      isDefault: true,
      read: ({ application }) => application?.principalDeletedDateTime ?? null,
      filter: { sql: principalColumn('deleted_date_time'), type: 'dateTime', isShownInSeconds: true, ...DATE_TIME },
      orderBy: { sql: principalColumn('deleted_date_time'), type: 'timestamptz', isAdvanced: true },
    },
  },
  load: ({ scope }, ids) => findDeletedPrincipals(scope, ids),
  isConcealed,
})

/** Every address of an application that people and codes are sent to. */
export function replyUrls({ web, spa, publicClient }: Application): string[] {
  return [...(web.redirectUris ?? []), ...(spa.redirectUris ?? []), ...(publicClient.redirectUris ?? [])]
}

async function credentials(rows: readonly Principal[], { scope }: ReadContext, kind: 'key' | 'secret') {
  const ids = rows.flatMap(({ application }) => (application ? [application.id] : []))
  const found = await readCredentials(scope, ids, { kind, isOfPrincipal: true })
  return ({ application }: Principal) =>
    found
      .filter(({ applicationId }) => applicationId === application?.id)
      .map((row) => (kind === 'key' ? keyCredential(row, false) : passwordCredential(row)))
}
