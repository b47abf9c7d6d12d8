import { recordAudit } from '../audit/index.js'
import { isExternal, lockUser, readDirectoryRoles, removeUser, type UserRow } from '../directory/index.js'
import type { TenantScope } from '../platform/database.js'
import { isCurrentVersion, type Tenant } from '../tenants/index.js'
import { type LeaveObstacle, leaveObstacle } from './rules.js'
import { isLiveSession } from './store.js'
import type { Visit } from './visit.js'

/** How often leaving is decided again because a policy changed between deciding and writing. */
const MOST_DECISIONS = 5

type LeavePolicy = Parameters<typeof leaveObstacle>[0]

/** What keeps the person of a visit from leaving; undefined: nothing. */
export async function findLeaveObstacle({ needs, tenant, view }: Visit): Promise<LeaveObstacle | undefined> {
  const { externalIdentities } = await needs.policies.of(tenant)
  return needs.database.withTenant(tenant.id, async (scope) => {
    const user = await lockUser(scope, view.person.id)
    return user && obstacleOf(scope, user, externalIdentities)
  })
}

/**
 * Takes the person of a visit out of the organization: deleted softly, so that it can be undone for 30 days, and signed
 * out everywhere at once; whoever follows changes is told of a deletion. Answers with what keeps them from it.
 */
export async function leaveOrganization(visit: Visit): Promise<'left' | 'signedOut' | LeaveObstacle> {
  const { needs } = visit
  for (let decisions = 1; ; decisions++) {
    const tenant = await needs.tenants.find(visit.tenant.id)
    if (!tenant?.enabled) return 'signedOut'
    const outcome = await leaveAs(visit, tenant, (await needs.policies.of(tenant)).externalIdentities)
    if (outcome === 'left') needs.changed(tenant.id)
    if (outcome !== 'stale') return outcome
    if (decisions >= MOST_DECISIONS) throw new Error('the policies of the organization keep changing')
    needs.tenants.forget(tenant.id)
  }
}

function leaveAs({ needs, asking, view }: Visit, tenant: Tenant, policy: LeavePolicy) {
  const { id, displayName } = view.person
  return needs.database.withTenant(tenant.id, async (scope) => {
    if (!(await isCurrentVersion(scope.orm, tenant.id, tenant.version))) return 'stale'
    const user = await lockUser(scope, id)
    // Signed out, or deleted by somebody else, since the page was looked up.
    if (!user || !(await isLiveSession(scope, asking.now, asking.handle, id))) return 'signedOut'
    const obstacle = await obstacleOf(scope, user, policy)
    if (obstacle) return obstacle
    const actor = { kind: 'user' as const, id, displayName }
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: needs.clock(),
      activityDisplayName: 'Leave organization',
      category: 'UserManagement',
      loggedByService: 'Core Directory',
      initiatedBy: actor,
      targetId: id,
    })
    await removeUser(needs, scope, user, actor)
    return 'left'
  })
}

async function obstacleOf(scope: TenantScope, user: UserRow, policy: LeavePolicy): Promise<LeaveObstacle | undefined> {
  const directoryRoles = await readDirectoryRoles(scope, user.id)
  return leaveObstacle(policy, { isExternal: isExternal(user), directoryRoles })
}
