import t from 'tap'
import { addUserToGroups } from '../../../src/directory/index.js'
import type { Caller } from '../../../src/graph/caller.js'
import { Refusal } from '../../../src/kernel/refusal.js'
import { person } from '../../support/people.js'
import { startService } from '../../support/service.js'
import { groupsOf, references } from './support.js'

t.test('a user joins several groups inside a transaction of somebody else', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId } = service
  const groups = groupsOf(service)
  const mia = await person(service, 'mia')
  const ana = await groups.guest('ana')
  const [first, second] = [await groups.make(), await groups.make({ 'owners@odata.bind': references(mia) })]
  const dynamic = await groups.make({ groupTypes: ['DynamicMembership'], membershipRule: 'user.city -eq "x"' })

  const caller = (kind: Caller['kind'], objectId: string, ...permissions: string[]): Caller => ({
    tenantId,
    kind,
    objectId,
    clientId: service.clientId,
    displayName: 'Somebody',
    directoryRoles: new Set(),
    permissions: new Set(permissions),
    origin: service.baseUrl,
    ...(kind === 'user' && { userType: 'Member' as const }),
  })
  const app = caller('application', service.clientId, 'GroupMember.ReadWrite.All')
  const join = (who: Caller, ids: string[], user = ana) =>
    services.database
      .withTenant(tenantId, (scope) => addUserToGroups(services, scope, ids, user, who))
      .then(
        () => 'done',
        (error: unknown) => (error instanceof Refusal ? error.code : error),
      )

  t.equal(await join(app, [first, second, dynamic]), 'dynamicMembership')
  t.equal(await join(app, [first, tenantId]), 'objectNotFound')
  t.equal(await join(app, [first], tenantId), 'objectNotFound')
  t.equal(await join(caller('application', service.clientId, 'User.Invite.All'), [first]), 'roleMissing')
  t.equal(await join(caller('user', mia, 'GroupMember.ReadWrite.All'), [first, second]), 'roleMissing', 'owns only one')
  t.strictSame(await groups.members(first), [], 'nothing was written')
  t.equal(await join(caller('user', mia, 'GroupMember.ReadWrite.All'), [second]), 'done')
  t.equal(await join(app, [first, second, first]), 'done', 'being in one already is no reason to refuse')
  t.strictSame(await groups.members(first), [ana])
  t.strictSame(await groups.members(second), [ana])
  t.equal(await join(app, []), 'done')
})
