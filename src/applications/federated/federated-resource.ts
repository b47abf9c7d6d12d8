import { sql } from 'drizzle-orm'
import { defineCollection, entityRules } from '../../graph/odata/collection.js'
import { EQUALITY, operators } from '../../graph/odata/operators.js'
import { defineResource } from '../../graph/odata/resource.js'
import { federatedCredentials } from '../tables.js'
import { type FederatedCredential, findFederated } from './store.js'

/** Graph: federatedIdentityCredential. */
export const federatedResource = defineResource<FederatedCredential>({
  type: 'microsoft.graph.federatedIdentityCredential',
  baseType: 'microsoft.graph.entity',
  set: 'federatedIdentityCredentials',
  name: 'FederatedIdentityCredential',
  properties: {
    id: {
      type: 'Edm.String',
      isDefault: true,
      read: (row) => row.id,
      filter: { sql: federatedCredentials.id, type: 'guid', operators: EQUALITY },
    },
    name: {
      type: 'Edm.String',
      isDefault: true,
      read: (row) => row.name,
      filter: { sql: federatedCredentials.name, type: 'string', fold: 'none', operators: operators('eq') },
    },
    issuer: { type: 'Edm.String', isDefault: true, read: (row) => row.issuer },
    subject: {
      type: 'Edm.String',
      isDefault: true,
      read: (row) => row.subject,
      filter: { sql: federatedCredentials.subject, type: 'string', fold: 'none', operators: operators('eq') },
    },
    description: { type: 'Edm.String', isDefault: true, read: (row) => row.description },
    audiences: { type: 'Edm.String', isCollection: true, isDefault: true, read: (row) => row.audiences },
  },
  load: ({ scope }, ids) => findFederated(scope, ids),
})

/** A list of them, to be narrowed to one application. */
export const federatedCollection = defineCollection({
  resource: federatedResource,
  from: sql`${federatedCredentials}`,
  id: federatedCredentials.id,
  where: (tenantId) => sql`${federatedCredentials.tenantId} = ${tenantId}`,
})
export const federatedOf = (applicationId: string) => sql`${federatedCredentials.applicationId} = ${applicationId}`
export const federatedRules = entityRules(federatedResource, ['select'])
