import { and, count, eq } from 'drizzle-orm'
import type { JWK } from 'jose'
import type postgres from 'postgres'
import type { TenantScope } from '../platform/database.js'
import { type Application, applicationCredentials, applications, type Credential } from './tables.js'

/** What one round trip tells of a client. Instants are milliseconds since 1970, HMACs hexadecimal. */
export type Client = {
  applicationId: string
  appId: string
  servicePrincipalId: string
  displayName: string
  accountEnabled: boolean
  permissions: string[]
  tokensValidFrom: number | null
  credentials: ClientCredential[]
}

export type ClientCredential = {
  keyId: string
  secretHmac: string | null
  publicJwk: JWK | null
  start: number
  end: number | null
}

/** Reads a client by its `client_id` in one prepared statement. Both ids must be GUIDs. */
export async function findClient(db: postgres.Sql, tenantId: string, clientId: string): Promise<Client | undefined> {
  const [row] = await db<{ client: Client | null }[]>`select applications_client(${tenantId}, ${clientId}) as client`
  return row?.client ?? undefined
}

export async function insertApplication(scope: TenantScope, row: Application): Promise<void> {
  await scope.orm.insert(applications).values(row)
}

/** Reads an application and locks its row until the transaction ends, so that two changes of one follow each other. */
export async function lockApplication(scope: TenantScope, id: string): Promise<Application | undefined> {
  const [row] = await scope.orm.select().from(applications).where(mine(scope, id)).for('update')
  return row
}

export async function updateApplication(
  scope: TenantScope,
  id: string,
  changes: Partial<Pick<Application, 'accountEnabled' | 'permissions' | 'tokensValidFrom'>>,
): Promise<void> {
  await scope.orm.update(applications).set(changes).where(mine(scope, id))
}

export async function insertCredential(scope: TenantScope, row: Credential): Promise<void> {
  await scope.orm.insert(applicationCredentials).values(row)
}

export async function replaceSecret(
  scope: TenantScope,
  applicationId: string,
  keyId: string,
  secretHmac: Buffer,
): Promise<void> {
  const isIt = and(eq(applicationCredentials.applicationId, applicationId), eq(applicationCredentials.keyId, keyId))
  await scope.orm
    .update(applicationCredentials)
    .set({ secretHmac })
    .where(and(eq(applicationCredentials.tenantId, scope.tenantId), isIt))
}

/** Every client secret of the organization that has not ended, as it is kept. */
export async function listSecrets(scope: TenantScope, now: Date): Promise<Buffer[]> {
  const rows = await scope.orm
    .select({ secretHmac: applicationCredentials.secretHmac, endDateTime: applicationCredentials.endDateTime })
    .from(applicationCredentials)
    .where(eq(applicationCredentials.tenantId, scope.tenantId))
  return rows.flatMap(({ secretHmac, endDateTime }) =>
    secretHmac === null || (endDateTime !== null && endDateTime <= now) ? [] : [secretHmac],
  )
}

export async function countCredentials(scope: TenantScope, applicationId: string): Promise<number> {
  const [row] = await scope.orm
    .select({ total: count() })
    .from(applicationCredentials)
    .where(
      and(eq(applicationCredentials.tenantId, scope.tenantId), eq(applicationCredentials.applicationId, applicationId)),
    )
  return row?.total ?? 0
}

/** Whether there was such a credential to delete. */
export async function deleteCredential(scope: TenantScope, applicationId: string, keyId: string): Promise<boolean> {
  const deleted = await scope.orm
    .delete(applicationCredentials)
    .where(
      and(
        eq(applicationCredentials.tenantId, scope.tenantId),
        eq(applicationCredentials.applicationId, applicationId),
        eq(applicationCredentials.keyId, keyId),
      ),
    )
    .returning({ keyId: applicationCredentials.keyId })
  return deleted.length > 0
}

function mine(scope: TenantScope, id: string) {
  return and(eq(applications.tenantId, scope.tenantId), eq(applications.id, id))
}
