import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import { type Casts, directoryObjectResource, userItem, userResource } from '../directory/index.js'
import { defineCollection, entityRules } from '../graph/odata/collection.js'
import { applicationResource, deletedApplicationResource } from './application-resource.js'
import { deletedPrincipalResource, principalInLists, principalResource } from './principal-resource.js'
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

const OF_USER = sql`${applicationOwners.ownerType} = 'user'`
const OF_PRINCIPAL = sql`${applicationOwners.ownerType} = 'servicePrincipal'`
const person = userItem(applicationOwners.tenantId, applicationOwners.ownerId, OF_USER)
const ownerId = applicationOwners.ownerId
const from = sql`${applicationOwners} ${person.from}
  left join lateral (select * from ${principalRows} where ${OF_PRINCIPAL}
    and ${principalColumn('tenant_id')} = ${applicationOwners.tenantId} and ${principalColumn('id')} = ${ownerId}
    offset 0) as principal on true`
const present = (isThere: SQL) => (tenantId: string) => sql`${applicationOwners.tenantId} = ${tenantId} and ${isThere}`
const isPrincipal = sql`${principalColumn('id')} is not null`

/** Owners of one object: all of them, people alone, and service principals alone. To be narrowed by `ownersOf`. */
export const owners: Casts = {
  all: defineCollection({
    resource: directoryObjectResource,
    variants: [userResource, principalInLists],
    itemType: sql`'microsoft.graph.' || ${applicationOwners.ownerType}`,
    isRelated: true,
    from,
    id: ownerId,
    where: present(sql`(${person.isThere} or ${isPrincipal})`),
  }),
  user: defineCollection({
    resource: userResource,
    isRelated: true,
    from,
    id: ownerId,
    where: present(person.isThere),
  }),
  servicePrincipal: defineCollection({
    resource: principalResource,
    isRelated: true,
    from,
    id: ownerId,
    where: present(isPrincipal),
  }),
}
export const ownersOf = (objectId: string) => sql`${applicationOwners.objectId} = ${objectId}`
