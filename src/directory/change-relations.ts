import { recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import type { TenantScope } from '../platform/database.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import { actorOf } from './change-user.js'
import type { NewRelations } from './create-user.js'
import { refusals } from './errors.js'
import type { DirectoryNeeds } from './needs.js'
import { addSponsors, findSponsorCandidates, readSponsorIds, removeSponsor } from './relations-store.js'
import { mayAdministerUsers } from './rules.js'
import { findUser, lockUser, updateUser } from './store.js'
import type { UserRow } from './tables.js'

/** Graph: sponsors of a user. */
const MAX_SPONSORS = 5

type Needs = Pick<DirectoryNeeds, 'database' | 'clock' | 'newId'>

/**
 * Makes a user the manager of another, in place of whoever was it (Graph: user-post-manager).
 * @throws Refusal: either of them unknown, the same one twice, a caller who may not.
 */
export function setManager(needs: Needs, caller: Caller, userId: string, managerId: string): Promise<void> {
  return change(needs, caller, userId, 'Update user', async (scope) => {
    await tieManager(scope, userId, managerId)
    return { managerId }
  })
}

/** Takes the manager away (Graph: user-delete-manager). @throws Refusal when there is none. */
export function removeManager(needs: Needs, caller: Caller, userId: string): Promise<void> {
  return change(needs, caller, userId, 'Update user', async (scope, user) => {
    if (user.managerId === null) throw refusals.relationEmpty('manager')
    await updateUser(scope, userId, { managerId: null })
    return { managerId: null }
  })
}

/**
 * Adds a sponsor, a user or group who answers for the user (Graph: user-post-sponsors).
 * @throws Refusal: unknown, a sponsor already, a sixth one.
 */
export function addSponsor(
  needs: Needs,
  caller: Caller,
  userId: string,
  sponsorId: string,
  idempotent?: IdempotentRequest,
): Promise<void> {
  return change(needs, caller, userId, 'Add user sponsor', async (scope) => {
    if (await madeBefore(scope, idempotent, userId, needs.clock())) return undefined
    await tieSponsors(scope, userId, [sponsorId])
    return { sponsorId }
  })
}

/** @throws Refusal when the user has no such sponsor. */
export function deleteSponsor(needs: Needs, caller: Caller, userId: string, sponsorId: string): Promise<void> {
  return change(needs, caller, userId, 'Remove user sponsor', async (scope) => {
    if (!(await removeSponsor(scope, userId, sponsorId))) throw refusals.referenceNotFound(sponsorId)
    return { sponsorId }
  })
}

/** What a new user is tied to, in the transaction that makes them. @throws Refusal as above. */
export async function relateNewUser(scope: TenantScope, user: UserRow, relations: NewRelations): Promise<void> {
  const { managerId, sponsorIds = [] } = relations
  if (managerId !== undefined) await tieManager(scope, user.id, managerId)
  if (sponsorIds.length > 0) await tieSponsors(scope, user.id, sponsorIds)
}

async function tieManager(scope: TenantScope, userId: string, managerId: string): Promise<void> {
  if (managerId === userId) throw refusals.ownManager()
  // Not locked: whoever is deleted at the same moment is a manager that readers do not see, as they would be later.
  if (!(await findUser(scope, managerId))) throw refusals.referenceNotFound(managerId)
  await updateUser(scope, userId, { managerId })
}

async function tieSponsors(scope: TenantScope, userId: string, sponsorIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(sponsorIds)]
  const known = await findSponsorCandidates(scope, wanted)
  const stranger = wanted.find((id) => !known.has(id) || id === userId)
  if (stranger !== undefined) throw refusals.referenceNotFound(stranger)
  const present = await readSponsorIds(scope, userId)
  if (wanted.some((id) => present.includes(id))) throw refusals.referenceExists('sponsors')
  const count = present.length + wanted.length
  if (count > MAX_SPONSORS) throw refusals.tooManyReferences('sponsors', count, MAX_SPONSORS)
  await addSponsors(scope, userId, wanted)
}

async function change(
  needs: Needs,
  caller: Caller,
  userId: string,
  activityDisplayName: string,
  /** What the audit says of it; undefined when it was done before. */
  write: (scope: TenantScope, user: UserRow) => Promise<Record<string, unknown> | undefined>,
): Promise<void> {
  if (!mayAdministerUsers(caller)) throw refusals.roleMissing()
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const user = await lockUser(scope, userId)
    if (!user) throw refusals.userNotFound(userId)
    const additionalDetails = await write(scope, user)
    if (!additionalDetails) return
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: needs.clock(),
      activityDisplayName,
      category: 'UserManagement',
      loggedByService: 'Core Directory',
      initiatedBy: actorOf(caller),
      targetId: userId,
      additionalDetails,
    })
  })
}
