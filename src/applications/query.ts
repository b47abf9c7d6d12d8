import { sql } from 'drizzle-orm'
import { directoryObjectResource, userResource } from '../directory/index.js'
import { type CollectionDefinition, defineCollection, entityRules } from '../graph/odata/collection.js'
import { applicationResource } from './application-resource.js'
import { presentOwner } from './owners-store.js'
import { principalResource } from './principal-resource.js'
import { principalColumn, principalRows } from './principals-store.js'
import { applicationOwners, applications } from './tables.js'

/** `GET /applications`. */
export const applicationCollection = defineCollection({
  resource: applicationResource,
  from: sql`${applications}`,
  id: applications.id,
  where: (tenantId) => sql`${applications.tenantId} = ${tenantId}`,
})
export const applicationRules = entityRules(applicationResource)

/** `GET /servicePrincipals`: with Microsoft Graph's among them. */
export const principalCollection = defineCollection({
  resource: principalResource,
  from: principalRows,
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
