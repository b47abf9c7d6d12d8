import { recordAudit } from '../audit/index.js'
import { raiseVersion, type TenantChanges, updateTenant } from '../tenants/index.js'
import { EXIT, wrongUsage } from './failure.js'
import { findTenant, localNotes, OPERATOR, tenantOption, withLocal } from './local.js'
import { CHANGE_OPTIONS, readChanges } from './tenant-changes.js'
import { facts, json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'tenant set [--tenant TENANT] [options]',
  about: 'Changes how an organization looks to its guests, and its limits. Running processes follow within a second.',
  options: {
    ...tenantOption,
    ...CHANGE_OPTIONS,
    json: { type: 'boolean', help: 'Print what is in force now as JSON; errors too.' },
  },
  notes: localNotes,
  examples: [
    "tenant set --display-name Contoso --logo logo.png --colour '#0f6cbd'",
    'tenant set --invitation-lifetime-days never',
  ],
  async run({ values }, io) {
    const changes = await readChanges(values)
    if (Object.keys(changes).length === 0) throw wrongUsage('Nothing to change: see vestibule tenant set --help.')
    const tenant = await withLocal(io, async (local) => {
      const { id } = await findTenant(local, values.tenant)
      await local.database.withTenant(id, async (scope) => {
        await updateTenant(scope.orm, id, changes)
        await raiseVersion(scope.orm, id)
        await recordAudit(scope, {
          id: local.newId(),
          activityDateTime: local.clock(),
          activityDisplayName: 'Set Company Information',
          category: 'DirectoryManagement',
          loggedByService: 'Core Directory',
          initiatedBy: OPERATOR,
          targetId: id,
          additionalDetails: { changed: namesOf(changes) },
        })
      })
      return findTenant(local, id)
    })
    const { logo, ...shown } = tenant
    if (values.json) {
      io.out(json({ ...shown, logo: logo === undefined ? null : { mediaType: logo.mediaType } }))
      return EXIT.done
    }
    io.out(
      `Changed ${tenant.defaultDomain}\n${facts([
        ['name', tenant.displayName],
        ['logo', logo === undefined ? 'none' : 'set'],
        ['colour', tenant.brandColour ?? 'none'],
        ['privacy', tenant.privacyStatementUrl ?? 'none'],
        ['contact', tenant.contactAddress ?? 'none'],
        ['language', tenant.notificationLanguage ?? 'none'],
        ...Object.entries(tenant.settings).map(([name, value]) => [name, String(value ?? 'none')] as const),
      ])}`,
    )
    return EXIT.done
  },
})

function namesOf({ settings, ...columns }: TenantChanges): string[] {
  return [...Object.keys(columns), ...Object.keys(settings ?? {})]
}
