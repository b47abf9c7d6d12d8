import { and, asc, eq, inArray, isNotNull, lt } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { forgetAssignments } from '../assignments/store.js'
import { forgetOwners } from '../owners-store.js'
import type { Principal } from '../principals-store.js'
import { updateApplication } from '../store.js'
import { type Application, applicationCredentials, applications } from '../tables.js'

const own = (scope: TenantScope) => eq(applications.tenantId, scope.tenantId)
const deleted = isNotNull(applications.deletedDateTime)

/** Deleted applications among `ids`. */
export async function findDeletedApplications(scope: TenantScope, ids: readonly string[]): Promise<Application[]> {
  if (ids.length === 0) return []
  return scope.orm
    .select()
    .from(applications)
    .where(and(own(scope), inArray(applications.id, [...ids]), deleted))
}

/** Deleted service principals among `ids`. */
export async function findDeletedPrincipals(scope: TenantScope, ids: readonly string[]): Promise<Principal[]> {
  if (ids.length === 0) return []
  const rows = await scope.orm
    .select()
    .from(applications)
    .where(and(own(scope), inArray(applications.deletedPrincipalId, [...ids])))
  return rows.flatMap((application) => {
    const { deletedPrincipalId: id, appId, displayName } = application
    return id === null ? [] : [{ id, appId, displayName, application }]
  })
}

/** A deleted application, locked until the transaction ends: one restores or removes it, not both. */
export async function lockDeletedApplication(scope: TenantScope, id: string): Promise<Application | undefined> {
  const [row] = await scope.orm
    .select()
    .from(applications)
    .where(and(own(scope), eq(applications.id, id), deleted))
    .for('update')
  return row
}

/** The application behind a deleted service principal, locked likewise. */
export async function lockDeletedPrincipal(scope: TenantScope, id: string): Promise<Application | undefined> {
  const [row] = await scope.orm
    .select()
    .from(applications)
    .where(and(own(scope), eq(applications.deletedPrincipalId, id)))
    .for('update')
  return row
}

/** Applications deleted before `before`, oldest first. Those that somebody is working on have their turn later. */
export async function lockLapsedApplications(scope: TenantScope, before: Date, most: number): Promise<string[]> {
  const rows = await scope.orm
    .select({ id: applications.id })
    .from(applications)
    .where(and(own(scope), deleted, lt(applications.deletedDateTime, before)))
    .orderBy(asc(applications.deletedDateTime), asc(applications.id))
    .limit(most)
    .for('update', { skipLocked: true })
  return rows.map(({ id }) => id)
}

/** The same of service principals. */
export async function lockLapsedPrincipals(scope: TenantScope, before: Date, most: number): Promise<string[]> {
  const { principalDeletedDateTime } = applications
  const rows = await scope.orm
    .select({ id: applications.deletedPrincipalId })
    .from(applications)
    .where(and(own(scope), isNotNull(principalDeletedDateTime), lt(principalDeletedDateTime, before)))
    .orderBy(asc(principalDeletedDateTime), asc(applications.id))
    .limit(most)
    .for('update', { skipLocked: true })
  return rows.flatMap(({ id }) => (id === null ? [] : [id]))
}

/** Everything of an application's deleted service principal: what is assigned at and to it, owners, credentials. */
export async function forgetDeletedPrincipal(
  scope: TenantScope,
  { id, deletedPrincipalId }: Pick<Application, 'id' | 'deletedPrincipalId'>,
): Promise<void> {
  if (deletedPrincipalId === null) return
  await forgetAssignments(scope, deletedPrincipalId)
  await forgetOwners(scope, deletedPrincipalId)
  const { tenantId, applicationId, isOfPrincipal } = applicationCredentials
  await scope.orm
    .delete(applicationCredentials)
    .where(and(eq(tenantId, scope.tenantId), eq(applicationId, id), eq(isOfPrincipal, true)))
  await updateApplication(scope, id, { deletedPrincipalId: null, principalDeletedDateTime: null })
}

/** A deleted application with everything that hangs on it. */
export async function eraseApplication(scope: TenantScope, application: Application): Promise<void> {
  await forgetDeletedPrincipal(scope, application)
  await forgetOwners(scope, application.id)
  await scope.orm.delete(applications).where(and(own(scope), eq(applications.id, application.id), deleted))
}
