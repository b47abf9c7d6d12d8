import { addClientSecret, createApplication } from '../applications/index.js'
import { recordAudit } from '../audit/index.js'
import { nearestName } from '../graph/nearest.js'
import { applicationPermissions, isApplicationPermission } from '../graph/permissions.js'
import { EXIT, wrongUsage } from './failure.js'
import { findTenant, localKeys, localNotes, OPERATOR, tenantOption, withLocal } from './local.js'
import { facts, inLines, json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'app create --permission NAME [--permission NAME ...] [options]',
  about: 'Creates an API client with a secret, which is shown once and never again.',
  options: {
    permission: { type: 'string', value: 'NAME', multiple: true, help: 'An application permission it is granted.' },
    'display-name': { type: 'string', value: 'NAME', help: 'Its name; "API client" unless set. Guests may read it.' },
    ...tenantOption,
    json: { type: 'boolean', help: 'Print {tenantId, clientId, clientSecret} as JSON; errors too.' },
  },
  notes: `Permissions:\n${inLines(applicationPermissions)}\n\n${localNotes}`,
  examples: ['app create --permission User.Invite.All --permission User.Read.All --json'],
  async run({ values }, io) {
    const displayName = values['display-name'] ?? 'API client'
    const permissions = values.permission
    if (displayName.trim() === '' || displayName.length > 256) {
      throw wrongUsage('--display-name: give 1 to 256 characters.')
    }
    if (permissions.length === 0) throw wrongUsage('--permission is missing: give at least one.')
    for (const name of permissions) mustBeKnown(name)

    const made = await withLocal(
      io,
      async (local) => {
        const { id: tenantId } = await findTenant(local, values.tenant)
        const needs = { keys: await localKeys(local), clock: local.clock }
        return local.database.withTenant(tenantId, async (scope) => {
          const application = await createApplication(scope, { displayName, permissions }, needs)
          const { secretText } = await addClientSecret(scope, application.id, { displayName: 'app create' }, needs)
          await recordAudit(scope, {
            id: local.newId(),
            activityDateTime: local.clock(),
            activityDisplayName: 'Add application',
            category: 'ApplicationManagement',
            loggedByService: 'Core Directory',
            initiatedBy: OPERATOR,
            targetId: application.id,
            additionalDetails: { permissions },
          })
          return { tenantId, clientId: application.appId, clientSecret: secretText }
        })
      },
      { needsSecret: true },
    )
    const rows = [
      ['tenant', made.tenantId],
      ['client id', made.clientId],
      ['client secret', made.clientSecret],
    ] as const
    io.out(values.json ? json(made) : `Created ${displayName}\n${facts(rows)}`)
    return EXIT.done
  },
})

function mustBeKnown(name: string): void {
  if (isApplicationPermission(name)) return
  const near = nearestName(name, applicationPermissions)
  const hint = near === undefined ? 'See vestibule app create --help.' : `Did you mean ${near}?`
  throw wrongUsage(`--permission: '${name}' is not an application permission of this service. ${hint}`)
}
