import { recordAudit } from '../audit/index.js'
import type { Database } from '../platform/database.js'
import { listTenantIds } from '../tenants/index.js'
import { blockedSince, deleteBlock, findInvitation, insertBlock } from './store.js'

type Needs = { database: Database; clock: () => Date; newId: () => string }

/** Stops invitation mails of an organization to the address of one invitation. Undefined: no such invitation. */
export function blockMails(
  needs: Needs,
  tenantId: string,
  invitationId: string,
): Promise<{ address: string } | undefined> {
  return needs.database.withTenant(tenantId, async (scope) => {
    const invitation = await findInvitation(scope, invitationId)
    if (!invitation) return undefined
    const now = needs.clock()
    if (await insertBlock(scope, invitation.addressFolded, now)) {
      await recordAudit(scope, {
        id: needs.newId(),
        activityDateTime: now,
        activityDisplayName: 'Email unsubscribed',
        category: 'UserManagement',
        loggedByService: 'Invited Users',
        initiatedBy: { kind: 'user', displayName: invitation.invitedUserEmailAddress },
        targetId: invitation.userId,
      })
    }
    return { address: invitation.invitedUserEmailAddress }
  })
}

/** Lets an organization write to an address again. Doing it twice changes nothing. */
export async function unblockMails(needs: Needs, tenantId: string, addressFolded: string): Promise<void> {
  await needs.database.withTenant(tenantId, async (scope) => {
    if (!(await deleteBlock(scope, addressFolded))) return
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: needs.clock(),
      activityDisplayName: 'Email subscribed',
      category: 'UserManagement',
      loggedByService: 'Invited Users',
      initiatedBy: { kind: 'user', displayName: addressFolded },
    })
  })
}

/** The organizations whose mails an address has blocked. Looks tenant by tenant: row security has no "all". */
export async function listBlocks(
  needs: Pick<Needs, 'database'>,
  addressFolded: string,
): Promise<{ tenantId: string; blockedAt: Date }[]> {
  const blocks: { tenantId: string; blockedAt: Date }[] = []
  for (const tenantId of await listTenantIds(needs.database.orm)) {
    const blockedAt = await needs.database.withTenant(tenantId, (scope) => blockedSince(scope, addressFolded))
    if (blockedAt) blocks.push({ tenantId, blockedAt })
  }
  return blocks
}

/** The address an invitation was sent to, as far as it exists. */
export function findInvitedAddress(
  needs: Pick<Needs, 'database'>,
  tenantId: string,
  invitationId: string,
): Promise<string | undefined> {
  return needs.database.withTenant(
    tenantId,
    async (scope) => (await findInvitation(scope, invitationId))?.invitedUserEmailAddress,
  )
}
