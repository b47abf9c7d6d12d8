import { isNull, sql } from 'drizzle-orm'
import { concealed, directoryObject, userResource } from '../directory/index.js'
import { arrayFilter } from '../graph/odata/array-filter.js'
import type { FilterCollection, FilterProperty } from '../graph/odata/filterable.js'
import { DATE_TIME, EQUALITY, NEGATION, operators, TEXT } from '../graph/odata/operators.js'
import { defineResource, type OwnResource, type Property, type ReadContext } from '../graph/odata/resource.js'
import { keyCredential, passwordCredential } from './credentials-of.js'
import { findDeletedApplications } from './deleted-items/store.js'
import { logoPathOf } from './logo-path.js'
import { ownedApplications, ownersRelation } from './owners-store.js'
import { principalResource } from './principal-resource.js'
import { mayReadApplications } from './rules.js'
import { shownApi, shownInfo, shownRedirectUris, shownRoles, shownWeb } from './shown.js'
import { findApplications, publisherDomain, readCredentials } from './store.js'
import { type Application, applications } from './tables.js'

type ApplicationProperty = Property<Application>

const text = (read: (row: Application) => string | null | undefined): ApplicationProperty => ({
  type: 'Edm.String',
  read: (row) => read(row) ?? null,
})
const texts = (read: (row: Application) => string[]): ApplicationProperty => ({
  type: 'Edm.String',
  isCollection: true,
  read,
})
const truth = (read: (row: Application) => boolean | null | undefined): ApplicationProperty => ({
  type: 'Edm.Boolean',
  read: (row) => read(row) ?? null,
})
const object = (
  type: `microsoft.graph.${string}`,
  read: (row: Application, context: ReadContext) => unknown,
): ApplicationProperty => ({ type, read })
const list = (type: `microsoft.graph.${string}`, read: (row: Application) => unknown[]): ApplicationProperty => ({
  type,
  isCollection: true,
  read,
})
const nothing = () => null
const none = () => []

const folded = { type: 'string', ...TEXT } as const

const filters = {
  id: { sql: applications.id, type: 'guid', operators: EQUALITY, advanced: NEGATION },
  appId: { sql: applications.appId, type: 'guid', operators: EQUALITY, advanced: NEGATION },
  displayName: { ...folded, sql: applications.displayNameFolded, fold: 'stored', isIndexed: true },
  uniqueName: { sql: applications.uniqueName, type: 'string', fold: 'none', operators: EQUALITY, advanced: NEGATION },
  signInAudience: { sql: applications.signInAudience, type: 'string', operators: EQUALITY, advanced: NEGATION },
  createdDateTime: { ...DATE_TIME, sql: applications.createdDateTime, type: 'dateTime' },
  identifierUris: arrayFilter(sql`${applications.identifierUris}`),
  tags: arrayFilter(sql`${applications.tags}`),
  isFallbackPublicClient: {
    sql: applications.isFallbackPublicClient,
    type: 'boolean',
    operators: operators('eq'),
    advanced: NEGATION,
  },
} satisfies Record<string, FilterProperty | FilterCollection>

/** Of deleted applications only. */
const DELETED = { sql: applications.deletedDateTime, type: 'dateTime', isShownInSeconds: true, ...DATE_TIME } as const

const byDefault: Record<string, ApplicationProperty> = {
  id: { ...text(({ id }) => id), filter: filters.id },
  deletedDateTime: { type: 'Edm.DateTimeOffset', read: nothing },
  appId: { ...text(({ appId }) => appId), filter: filters.appId },
  applicationTemplateId: text(nothing),
  disabledByMicrosoftStatus: text(nothing),
  createdByAppId: text(({ createdByAppId }) => createdByAppId),
  createdDateTime: {
    type: 'Edm.DateTimeOffset',
    read: ({ createdDateTime }) => graphDateTime(createdDateTime),
    filter: filters.createdDateTime,
    orderBy: { sql: applications.createdDateTime, type: 'timestamptz', isAdvanced: true },
  },
  displayName: {
    ...text(({ displayName }) => displayName),
    filter: filters.displayName,
    orderBy: { sql: applications.displayNameFolded, type: 'text', isAdvanced: true },
    search: { kind: 'words', table: 'applications', sql: applications.displayName },
  },
  description: text(({ profile }) => profile.description),
  groupMembershipClaims: text(({ groupMembershipClaims }) => groupMembershipClaims),
  identifierUris: { ...texts(({ identifierUris }) => identifierUris), filter: filters.identifierUris },
  isDeviceOnlyAuthSupported: truth(({ profile }) => profile.isDeviceOnlyAuthSupported),
  isFallbackPublicClient: {
    ...truth(({ isFallbackPublicClient }) => isFallbackPublicClient),
    filter: filters.isFallbackPublicClient,
  },
  nativeAuthenticationApisEnabled: text(nothing),
  notes: text(({ profile }) => profile.notes),
  publisherDomain: {
    type: 'Edm.String',
    async load(_rows, { scope }) {
      const domain = await publisherDomain(scope)
      return () => domain
    },
  },
  serviceManagementReference: text(({ profile }) => profile.serviceManagementReference),
  signInAudience: { ...text(({ signInAudience }) => signInAudience), filter: filters.signInAudience },
  tags: { ...texts(({ tags }) => tags), filter: filters.tags },
  tokenEncryptionKeyId: { type: 'Edm.Guid', read: nothing },
  uniqueName: { ...text(({ uniqueName }) => uniqueName), filter: filters.uniqueName },
  samlMetadataUrl: text(nothing),
  defaultRedirectUri: text(({ profile }) => profile.defaultRedirectUri),
  certification: object('microsoft.graph.certification', nothing),
  optionalClaims: object('microsoft.graph.optionalClaims', ({ profile }) => profile.optionalClaims ?? null),
  servicePrincipalLockConfiguration: object('microsoft.graph.servicePrincipalLockConfiguration', nothing),
  requestSignatureVerification: object('microsoft.graph.requestSignatureVerification', nothing),
  addIns: list('microsoft.graph.addIn', none),
  api: object('microsoft.graph.apiApplication', ({ api }) => shownApi(api)),
  appRoles: list('microsoft.graph.appRole', ({ appRoles }) => shownRoles(appRoles, 'Application')),
  info: object('microsoft.graph.informationalUrl', ({ profile, ...row }, { base }) =>
    shownInfo(profile.info, row.logo ? `${base.origin}${logoPathOf(row)}` : null),
  ),
  keyCredentials: {
    type: 'microsoft.graph.keyCredential',
    isCollection: true,
    load: (rows, context) => credentials(rows, context, 'key'),
  },
  parentalControlSettings: object('microsoft.graph.parentalControlSettings', () => ({
    countriesBlockedForMinors: [],
    legalAgeGroupRule: 'Allow',
  })),
  passwordCredentials: {
    type: 'microsoft.graph.passwordCredential',
    isCollection: true,
    load: (rows, context) => credentials(rows, context, 'secret'),
  },
  publicClient: object('microsoft.graph.publicClientApplication', ({ publicClient }) =>
    shownRedirectUris(publicClient),
  ),
  requiredResourceAccess: list('microsoft.graph.requiredResourceAccess', ({ requiredResourceAccess }) =>
    requiredResourceAccess.map(({ resourceAppId, resourceAccess = [] }) => ({ resourceAppId, resourceAccess })),
  ),
  verifiedPublisher: object('microsoft.graph.verifiedPublisher', () => ({
    displayName: null,
    verifiedPublisherId: null,
    addedDateTime: null,
  })),
  web: object('microsoft.graph.webApplication', ({ web }) => shownWeb(web)),
  spa: object('microsoft.graph.spaApplication', ({ spa }) => shownRedirectUris(spa)),
}

const properties: Record<string, ApplicationProperty> = Object.fromEntries(
  Object.entries(byDefault).map(([name, property]) => [name, { ...property, isDefault: true }]),
)

const isConcealed = concealed(() => ({ type: 'microsoft.graph.application' }))

/** Graph: application. */
export const applicationResource: OwnResource<Application> = directoryObject(
  defineResource<Application>({
    type: 'microsoft.graph.application',
    baseType: 'microsoft.graph.directoryObject',
    set: 'applications',
    name: 'Application',
    properties,
    relations: { owners: ownersRelation('application', () => [userResource, principalResource]) },
    load: ({ scope }, ids) => findApplications(scope, ids),
    version: ({ changedXid }) => changedXid,
    isConcealed,
  }),
  {
    path: '/applications',
    find: async ({ scope, caller }, ids) =>
      mayReadApplications(caller) ? (await findApplications(scope, ids)).map(({ id }) => id) : [],
    owned: {
      rows: {
        from: sql`${applications}`,
        as: applications,
        tenantId: applications.tenantId,
        id: applications.id,
        present: isNull(applications.deletedDateTime),
      },
      ids: ownedApplications,
    },
  },
)

/** A deleted application, as long as it can be restored. */
export const deletedApplicationResource = defineResource<Application>({
  type: 'microsoft.graph.application',
  baseType: 'microsoft.graph.directoryObject',
  set: 'applications',
  name: 'Application',
  properties: {
    ...properties,
    deletedDateTime: {
      type: 'Edm.DateTimeOffset',
      isDefault: true,
      read: ({ deletedDateTime }) => deletedDateTime && graphDateTime(deletedDateTime),
      filter: DELETED,
      orderBy: { sql: applications.deletedDateTime, type: 'timestamptz', isAdvanced: true },
    },
  },
  load: ({ scope }, ids) => findDeletedApplications(scope, ids),
  isConcealed,
})

/** A certificate is told whole where one application is asked for its keys alone. */
async function credentials(rows: readonly Application[], { scope, base }: ReadContext, kind: 'key' | 'secret') {
  const ids = rows.map(({ id }) => id)
  const found = await readCredentials(scope, ids, { kind, isOfPrincipal: false })
  const isWhole = rows.length === 1 && /select=[^&]*keyCredentials/i.test(base.url)
  return ({ id }: Application) =>
    found
      .filter(({ applicationId }) => applicationId === id)
      .map((row) => (kind === 'key' ? keyCredential(row, isWhole) : passwordCredential(row)))
}

/** Graph writes times without fractions of a second. */
function graphDateTime(value: Date): string {
  return `${value.toISOString().slice(0, 19)}Z`
}
