import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { expireInvitations } from '../../src/invitations/index.js'
import { LOOK } from '../../src/notifications/index.js'
import { createLogger } from '../../src/platform/log.js'
import { startRelay } from '../../src/platform/outbox/relay.js'
import { openServices, TOPICS } from '../../src/services.js'
import { startNotificationWorkers } from '../../workers/notifications.js'
import { Guest } from '../support/guest.js'
import { startReceiver } from '../support/receiver.js'
import { startService, TEST_SECRET, type TestService } from '../support/service.js'
import { subscribe } from './subscription.js'

t.test('whoever follows changes hears of them at once', async (t) => {
  const service = await startService(t)
  const receiver = await startReceiver(t)
  const { services, tenantId } = service
  let looks = 0
  services.signal.on(LOOK, () => looks++)
  await subscribe(service, receiver, 'users')
  t.equal(looks, 1, 'a new feed is due, and no change tells of what is due already')
  await subscribe(service, receiver, 'invitations', { notificationUrl: `${receiver.origin}/invitations` })

  // Nobody looks by themselves until tomorrow: what comes, came because the change woke somebody. Seen to wait in vain
  // without `changed` in src/app-hooks.ts.
  const heard = async (of: TestService, path: string, change: () => Promise<unknown>) => {
    const before = receiver.notifications(path).length
    await of.rows("update notification_feeds set next_look_at = now() + interval '1 day'")
    await change()
    await receiver.until(() => receiver.notifications(path).length > before)
  }

  await heard(service, '/changes', () => service.invite('guest@partner.example'))
  const { inviteRedeemUrl, invitedUser } = await service.invite('ana@partner.example')
  const guest = new Guest()
  const body = { city: 'Bergen' }
  const headers = { 'content-type': 'application/json' }
  const batch = { requests: [{ id: '1', method: 'PATCH', url: `/users/${invitedUser.id}`, headers, body }] }
  const expiresDateTime = new Date(Date.now() + 600_000).toISOString()
  const changes: [string, string, () => Promise<unknown>][] = [
    ['a user changes', '/changes', () => service.api('PATCH', `/users/${invitedUser.id}`, { city: 'Oslo' })],
    ['in a batch', '/changes', () => service.api('POST', '/$batch', batch)],
    [
      'a guest accepts',
      '/invitations',
      async () => {
        await guest.signIn(service, inviteRedeemUrl, 'ana@partner.example')
        await guest.post(inviteRedeemUrl, { choice: 'accept' })
      },
    ],
    ['somebody is invited', '/invitations', () => service.invite('bo@partner.example', { expiresDateTime })],
    [
      'an invitation lapses',
      '/invitations',
      () => {
        service.advance(660_000)
        return expireInvitations(services)
      },
    ],
  ]
  for (const [what, path, change] of changes) {
    await heard(service, path, change)
    t.pass(what)
  }

  await t.test('in another process as well', async (t) => {
    const other = await startService(t, { workers: false })
    const worker = await openServices({
      config: other.services.config,
      log: createLogger('silent'),
      connection: other.connection,
      secret: TEST_SECRET,
    })
    const workers = startNotificationWorkers(worker)
    const relay = startRelay(worker, TOPICS)
    t.teardown(async () => {
      await relay.close()
      await Promise.all(workers.map((one) => one.close()))
      await worker.close()
    })
    await subscribe(other, receiver, 'users', { notificationUrl: `${receiver.origin}/other` })
    for (const name of ['cy', 'di']) {
      await heard(other, '/other', () => other.invite(`${name}@partner.example`))
      t.pass(name)
    }
  })

  await t.test('and without subscriptions nothing is written for it', async (t) => {
    const fabrikam = await service.otherTenant('fabrikam.example')
    const lines = () => service.rows('select next_look_at::text from notification_feeds order by 1')
    await wait(300)
    const before = await lines()
    const wish = { invitedUserEmailAddress: 'eve@partner.example', inviteRedirectUrl: 'https://app.example/' }
    t.equal((await service.api('POST', '/invitations', wish, { token: fabrikam.token })).status, 201)
    await wait(300)
    t.strictSame(await lines(), before)
    t.not(fabrikam.tenantId, tenantId)
  })
})
