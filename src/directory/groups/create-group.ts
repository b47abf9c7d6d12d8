import type { Caller } from '../../graph/caller.js'
import type { TenantScope } from '../../platform/database.js'
import { violates } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import type { Tenant } from '../../tenants/index.js'
import { extensionChange } from '../extensions/change-values.js'
import { replaceSearchedValues } from '../values-store.js'
import { addMembersWithin, addOwnersWithin } from './change-members.js'
import { applyRule } from './dynamic/apply-rule.js'
import { mustKnowExtensions } from './dynamic/known-extensions.js'
import { parseRule } from './dynamic/rule-parser.js'
import { lockRules } from './dynamic/store.js'
import { refusals } from './errors.js'
import type { GroupNeeds } from './needs.js'
import { actorOf, recordChanges } from './record-changes.js'
import { defaultVisibility, type GroupShape, MAX_DYNAMIC_GROUPS, mayCreateGroup, shapeProblem } from './rules.js'
import type { NewGroup } from './schema.js'
import { countDynamicGroups, findGroup, insertGroup } from './store.js'
import type { GroupRow } from './tables.js'

/** What `POST /groups` asked for, its references read. */
export type GroupWish = Omit<NewGroup, 'members@odata.bind' | 'owners@odata.bind'> & {
  memberIds: string[]
  ownerIds: string[]
}

/**
 * Creates a group with its owners and members, all or nothing (Graph: group-post-groups). Somebody who creates one
 * without naming owners becomes its owner. With an idempotency key that was used before, answers what the first request
 * made.
 * @throws Refusal: a shape that does not exist, a name that is taken, a rule that cannot be read, unknown members, a
 * caller who may not.
 */
export async function createGroup(
  needs: GroupNeeds,
  caller: Caller,
  wish: GroupWish,
  idempotent?: IdempotentRequest,
): Promise<GroupRow> {
  const tenant = await needs.tenants.find(caller.tenantId)
  if (!tenant) throw new Error('a caller without a tenant was let in')
  const { authorization } = await needs.policies.of(tenant)
  const shape = shapeOf(wish)
  const problem = shapeProblem(shape)
  if (problem) throw problem
  const membersCreateGroups = authorization.defaultUserRolePermissions.allowedToCreateSecurityGroups
  if (!mayCreateGroup(caller, { membersCreateGroups }, shape)) throw refusals.roleMissing()
  const row = rowOf(needs, tenant, wish, shape)
  const ownerIds = wish.ownerIds.length === 0 && caller.kind === 'user' ? [caller.objectId] : wish.ownerIds
  if (shape.isDynamic && wish.memberIds.length > 0) throw refusals.dynamicMembership()

  const { made, isQueued } = await needs.database.withTenant(tenant.id, async (scope) => {
    const before = await madeBefore(scope, idempotent, row.id, needs.clock())
    if (before !== undefined) return { made: existing(await findGroup(scope, before), before), isQueued: false }
    if (shape.isDynamic) {
      await lockRules(scope)
      await refuseOneRuleMore(scope)
    }
    if (row.membershipRule !== null) await mustKnowExtensions(scope, row.membershipRule)
    const extensions = await extensionChange(scope, 'Group', wish)
    const made = extensions ? { ...row, extensionValues: extensions.extensionValues } : row
    await insertGroup(scope, made).catch((error: unknown) => {
      throw takenProperty(error) ?? error
    })
    if (extensions) await replaceSearchedValues(scope, row.id, extensions.searched, true)
    await recordChanges(needs, scope, actorOf(caller), row.id, [{ activity: 'Add group' }])
    await addOwnersWithin(needs, scope, caller, row.id, ownerIds)
    await addMembersWithin(needs, scope, caller, row.id, wish.memberIds)
    const applied = row.activeRule ? await applyRule(needs, scope, row.id) : { isQueued: false }
    return { made: await findGroup(scope, row.id), ...applied }
  })
  if (isQueued) needs.signal.raise('group.rule')
  if (!made) throw new Error('a group that was just created is gone')
  return made
}

/** @throws Refusal when what the first request with this key made has been deleted since. */
function existing(group: GroupRow | undefined, id: string): GroupRow {
  if (!group) throw refusals.notFound(id)
  return group
}

/** @throws Refusal when the organization has as many dynamic groups as it may. */
export async function refuseOneRuleMore(scope: TenantScope): Promise<void> {
  if ((await countDynamicGroups(scope)) >= MAX_DYNAMIC_GROUPS) throw refusals.tooManyDynamicGroups(MAX_DYNAMIC_GROUPS)
}

/** The refusal of a name that another group has, or undefined for any other error. */
export function takenProperty(error: unknown) {
  if (violates(error, 'groups_mail')) return refusals.taken('mailNickname')
  return violates(error, 'groups_unique_name') ? refusals.taken('uniqueName') : undefined
}

function shapeOf(wish: GroupWish): GroupShape {
  const isUnified = wish.groupTypes?.includes('Unified') ?? false
  const isAssignableToRole = wish.isAssignableToRole ?? false
  return {
    isUnified,
    isAssignableToRole,
    isDynamic: wish.groupTypes?.includes('DynamicMembership') ?? false,
    mailEnabled: wish.mailEnabled,
    securityEnabled: wish.securityEnabled,
    visibility: wish.visibility ?? defaultVisibility({ isUnified, isAssignableToRole }),
    membershipRule: wish.membershipRule ?? null,
  }
}

function rowOf(needs: Pick<GroupNeeds, 'clock' | 'newId'>, tenant: Tenant, wish: GroupWish, shape: GroupShape) {
  const now = needs.clock()
  const rule = shape.membershipRule === null ? null : parseRule(shape.membershipRule)
  const state = rule ? (wish.membershipRuleProcessingState ?? 'On') : null
  return {
    id: needs.newId(),
    displayName: wish.displayName,
    description: wish.description ?? null,
    isUnified: shape.isUnified,
    isDynamic: shape.isDynamic,
    mail: shape.isUnified ? `${wish.mailNickname}@${tenant.initialDomain}` : null,
    mailEnabled: wish.mailEnabled,
    mailNickname: wish.mailNickname,
    securityEnabled: wish.securityEnabled,
    visibility: shape.visibility,
    isAssignableToRole: wish.isAssignableToRole ?? null,
    uniqueName: wish.uniqueName ?? null,
    classification: wish.classification ?? null,
    preferredLanguage: wish.preferredLanguage ?? null,
    preferredDataLocation: wish.preferredDataLocation ?? null,
    theme: wish.theme ?? null,
    membershipRule: shape.membershipRule,
    membershipRuleProcessingState: state,
    activeRule: state === 'On' ? rule : null,
    createdDateTime: now,
    renewedDateTime: now,
  }
}
