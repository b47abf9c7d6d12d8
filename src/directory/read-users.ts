import type { Caller } from '../graph/caller.js'
import type { ReadContext } from '../graph/odata/resource.js'
import { isGuid } from '../kernel/ids.js'
import type { Database, TenantScope } from '../platform/database.js'
import { refusals } from './errors.js'
import { type ReadingPolicy, userView } from './rules.js'
import { findUser, findUserByPrincipalName } from './store.js'
import type { UserRow } from './tables.js'

const RESTRICTED: ReadingPolicy = { guests: 'restricted', membersReadOthers: true }

/** The id of a user whom the caller may see, by id or user principal name; undefined when there is none. */
export async function findVisibleUser({ scope, caller }: ReadContext, idOrName: string): Promise<string | undefined> {
  const row = await byIdOrName(scope, idOrName)
  return row && userView(caller, RESTRICTED, { userId: row.id, way: 'named' }) !== 'nothing' ? row.id : undefined
}

/** @throws Refusal when the caller may not see anybody but themselves. */
export async function mustSeeOthers({ caller }: ReadContext): Promise<undefined> {
  if (userView(caller, RESTRICTED, { way: 'listed' }) === 'nothing') throw refusals.roleMissing()
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
