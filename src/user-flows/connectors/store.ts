import { and, asc, count, desc, eq, inArray, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { rowsWith } from '../../platform/tenant-rows.js'
import { apiConnectors, type Certificate, type Connector, connectorCertificates, connectorExchanges } from './tables.js'

/** Told with the id of an organization when one of its connectors changed, or its circuit opened or closed. */
export const CONNECTORS_CHANNEL = 'vestibule_connectors'

const one = (scope: TenantScope, id: string) =>
  and(eq(apiConnectors.tenantId, scope.tenantId), eq(apiConnectors.id, id))
const certificatesOf = (scope: TenantScope, ids: readonly string[]) =>
  and(eq(connectorCertificates.tenantId, scope.tenantId), inArray(connectorCertificates.connectorId, [...ids]))

export async function findConnectors(scope: TenantScope, ids: readonly string[]): Promise<Connector[]> {
  if (ids.length === 0) return []
  return scope.orm
    .select()
    .from(apiConnectors)
    .where(and(eq(apiConnectors.tenantId, scope.tenantId), inArray(apiConnectors.id, [...ids])))
}

/** The connector, kept from others who would change it until the transaction ends. */
export async function lockConnector(scope: TenantScope, id: string): Promise<Connector | undefined> {
  const [row] = await scope.orm.select().from(apiConnectors).where(one(scope, id)).for('update')
  return row
}

/**
 * Whether there is such a connector, and then nobody deletes it before the transaction ends: for what begins to ask it.
 */
export async function holdConnector(scope: TenantScope, id: string): Promise<boolean> {
  const rows = await scope.orm
    .select({ id: apiConnectors.id })
    .from(apiConnectors)
    .where(one(scope, id))
    .for('key share')
  return rows.length > 0
}

type NewConnector = Omit<typeof apiConnectors.$inferInsert, 'tenantId'>

export async function insertConnector(scope: TenantScope, row: NewConnector): Promise<void> {
  await scope.orm.insert(apiConnectors).values({ ...row, tenantId: scope.tenantId })
}

export type ConnectorUpdate = Partial<Omit<Connector, 'tenantId' | 'id' | 'createdDateTime'>>

/** Writes the changes; every process asks the connector as it is now from the commit on. */
export async function updateConnector(scope: TenantScope, id: string, changes: ConnectorUpdate): Promise<void> {
  if (Object.keys(changes).length > 0) await scope.orm.update(apiConnectors).set(changes).where(one(scope, id))
  await tellConnectorsChanged(scope)
}

/** The connector with all that hangs on it. @throws PostgresError when something refers to it. */
export async function deleteConnector(scope: TenantScope, id: string): Promise<void> {
  await deleteCertificates(scope, id)
  await scope.orm
    .delete(connectorExchanges)
    .where(and(eq(connectorExchanges.tenantId, scope.tenantId), eq(connectorExchanges.connectorId, id)))
  await scope.orm.delete(apiConnectors).where(one(scope, id))
  await tellConnectorsChanged(scope)
}

export async function tellConnectorsChanged(scope: TenantScope): Promise<void> {
  await scope.orm.execute(sql`select pg_notify(${CONNECTORS_CHANNEL}, ${scope.tenantId})`)
}

export type ShownCertificate = Pick<Certificate, 'connectorId' | 'id' | 'thumbprint' | 'notBefore' | 'notAfter'>

/** Certificates of several connectors, the oldest upload first, without their keys. */
export async function listCertificates(
  scope: TenantScope,
  connectorIds: readonly string[],
): Promise<ShownCertificate[]> {
  if (connectorIds.length === 0) return []
  const { connectorId, id, thumbprint, notBefore, notAfter } = connectorCertificates
  return scope.orm
    .select({ connectorId, id, thumbprint, notBefore, notAfter })
    .from(connectorCertificates)
    .where(certificatesOf(scope, connectorIds))
    .orderBy(asc(id))
}

/** What is sealed of every connector, or of this one. */
export async function listSealed(scope: TenantScope, only?: string) {
  const { orm } = scope
  const { id, secretSealed } = apiConnectors
  const { connectorId, pkcs12Sealed } = connectorCertificates
  const rows = await orm
    .select({ id, secretSealed })
    .from(apiConnectors)
    .where(rowsWith(scope, apiConnectors, only === undefined ? {} : { id: only }))
  const certificates = await orm
    .select({ connectorId, id: connectorCertificates.id, pkcs12Sealed })
    .from(connectorCertificates)
    .where(rowsWith(scope, connectorCertificates, only === undefined ? {} : { connectorId: only }))
  return rows.map((row) => ({ ...row, certificates: certificates.filter((one) => one.connectorId === row.id) }))
}

export async function updateCertificate(
  scope: TenantScope,
  connectorId: string,
  id: string,
  changes: Pick<Certificate, 'pkcs12Sealed'>,
): Promise<void> {
  await scope.orm
    .update(connectorCertificates)
    .set(changes)
    .where(and(certificatesOf(scope, [connectorId]), eq(connectorCertificates.id, id)))
}

export async function countCertificates(scope: TenantScope, connectorId: string): Promise<number> {
  const [row] = await scope.orm
    .select({ total: count() })
    .from(connectorCertificates)
    .where(certificatesOf(scope, [connectorId]))
  return row?.total ?? 0
}

export async function insertCertificate(scope: TenantScope, row: Omit<Certificate, 'tenantId'>): Promise<void> {
  await scope.orm.insert(connectorCertificates).values({ ...row, tenantId: scope.tenantId })
}

export async function deleteCertificates(scope: TenantScope, connectorId: string): Promise<void> {
  await scope.orm.delete(connectorCertificates).where(certificatesOf(scope, [connectorId]))
}

/** The last exchanges of a connector, the newest first. */
export function listExchanges(
  scope: TenantScope,
  connectorId: string,
  most: number,
): Promise<Pick<typeof connectorExchanges.$inferSelect, 'id' | 'exchange'>[]> {
  return scope.orm
    .select({ id: connectorExchanges.id, exchange: connectorExchanges.exchange })
    .from(connectorExchanges)
    .where(and(eq(connectorExchanges.tenantId, scope.tenantId), eq(connectorExchanges.connectorId, connectorId)))
    .orderBy(desc(connectorExchanges.id))
    .limit(most)
}
