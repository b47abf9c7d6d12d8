import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { directoryObjectResource, userResource } from '../directory/index.js'
import { type CollectionDefinition, defineCollection, entityRules } from '../graph/odata/collection.js'
import { applicationResource, deletedApplicationResource } from './application-resource.js'
import { presentOwner } from './owners-store.js'
import { deletedPrincipalResource, principalResource } from './principal-resource.js'
import { deletedPrincipalRows, principalColumn, principalRows } from './principals-store.js'
import { applicationOwners, applications } from './tables.js'

/** `GET /applications`. */
export const applicationCollection = defineCollection({
  resource: applicationResource,
  from: sql`${applications}`,
  id: applications.id,
  where: (tenantId) => and(eq(applications.tenantId, tenantId), isNull(applications.deletedDateTime)),
})
/** Applications that can still be restored. */
export const deletedApplications = defineCollection({
  resource: deletedApplicationResource,
  from: sql`${applications}`,
  id: applications.id,
  where: (tenantId) => and(eq(applications.tenantId, tenantId), isNotNull(applications.deletedDateTime)),
})
export const applicationRules = entityRules(applicationResource)

/** `GET /servicePrincipals`: with Microsoft Graph's among them. */
export const principalCollection = defineCollection({
  resource: principalResource,
  from: principalRows,
  id: principalColumn('id'),
  where: (tenantId) => sql`principal.tenant_id = ${tenantId}::uuid`,
})
/** Service principals that can still be restored. */
export const deletedPrincipals = defineCollection({
  resource: deletedPrincipalResource,
  from: deletedPrincipalRows,
  id: principalColumn('id'),
  where: (tenantId) => sql`principal.tenant_id = ${tenantId}::uuid`,
})
export const principalRules = entityRules(principalResource)

const ownersList = {
  from: sql`${applicationOwners} ${presentOwner}`,
  id: applicationOwners.ownerId,
  where: (tenantId: string) => sql`${applicationOwners.tenantId} = ${tenantId}`,
} satisfies Partial<CollectionDefinition>

/** Owners of one object: all of them, people alone, and service principals alone. To be narrowed by `ownersOf`. */
export const owners = {
  all: defineCollection({
    ...ownersList,
    resource: directoryObjectResource,
    variants: [userResource, principalResource],
    itemType: sql`'microsoft.graph.' || ${applicationOwners.ownerType}`,
    options: ['select', 'top', 'skiptoken', 'count'],
  }),
  users: defineCollection({
    ...ownersList,
    resource: userResource,
    where: (tenantId) => sql`${ownersList.where(tenantId)} and ${applicationOwners.ownerType} = 'user'`,
    options: ['select', 'top', 'skiptoken', 'count'],
  }),
  servicePrincipals: defineCollection({
    ...ownersList,
    resource: principalResource,
    where: (tenantId) => sql`${ownersList.where(tenantId)} and ${applicationOwners.ownerType} = 'servicePrincipal'`,
    options: ['select', 'top', 'skiptoken', 'count'],
  }),
}
export const ownersOf = (objectId: string) => sql`${applicationOwners.objectId} = ${objectId}`
