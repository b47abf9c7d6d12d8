import type { SQL } from 'drizzle-orm'
import type { Caller } from '../graph/caller.js'
import { isGuid } from '../kernel/ids.js'
import type { Database, TenantScope } from '../platform/database.js'
import { type Policies, readingPolicy } from '../policies/index.js'
import type { Tenant, Tenants } from '../tenants/index.js'
import { refusals } from './errors.js'
import { type ReadingPolicy, userView } from './rules.js'
import { findUser, findUserByPrincipalName, listUsers, readIdentities } from './store.js'
import type { UserRow } from './tables.js'
import { DEFAULT_USER_PROPERTIES, identitiesOf, userResource } from './user-resource.js'

type ReadNeeds = { database: Database; tenants: Tenants; policies: Policies }
type Resource = ReturnType<typeof userResource>

/**
 * One user, by id or user principal name, with the selected properties or Graph's default ones.
 * @throws Refusal: unknown, of another organization, or not for this caller to see.
 */
export async function readUser(
  needs: ReadNeeds,
  caller: Caller,
  idOrName: string,
  select: string[] | undefined,
): Promise<Resource> {
  const tenant = await tenantOf(needs, caller)
  const policy = await readingPolicyOf(needs, tenant)
  return needs.database.withTenant(tenant.id, async (scope) => {
    const row = await byIdOrName(scope, idOrName)
    if (!row || userView(caller, policy, { userId: row.id, way: 'named' }) === 'nothing') {
      throw refusals.userNotFound(idOrName)
    }
    const [shown] = await resources(scope, tenant, [row], select)
    return shown ?? {}
  })
}

/** The id behind an id or user principal name. An id is not looked up. @throws Refusal for an unknown name. */
export async function resolveUserId(
  needs: Pick<ReadNeeds, 'database'>,
  caller: Caller,
  idOrName: string,
): Promise<string> {
  if (isGuid(idOrName)) return idOrName.toLowerCase()
  const row = await needs.database.withTenant(caller.tenantId, (scope) => byIdOrName(scope, idOrName))
  if (!row) throw refusals.userNotFound(idOrName)
  return row.id
}

/**
 * A page of users in the order of their ids; `lastId` only when more follow.
 * @throws Refusal when the caller may not see others.
 */
export async function pageOfUsers(
  needs: ReadNeeds,
  caller: Caller,
  query: { where: SQL | undefined; after: string | undefined; most: number; select: string[] | undefined },
): Promise<{ users: Resource[]; lastId: string | undefined }> {
  const tenant = await tenantOf(needs, caller)
  const policy = await readingPolicyOf(needs, tenant)
  if (userView(caller, policy, { way: 'listed' }) === 'nothing') throw refusals.roleMissing()
  return needs.database.withTenant(tenant.id, async (scope) => {
    const { where, after, most, select } = query
    const rows = await listUsers(scope, { where, after, most: most + 1 })
    const users = await resources(scope, tenant, rows.slice(0, most), select)
    return { users, lastId: rows.length > most ? rows[most - 1]?.id : undefined }
  })
}

async function tenantOf(needs: Pick<ReadNeeds, 'tenants'>, caller: Caller): Promise<Tenant> {
  const tenant = await needs.tenants.find(caller.tenantId)
  if (!tenant) throw new Error('a caller without a tenant was let in')
  return tenant
}

async function readingPolicyOf(needs: Pick<ReadNeeds, 'policies'>, tenant: Tenant): Promise<ReadingPolicy> {
  return readingPolicy((await needs.policies.of(tenant)).authorization)
}

function byIdOrName(scope: TenantScope, idOrName: string): Promise<UserRow | undefined> {
  return isGuid(idOrName) ? findUser(scope, idOrName.toLowerCase()) : findUserByPrincipalName(scope, idOrName)
}

async function resources(
  scope: TenantScope,
  tenant: Tenant,
  rows: UserRow[],
  select: string[] | undefined,
): Promise<Resource[]> {
  const properties: readonly string[] = select ?? DEFAULT_USER_PROPERTIES
  const ids = rows.map(({ id }) => id)
  const stored = properties.includes('identities') ? await readIdentities(scope, ids) : []
  return rows.map((row) => {
    const own = stored.filter(({ userId }) => userId === row.id)
    return userResource({ row, identities: identitiesOf(tenant, row, own) }, properties)
  })
}
