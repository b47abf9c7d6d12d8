import { and, eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { showsMoreThanIds } from '../directory/index.js'
import type { Link, ReadContext, Relation, Resource } from '../graph/odata/resource.js'
import type { TenantScope } from '../platform/database.js'
import { deleteRows, rowsWith } from '../platform/tenant-rows.js'
import { refusals } from './errors.js'
import { applicationOwners, applications } from './tables.js'

/** An owner that is present: one look-up a row, by the key. */
const presentOwner = sql`cross join lateral (
    select 1 from directory_principal(${applicationOwners.tenantId}, ${applicationOwners.ownerId}) found
    where ${applicationOwners.ownerType} = 'user' and found.kind = 'User'
    union all
    select 1 from applications a where ${applicationOwners.ownerType} = 'servicePrincipal'
      and a.tenant_id = ${applicationOwners.tenantId} and a.service_principal_id = ${applicationOwners.ownerId}
  ) as present_owner`

/** `owners` of applications and service principals, for `$expand`. */
export function ownersRelation(type: 'application' | 'servicePrincipal', targets: () => readonly Resource[]): Relation {
  return {
    type: 'microsoft.graph.directoryObject',
    isCollection: true,
    targets,
    async load(context, ids, most) {
      // Something else may have led a caller to objects that are told of by their ids alone.
      if (!showsMoreThanIds(context, `microsoft.graph.${type}`)) throw refusals.roleMissing()
      return firstOwners(context, ids, most)
    },
  }
}

async function firstOwners({ scope }: ReadContext, ids: readonly string[], most: number) {
  const rows = await scope.orm.execute<{ of: string; id: string; type: 'user' | 'servicePrincipal' }>(sql`
    select owned.id as "of", found.owner_id as id, found.owner_type as type
    from unnest(${`{${ids.join(',')}}`}::text::uuid[]) as owned (id)
    cross join lateral (
      select ${applicationOwners.ownerId} as owner_id, ${applicationOwners.ownerType} as owner_type
      from ${applicationOwners} ${presentOwner}
      where ${applicationOwners.tenantId} = ${scope.tenantId}::uuid and ${applicationOwners.objectId} = owned.id
      order by ${applicationOwners.ownerId} limit ${most}::int
    ) as found`)
  const links = new Map<string, Link[]>(ids.map((id) => [id, []]))
  for (const { of, id, type } of rows) links.get(of)?.push({ id, type: `microsoft.graph.${type}` })
  return links
}

/** Ids of the applications that somebody owns: a `select`. */
export function ownedApplications(tenantId: string, ownerId: SQLWrapper): SQL {
  return ownedAs(applications.id, tenantId, ownerId)
}

/** The same of service principals. */
export function ownedPrincipals(tenantId: string, ownerId: SQLWrapper): SQL {
  return ownedAs(applications.servicePrincipalId, tenantId, ownerId)
}

function ownedAs(id: SQLWrapper, tenantId: string, ownerId: SQLWrapper): SQL {
  return sql`select ${id} from ${applicationOwners}
    join ${applications} on ${applications.tenantId} = ${applicationOwners.tenantId} and ${id} = ${applicationOwners.objectId}
    where ${applicationOwners.tenantId} = ${tenantId}::uuid and ${applicationOwners.ownerId} = ${ownerId}`
}

/** Whether somebody owns the object. */
export async function isOwnerOf(scope: TenantScope, ownerId: string, objectId: string): Promise<boolean> {
  const rows = await scope.orm
    .select({ id: applicationOwners.ownerId })
    .from(applicationOwners)
    .where(and(owned(scope, objectId), eq(applicationOwners.ownerId, ownerId)))
  return rows.length > 0
}

export async function countOwners(scope: TenantScope, objectId: string): Promise<number> {
  const rows = await scope.orm
    .select({ id: applicationOwners.ownerId })
    .from(applicationOwners)
    .where(owned(scope, objectId))
  return rows.length
}

/** Whether the owner is new. */
export async function insertOwner(
  scope: TenantScope,
  owner: { objectId: string; ownerId: string; ownerType: 'user' | 'servicePrincipal' },
): Promise<boolean> {
  const rows = await scope.orm
    .insert(applicationOwners)
    .values({ tenantId: scope.tenantId, ...owner })
    .onConflictDoNothing()
    .returning({ id: applicationOwners.ownerId })
  return rows.length > 0
}

/** Whether there was such an owner. */
export function deleteOwner(scope: TenantScope, objectId: string, ownerId: string): Promise<boolean> {
  return deleteRows(scope, applicationOwners, { objectId, ownerId })
}

/** Takes every owner of the object away, and what it owned itself. */
export async function forgetOwners(scope: TenantScope, objectId: string): Promise<void> {
  await scope.orm.delete(applicationOwners).where(owned(scope, objectId))
  await scope.orm.delete(applicationOwners).where(rowsWith(scope, applicationOwners, { ownerId: objectId }))
}

function owned(scope: TenantScope, objectId: string) {
  return rowsWith(scope, applicationOwners, { objectId })
}
