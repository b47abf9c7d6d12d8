import type { SQL } from 'drizzle-orm'
import type { Caller } from '../graph/caller.js'
import { type FilterNode, propertiesOf } from '../graph/odata/filter-tree.js'
import { isGuid } from '../kernel/ids.js'
import type { Database, TenantScope } from '../platform/database.js'
import type { Tenant, Tenants } from '../tenants/index.js'
import { refusals } from './errors.js'
import { mayReadUser, readableUserProperties } from './rules.js'
import { findUser, findUserByPrincipalName, listUsers, readIdentities } from './store.js'
import type { UserRow } from './tables.js'
import { DEFAULT_USER_PROPERTIES, identitiesOf, userResource } from './user-resource.js'

type ReadNeeds = { database: Database; tenants: Tenants }
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
  return needs.database.withTenant(tenant.id, async (scope) => {
    const row = await byIdOrName(scope, idOrName)
    if (!row || !mayReadUser(caller, row.id)) throw refusals.userNotFound(idOrName)
    const [shown] = await resources(scope, tenant, caller, [row], select)
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
  // Nobody has the empty id: this asks whether the caller may see anybody but themselves.
  if (!mayReadUser(caller, '')) throw refusals.roleMissing()
  const tenant = await tenantOf(needs, caller)
  return needs.database.withTenant(tenant.id, async (scope) => {
    const { where, after, most, select } = query
    const rows = await listUsers(scope, { where, after, most: most + 1 })
    const users = await resources(scope, tenant, caller, rows.slice(0, most), select)
    return { users, lastId: rows.length > most ? rows[most - 1]?.id : undefined }
  })
}

/** A filter finds out what it asks about, so it may ask only about what may be read. @throws Refusal (Graph's 403). */
export function mustBeReadable(caller: Caller, filter: FilterNode): void {
  const readable = readableUserProperties(caller)
  if (readable === 'everything') return
  if ([...propertiesOf(filter)].some((name) => !readable.only.has(name))) throw refusals.propertyNotReadable()
}

async function tenantOf(needs: Pick<ReadNeeds, 'tenants'>, caller: Caller): Promise<Tenant> {
  const tenant = await needs.tenants.find(caller.tenantId)
  if (!tenant) throw new Error('a caller without a tenant was let in')
  return tenant
}

function byIdOrName(scope: TenantScope, idOrName: string): Promise<UserRow | undefined> {
  return isGuid(idOrName) ? findUser(scope, idOrName.toLowerCase()) : findUserByPrincipalName(scope, idOrName)
}

async function resources(
  scope: TenantScope,
  tenant: Tenant,
  caller: Caller,
  rows: UserRow[],
  select: string[] | undefined,
): Promise<Resource[]> {
  const properties: readonly string[] = select ?? DEFAULT_USER_PROPERTIES
  const ids = rows.map(({ id }) => id)
  const stored = properties.includes('identities') ? await readIdentities(scope, ids) : []
  return rows.map((row) => {
    const own = stored.filter(({ userId }) => userId === row.id)
    const readable = readableUserProperties(caller, row.id)
    return userResource({ row, identities: identitiesOf(tenant, row, own) }, properties, readable)
  })
}
