import t from 'tap'
import { person } from '../support/people.js'
import { startReceiver } from '../support/receiver.js'
import { startService } from '../support/service.js'
import { subscribe, subscriptionTo } from './subscription.js'

t.test('whatever is changed about a subscription is written down, and by whom', async (t) => {
  const service = await startService(t, { workers: false })
  const receiver = await startReceiver(t)
  const { id } = await subscribe(service, receiver, 'users')
  const path = `/subscriptions/${id}`
  await service.api('PATCH', path, { notificationUrl: `${receiver.origin}/elsewhere` })
  await service.api('POST', `${path}/reauthorize`)
  await service.api('POST', `${path}/rotateSecret`, {})
  await service.api('DELETE', path)
  const rows = await service.rows(
    `select activity_display_name as activity, initiated_by ->> 'id' as by, additional_details ->> 'properties' as properties
     from audit_events where target_id = '${id}' order by id`,
  )
  t.strictSame(
    rows.map(({ activity }) => activity),
    [
      'Create subscription',
      'Update subscription',
      'Reauthorize subscription',
      'Rotate subscription secret',
      'Delete subscription',
    ],
  )
  t.equal(new Set(rows.map(({ by }) => by)).size, 1)
  t.equal(rows[1]?.['properties'], '["notificationUrl"]')
})

t.test('members who may not read each other are not told of each other either', async (t) => {
  const service = await startService(t, { workers: false })
  const receiver = await startReceiver(t)
  const bo = await person(service, 'bo')
  const token = await service.userToken(bo, ['User.Read.All'])
  const asked = subscriptionTo(service, receiver, 'users')
  const subscribed = await service.api('POST', '/subscriptions', asked, { token })
  t.equal(subscribed.status, 201, 'as long as they may')
  const defaultUserRolePermissions = { allowedToReadOtherUsers: false }
  await service.api('PATCH', '/policies/authorizationPolicy', { defaultUserRolePermissions })
  t.equal((await service.api('GET', '/users/delta', undefined, { token })).status, 403, 'as delta has it')
  t.equal((await service.api('POST', '/subscriptions', asked, { token })).status, 403)
  const renewal = { expirationDateTime: asked.expirationDateTime }
  t.equal((await service.api('PATCH', `/subscriptions/${subscribed.body.id}`, renewal, { token })).status, 403)
})
