import type { Caller } from '../graph/caller.js'
import { propertiesOf } from '../graph/odata/filter-tree.js'
import type { QueryOptions } from '../graph/odata/query-options.js'
import type { ReadContext } from '../graph/odata/resource.js'
import { isGuid } from '../kernel/ids.js'
import type { Database, TenantScope } from '../platform/database.js'
import { refusals } from './errors.js'
import { narrower, permittedView, readingOf, userView } from './rules.js'
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

/** Whether nothing of a user with this id is hidden from the caller, should there be one. */
export function seesAllOf(caller: Caller, userId: string): boolean {
  const view = userView(caller, readingOf(caller), { userId, way: 'named' })
  return narrower(view, permittedView(caller, userId)) === 'everything'
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
  if (!seesEverybody(caller)) throw refusals.roleMissing()
}

/** Whether a caller may see lists of everybody there is. */
export function seesEverybody(caller: Caller): boolean {
  return userView(caller, readingOf(caller), { way: 'listed' }) !== 'nothing'
}

/**
 * A filter, an order and a search find out what they ask about, so they may ask only about what may be read.
 * @throws Refusal (Graph's 403).
 */
export function mustReadWhatItAsks(caller: Caller, { filter, orderBy = [], search = [] }: QueryOptions): void {
  const view = permittedView(caller)
  if (view === 'everything' || view === 'nothing') return
  const sorted = [...orderBy, ...search.flat()].map(({ property }) => property)
  const asked = [...(filter ? propertiesOf(filter) : []), ...sorted]
  if (asked.some((name) => !view.only.has(name))) throw refusals.propertyNotReadable()
}

/**
 * The id behind an id or user principal name, for a change. An id is not looked up: whoever may not change others is
 * refused whether or not there is one. @throws Refusal for a name that is unknown, or of somebody hidden from the caller:
 * two answers would tell who is there.
 */
export async function resolveUserId(needs: { database: Database }, caller: Caller, idOrName: string): Promise<string> {
  if (isGuid(idOrName)) return idOrName.toLowerCase()
  const row = await needs.database.withTenant(caller.tenantId, (scope) => byIdOrName(scope, idOrName))
  if (!row || !mayHearOf(caller, row.id)) throw refusals.userNotFound(idOrName)
  return row.id
}

/** Whether somebody with this id is there for a caller who names them, whatever their client may read of people. */
export function isThereFor(caller: Caller, userId: string): boolean {
  return userView(caller, readingOf(caller), { userId, way: 'named' }) !== 'nothing'
}

/** Whoever changes others does so by a role or as an application, and needs no permission to read for it. */
function mayHearOf(caller: Caller, userId: string): boolean {
  if (caller.kind === 'application' || caller.directoryRoles.size > 0) return true
  const view = userView(caller, readingOf(caller), { userId, way: 'named' })
  return narrower(view, permittedView(caller, userId)) !== 'nothing'
}

/** The id of a present user by id or user principal name; whoever asks looks at who may see them. */
export async function userIdOf(scope: TenantScope, idOrName: string): Promise<string | undefined> {
  return (await byIdOrName(scope, idOrName))?.id
}

function byIdOrName(scope: TenantScope, idOrName: string): Promise<UserRow | undefined> {
  return isGuid(idOrName) ? findUser(scope, idOrName.toLowerCase()) : findUserByPrincipalName(scope, idOrName)
}
