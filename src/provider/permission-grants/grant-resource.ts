import { type SQL, sql } from 'drizzle-orm'
import { graphPrincipal } from '../../applications/index.js'
import { defineCollection, entityRules } from '../../graph/odata/collection.js'
import { EQUALITY } from '../../graph/odata/operators.js'
import { defineResource } from '../../graph/odata/resource.js'
import { findPermissionGrants, type PermissionGrant } from '../consent-store.js'
import { permissionGrants } from '../tables.js'

const consentType = sql`(case when ${permissionGrants.principalId} is null then 'AllPrincipals' else 'Principal' end)`

/** Graph: oAuth2PermissionGrant. What it is about is always Microsoft Graph. */
export const permissionGrantResource = defineResource<PermissionGrant>({
  type: 'microsoft.graph.oAuth2PermissionGrant',
  baseType: 'microsoft.graph.entity',
  set: 'oauth2PermissionGrants',
  name: 'OAuth2PermissionGrant',
  properties: {
    clientId: {
      type: 'Edm.String',
      isDefault: true,
      read: (row) => row.clientId,
      filter: { sql: permissionGrants.clientId, type: 'guid', operators: EQUALITY },
    },
    consentType: {
      type: 'Edm.String',
      isDefault: true,
      read: (row) => (row.principalId === null ? 'AllPrincipals' : 'Principal'),
      filter: { sql: consentType, type: 'string', operators: EQUALITY },
    },
    id: {
      type: 'Edm.String',
      isDefault: true,
      read: (row) => row.id,
      filter: { sql: permissionGrants.id, type: 'guid', operators: EQUALITY },
    },
    principalId: {
      type: 'Edm.String',
      isDefault: true,
      read: (row) => row.principalId,
      filter: { sql: permissionGrants.principalId, type: 'guid', operators: EQUALITY },
    },
    resourceId: {
      type: 'Edm.String',
      isDefault: true,
      async load(_rows, { scope }) {
        const { id } = await graphPrincipal(scope)
        return () => id
      },
      filter: {
        sql: sql`applications_graph_principal(${permissionGrants.tenantId})`,
        type: 'guid',
        operators: EQUALITY,
      },
    },
    scope: { type: 'Edm.String', isDefault: true, read: (row) => row.scopes.join(' ') },
  },
  load: ({ scope }, ids) => findPermissionGrants(scope, ids),
})

/** `GET /oauth2PermissionGrants`, and narrowed to one application or person. */
export const permissionGrantCollection = defineCollection({
  resource: permissionGrantResource,
  from: sql`${permissionGrants}`,
  id: permissionGrants.id,
  where: (tenantId) => sql`${permissionGrants.tenantId} = ${tenantId}`,
})
export const permissionGrantRules = entityRules(permissionGrantResource, ['select'])

export const grantsOfClient = (clientId: string): SQL => sql`${permissionGrants.clientId} = ${clientId}`
export const grantsOfPerson = (userId: string): SQL => sql`${permissionGrants.principalId} = ${userId}`
