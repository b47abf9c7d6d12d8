import { recordAudit } from '../../audit/index.js'
import type { Caller } from '../../graph/caller.js'
import type { Database } from '../../platform/database.js'
import { mayChangeOrganization } from '../rules.js'
import { raiseVersion, updateTenant } from '../store.js'
import type { Tenants } from '../tenant.js'
import { refusals } from './errors.js'
import type { OrganizationChanges } from './schema.js'

type Needs = { database: Database; tenants: Tenants; clock: () => Date; newId: () => string }

const PROFILE = [
  'marketingNotificationEmails',
  'securityComplianceNotificationMails',
  'securityComplianceNotificationPhones',
  'technicalNotificationMails',
] as const

/** Changes whom Graph and people write to (Graph: organization-update). Privacy details are shown to guests. */
export async function changeOrganization(needs: Needs, caller: Caller, changes: OrganizationChanges): Promise<void> {
  if (!mayChangeOrganization(caller)) throw refusals.roleMissing()
  const { privacyProfile: privacy } = changes
  const profile = Object.fromEntries(
    PROFILE.flatMap((name) => (changes[name] === undefined ? [] : [[name, changes[name]]])),
  )
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    await raiseVersion(scope.orm, caller.tenantId)
    await updateTenant(scope.orm, caller.tenantId, {
      ...(Object.keys(profile).length > 0 && { profile }),
      ...((privacy === null || privacy?.contactEmail !== undefined) && {
        contactAddress: privacy?.contactEmail ?? null,
      }),
      ...((privacy === null || privacy?.statementUrl !== undefined) && {
        privacyStatementUrl: privacy?.statementUrl ?? null,
      }),
    })
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: needs.clock(),
      activityDisplayName: 'Set company information',
      category: 'DirectoryManagement',
      loggedByService: 'Core Directory',
      initiatedBy: { kind: caller.kind, id: caller.objectId, displayName: caller.displayName },
      targetId: caller.tenantId,
      additionalDetails: { properties: Object.keys(changes) },
    })
  })
  needs.tenants.forget(caller.tenantId)
}
