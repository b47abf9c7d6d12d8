import type { Caller } from '../graph/caller.js'
import type { ReadContext } from '../graph/odata/resource.js'
import { isGuid } from '../kernel/ids.js'
import type { Database, TenantScope } from '../platform/database.js'
import { refusals } from './errors.js'
import { permittedView, readingOf, userView } from './rules.js'
import { findUser, findUserByPrincipalName } from './store.js'
import type { UserRow } from './tables.js'

/**
 * The id of a user whom the caller may see, by id or user principal name; undefined when there is none.
 * @throws Refusal when the client's permissions are about the caller only.
 */
export async function findVisibleUser({ scope, caller }: ReadContext, idOrName: string): Promise<string | undefined> {
  const row = await byIdOrName(scope, idOrName)
  if (permittedView(caller, row?.id) === 'nothing') throw refusals.permissionForOthers()
  if (!row) return undefined
  return userView(caller, readingOf(caller), { userId: row.id, way: 'named' }) === 'nothing' ? undefined : row.id
}

/** The same for what must be there. @throws Refusal */
export async function visibleUser(context: ReadContext, idOrName: string): Promise<string> {
  const id = await findVisibleUser(context, idOrName)
  if (id === undefined) throw refusals.userNotFound(idOrName)
  return id
}

/** @throws Refusal when the caller may not see a list of everybody. */
export async function mustSeeOthers({ caller }: ReadContext): Promise<undefined> {
  if (permittedView(caller, undefined) === 'nothing') throw refusals.permissionForOthers()
  if (userView(caller, readingOf(caller), { way: 'listed' }) === 'nothing') throw refusals.roleMissing()
}

/** The id behind an id or user principal name. An id is not looked up. @throws Refusal for an unknown name. */
export async function resolveUserId(needs: { database: Database }, caller: Caller, idOrName: string): Promise<string> {
  if (isGuid(idOrName)) return idOrName.toLowerCase()
  const row = await needs.database.withTenant(caller.tenantId, (scope) => byIdOrName(scope, idOrName))
  if (!row) throw refusals.userNotFound(idOrName)
  return row.id
}

function byIdOrName(scope: TenantScope, idOrName: string): Promise<UserRow | undefined> {
  return isGuid(idOrName) ? findUser(scope, idOrName.toLowerCase()) : findUserByPrincipalName(scope, idOrName)
}
