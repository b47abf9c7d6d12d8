import { and, count, eq, inArray, isNull } from 'drizzle-orm'
import type { JWK } from 'jose'
import type postgres from 'postgres'
import { arrayLiteral } from '../platform/array-literal.js'
import type { TenantScope } from '../platform/database.js'
import { deleteRows, rowsWith } from '../platform/tenant-rows.js'
import { readInitialDomain } from '../tenants/index.js'
import type { AppRole, RequiredResourceAccess } from './schema.js'
import {
  type Application,
  applicationCredentials,
  applications,
  type Credential,
  type NewApplicationRow,
} from './tables.js'

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

const present = isNull(applications.deletedDateTime)

export type ToldGroups = 'all' | 'assigned' | 'none'

/** What signing people in to an application asks of it. */
export type RelyingParty = {
  web: string[]
  spa: string[]
  publicClient: string[]
  logoutUrl: string | null
  backChannelLogoutUrl: string | null
  homePageUrl: string | null
  takesPublicClients: boolean
  isAssignmentRequired: boolean
  roles: AppRole[]
  /** Which of somebody's groups its tokens name. */
  toldGroups: ToldGroups
  requested: RequiredResourceAccess[]
}

/** Reads it by the `client_id`, in one prepared statement. Both ids must be GUIDs. */
export async function findRelyingParty(
  db: postgres.Sql,
  tenantId: string,
  clientId: string,
): Promise<RelyingParty | undefined> {
  const [row] = await db<{ party: RelyingParty | null }[]>`
    select applications_relying_party(${tenantId}, ${clientId}) as party`
  return row?.party ?? undefined
}

/** The tenant of a client that does not say in which one it is. Looks through all of them: for rare requests. */
export async function findTenantOfClient(db: postgres.Sql, clientId: string): Promise<string | undefined> {
  const [row] = await db<{ tenant: string | null }[]>`select applications_tenant_of(${clientId}) as tenant`
  return row?.tenant ?? undefined
}

/** Reads a client by its `client_id` in one prepared statement. Both ids must be GUIDs. */
export async function findClient(db: postgres.Sql, tenantId: string, clientId: string): Promise<Client | undefined> {
  const [row] = await db<{ client: Client | null }[]>`select applications_client(${tenantId}, ${clientId}) as client`
  return row?.client ?? undefined
}

/** Reads clients by their `client_id`s, one of which may stand there several times; null for what is no client. */
export async function findClients(
  db: postgres.Sql,
  tenantId: string,
  clientIds: readonly string[],
): Promise<(Client | null)[]> {
  const ids = [...new Set(clientIds)]
  const rows = await db<{ id: string; client: Client | null }[]>`
    select applications_client(${tenantId}, id) as client, id from unnest(${arrayLiteral(ids)}::text::uuid[]) id`
  const found = new Map(rows.map(({ id, client }) => [id, client]))
  return clientIds.map((id) => found.get(id) ?? null)
}

export async function insertApplication(scope: TenantScope, row: NewApplicationRow): Promise<Application> {
  const [made] = await scope.orm
    .insert(applications)
    .values({ ...row, tenantId: scope.tenantId })
    .returning()
  if (!made) throw new Error('inserting an application returned nothing')
  return made
}

/** Applications by their object ids, those left out that are deleted, here and below. */
export async function findApplications(scope: TenantScope, ids: readonly string[]): Promise<Application[]> {
  if (ids.length === 0) return []
  return scope.orm
    .select()
    .from(applications)
    .where(and(eq(applications.tenantId, scope.tenantId), inArray(applications.id, [...ids]), present))
}

/** The object id of an application by one of Graph's alternate keys. */
export async function findApplicationId(
  scope: TenantScope,
  key: { appId: string } | { uniqueName: string },
): Promise<string | undefined> {
  const [row] = await scope.orm
    .select({ id: applications.id })
    .from(applications)
    .where(and(rowsWith(scope, applications, key), present))
  return row?.id
}

/** The application behind a service principal, locked. */
export async function findApplicationOfPrincipal(
  scope: TenantScope,
  principalId: string,
): Promise<Application | undefined> {
  const [row] = await scope.orm
    .select()
    .from(applications)
    .where(rowsWith(scope, applications, { servicePrincipalId: principalId }))
    .for('update')
  return row
}

/** The domain that stands for who published an application: the organization's first. */
export function publisherDomain(scope: TenantScope): Promise<string> {
  return readInitialDomain(scope)
}

/** Reads an application and locks its row until the transaction ends, so that two changes of one follow each other. */
export async function lockApplication(scope: TenantScope, id: string): Promise<Application | undefined> {
  const [row] = await scope.orm
    .select()
    .from(applications)
    .where(and(mine(scope, id), present))
    .for('update')
  return row
}

export async function updateApplication(
  scope: TenantScope,
  id: string,
  changes: Partial<NewApplicationRow>,
): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await scope.orm.update(applications).set(changes).where(mine(scope, id))
}

export async function insertCredential(
  scope: TenantScope,
  row: typeof applicationCredentials.$inferInsert,
): Promise<Credential> {
  const [made] = await scope.orm.insert(applicationCredentials).values(row).returning()
  if (!made) throw new Error('inserting a credential returned nothing')
  return made
}

/** Secrets or keys of several applications, oldest first. */
export async function readCredentials(
  scope: TenantScope,
  applicationIds: readonly string[],
  which: Pick<Credential, 'kind' | 'isOfPrincipal'>,
): Promise<Credential[]> {
  if (applicationIds.length === 0) return []
  return scope.orm
    .select()
    .from(applicationCredentials)
    .where(
      and(
        rowsWith(scope, applicationCredentials, which),
        inArray(applicationCredentials.applicationId, [...applicationIds]),
      ),
    )
    .orderBy(applicationCredentials.keyId)
}

export async function replaceSecret(
  scope: TenantScope,
  applicationId: string,
  keyId: string,
  secretHmac: Buffer,
): Promise<void> {
  await scope.orm
    .update(applicationCredentials)
    .set({ secretHmac })
    .where(rowsWith(scope, applicationCredentials, { applicationId, keyId }))
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
    .where(rowsWith(scope, applicationCredentials, { applicationId }))
  return row?.total ?? 0
}

/** Whether there was such a credential to delete. */
export function deleteCredential(scope: TenantScope, applicationId: string, keyId: string): Promise<boolean> {
  return deleteRows(scope, applicationCredentials, { applicationId, keyId })
}

function mine(scope: TenantScope, id: string) {
  return rowsWith(scope, applications, { id })
}
