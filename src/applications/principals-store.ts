import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { GRAPH_APP_ID } from '../kernel/well-known.js'
import type { TenantScope } from '../platform/database.js'
import { type Application, applications } from './tables.js'

/** A service principal: an application's, or the one of Microsoft Graph, which no application here stands behind. */
export type Principal = { id: string; appId: string; displayName: string; application: Application | undefined }

const GRAPH_NAME = 'Microsoft Graph'

/**
 * The service principals of the tenant: those of its applications, and Microsoft Graph's. A `from` clause; its columns
 * are `principal.id`, `principal.app_id` and so on.
 */
export const principalRows = sql`(
    select a.tenant_id, a.service_principal_id as id, a.id as application_id, a.app_id, a.display_name,
      a.display_name_folded, a.account_enabled, a.app_role_assignment_required, a.identifier_uris,
      a.principal_profile, a.created_date_time
    from ${applications} a where a.service_principal_id is not null
    union all
    select here.id, applications_graph_principal(here.id), null, ${GRAPH_APP_ID}::uuid, ${GRAPH_NAME}::text,
      ${GRAPH_NAME.toLowerCase()}::text collate "C", true, false, '{}'::text[], '{}'::jsonb, null
    from (select nullif(current_setting('vestibule.tenant', true), '')::uuid as id) as here
  ) as principal`

/** The same of those that are deleted and can be restored, with `principal.deleted_date_time`. */
export const deletedPrincipalRows = sql`(
    select a.tenant_id, a.deleted_principal_id as id, a.id as application_id, a.app_id, a.display_name,
      a.display_name_folded, a.account_enabled, a.app_role_assignment_required, a.identifier_uris,
      a.principal_profile, a.created_date_time, a.principal_deleted_date_time as deleted_date_time
    from ${applications} a where a.principal_deleted_date_time is not null
  ) as principal`

export const principalColumn = (name: string): SQL => sql`principal.${sql.raw(name)}`

/** The service principals with these ids that exist. */
export async function findPrincipals(scope: TenantScope, ids: readonly string[]): Promise<Principal[]> {
  if (ids.length === 0) return []
  const rows = await scope.orm
    .select()
    .from(applications)
    .where(and(eq(applications.tenantId, scope.tenantId), inArray(applications.servicePrincipalId, [...ids])))
  const found = rows.map(asPrincipal)
  const graph = await graphPrincipal(scope)
  return ids.includes(graph.id) ? [...found, graph] : found
}

/** The service principal with this object id. */
export async function findPrincipal(scope: TenantScope, id: string): Promise<Principal | undefined> {
  const [found] = await findPrincipals(scope, [id])
  return found
}

/** The same by the id of its application. */
export async function findPrincipalOfApp(scope: TenantScope, appId: string): Promise<Principal | undefined> {
  if (appId === GRAPH_APP_ID) return graphPrincipal(scope)
  const [row] = await scope.orm
    .select()
    .from(applications)
    .where(and(eq(applications.tenantId, scope.tenantId), eq(applications.appId, appId)))
  return row && row.servicePrincipalId !== null ? asPrincipal(row) : undefined
}

/** Microsoft Graph's, which every organization has. */
export async function graphPrincipal(scope: TenantScope): Promise<Principal> {
  const [row] = await scope.orm.execute<{ id: string }>(
    sql`select applications_graph_principal(${scope.tenantId}::uuid)::text as id`,
  )
  if (!row) throw new Error('the id of the service principal of Microsoft Graph was not answered')
  return { id: row.id, appId: GRAPH_APP_ID, displayName: GRAPH_NAME, application: undefined }
}

function asPrincipal(application: Application): Principal {
  const { servicePrincipalId, appId, displayName } = application
  if (servicePrincipalId === null) throw new Error('an application without a service principal was taken for one')
  return { id: servicePrincipalId, appId, displayName, application }
}
