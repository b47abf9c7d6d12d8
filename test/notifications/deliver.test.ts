import { createHmac } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { expireInvitations } from '../../src/invitations/expire-invitations.js'
import { recordDeliveryEvents } from '../../src/invitations/record-delivery.js'
import { holdAgainst } from '../support/contract.js'
import { Guest } from '../support/guest.js'
import { startReceiver } from '../support/receiver.js'
import { startService } from '../support/service.js'
import { until } from '../support/until.js'
import { subscribe } from './subscription.js'

t.test('notifications', async (t) => {
  const service = await startService(t)
  const receiver = await startReceiver(t)
  const invite = async (name: string) => (await service.invite(`${name}@partner.example`)).invitedUser.id
  t.beforeEach(() => {
    receiver.received.length = 0
    receiver.answer = () => 202
  })
  /** A change that comes from no request. */
  const write = async (sql: string) => {
    const rows = await service.rows(sql)
    service.services.changed(service.tenantId)
    return rows
  }
  const end = (id: string) => service.api('DELETE', `/subscriptions/${id}`)

  await t.test('tell of users who are created, changed and deleted', async (t) => {
    const { id, expirationDateTime } = await subscribe(service, receiver, 'users', { clientState: 'a secret' })
    const ana = await invite('ana')
    await receiver.until(() => receiver.notifications().length === 1)
    await service.api('PATCH', `/users/${ana}`, { jobTitle: 'Auditor' })
    await receiver.until(() => receiver.notifications().length === 2)
    await service.api('DELETE', `/users/${ana}`)
    await receiver.until(() => receiver.notifications().length === 3)
    await write(`delete from users where id = '${ana}'`)
    await receiver.until(() => receiver.notifications().length === 4)
    const told = receiver.notifications()
    t.strictSame(
      told.map(({ changeType }) => changeType),
      ['updated', 'updated', 'updated', 'deleted'],
    )
    const { id: notificationId, ...first } = told[0]
    t.strictSame(first, {
      subscriptionId: id,
      subscriptionExpirationDateTime: expirationDateTime,
      clientState: 'a secret',
      tenantId: service.tenantId,
      changeType: 'updated',
      resource: `Users/${ana}`,
      resourceData: {
        '@odata.type': '#Microsoft.Graph.User',
        '@odata.id': `Users/${ana}`,
        id: ana,
        organizationId: service.tenantId,
      },
    })
    t.ok(notificationId)
    for (const { body } of receiver.received) holdAgainst(t, 'microsoft.graph.changeNotificationCollection', body)
    for (const one of told) holdAgainst(t, 'microsoft.graph.changeNotification', one)
    await end(id)
  })

  await t.test('are signed with the secret that was shown once (Standard Webhooks)', async (t) => {
    const { id, notificationSecret } = await subscribe(service, receiver, 'users')
    t.notOk('notificationSecret' in (await service.api('GET', `/subscriptions/${id}`)).body)
    const before = Math.floor(Date.now() / 1_000)
    await invite('bo')
    await receiver.until(() => receiver.received.length > 0)
    const [request] = receiver.received
    if (!request) throw new Error('nothing came')
    const { headers, text } = request
    const secret = Buffer.from(notificationSecret.replace('whsec_', ''), 'base64')
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
    const signature = createHmac('sha256', secret).update(signed).digest('base64')
    t.equal(headers['webhook-signature'], `v1,${signature}`)
    const at = Number(headers['webhook-timestamp'])
    t.ok(at >= before && at <= Date.now() / 1_000, `${at}`)
    await end(id)
  })

  await t.test('tell only of the object and the kind of change that was asked for', async (t) => {
    const cy = await invite('cy')
    const di = await invite('di')
    const one = await subscribe(service, receiver, `users/${cy}`, { notificationUrl: `${receiver.origin}/one` })
    const gone = await subscribe(service, receiver, `users('${di}')`, {
      changeType: 'deleted',
      notificationUrl: `${receiver.origin}/gone`,
    })
    await service.api('PATCH', `/users/${di}`, { city: 'Oslo' })
    await service.api('PATCH', `/users/${cy}`, { city: 'Oslo' })
    await write(`delete from users where id = '${di}'`)
    await receiver.until(
      () => receiver.notifications('/gone').length === 1 && receiver.notifications('/one').length === 1,
    )
    await wait(300)
    t.match(receiver.notifications('/one'), [{ changeType: 'updated', resource: `Users/${cy}` }])
    t.match(receiver.notifications('/gone'), [{ changeType: 'deleted', resource: `Users/${di}` }])
    t.equal(receiver.received.length, 2)
    await Promise.all([end(one.id), end(gone.id)])
  })

  await t.test('tell of groups and of who comes and leaves', async (t) => {
    const group = (
      await write(`insert into groups (tenant_id, id, display_name, mail_enabled, mail_nickname,
      security_enabled, created_date_time, renewed_date_time)
      values ('${service.tenantId}', gen_random_uuid(), 'red', false, 'red', true, now(), now()) returning id`)
    )[0]?.['id']
    const eve = await invite('eve')
    const whole = await subscribe(service, receiver, 'groups')
    const members = await subscribe(service, receiver, `groups/${group}/members`, {
      notificationUrl: `${receiver.origin}/members`,
    })
    await write(`insert into group_members (tenant_id, group_id, member_type, member_id)
      values ('${service.tenantId}', '${group}', 'user', '${eve}')`)
    await receiver.until(() => receiver.notifications('/members').length === 1)
    await write(`update groups set description = 'sky' where id = '${group}'`)
    await receiver.until(() => receiver.notifications().length === 2)
    await write(`delete from group_members where member_id = '${eve}'`)
    await receiver.until(() => receiver.notifications('/members').length === 2 && receiver.notifications().length === 3)
    t.strictSame(
      receiver.notifications('/members').map(({ resource, resourceData }) => [resource, resourceData['members@delta']]),
      [
        [`Groups/${group}`, [{ id: eve }]],
        [`Groups/${group}`, [{ id: eve, '@removed': 'deleted' }]],
      ],
    )
    t.strictSame(
      receiver.notifications().map(({ resourceData }) => 'members@delta' in resourceData),
      [true, false, true],
    )
    await Promise.all([end(whole.id), end(members.id)])
  })

  await t.test('tell of everything that happens to invitations, in its order', async (t) => {
    const { id } = await subscribe(service, receiver, 'invitations')
    const accepted = await service.invite('fay@partner.example', { sendInvitationMessage: true })
    const revoked = await service.invite('gus@partner.example')
    await receiver.until(() => receiver.notifications().length >= 2)
    await service.api('POST', `/invitations/${revoked.id}/revoke`)
    const link = accepted.inviteRedeemUrl
    const guest = new Guest()
    await guest.signIn(service, link, 'fay@partner.example')
    await guest.post(link, { choice: 'decline' })
    await guest.get(link)
    await guest.post(link, { choice: 'accept' })
    await receiver.until(() => receiver.notifications().length >= 5)
    const eventsOf = (invitation: string) =>
      receiver
        .notifications()
        .filter(({ resource }) => resource === `invitations/${invitation}`)
        .map(({ changeType, resourceData }) => [changeType, resourceData.event])
    t.strictSame(eventsOf(accepted.id), [
      ['created', 'invited'],
      ['updated', 'declined'],
      ['updated', 'redeemed'],
    ])
    t.strictSame(eventsOf(revoked.id), [
      ['created', 'invited'],
      ['updated', 'revoked'],
    ])
    const [first] = receiver.notifications()
    t.match(first.resourceData, { '@odata.type': '#microsoft.graph.invitation', eventDateTime: /^\d{4}-.*Z$/ })
    await end(id)
  })

  await t.test('tell what became of the mail, and when nobody came', async (t) => {
    const { services, tenantId } = service
    const { id } = await subscribe(service, receiver, 'invitations')
    const [arrived, returned] = await Promise.all(
      ['ida', 'jan'].map((name) => service.invite(`${name}@partner.example`, { sendInvitationMessage: true })),
    )
    const lapsed = await service.invite('kim@partner.example')
    const sent = `select id, invitation_id from invitation_mails where state = 'sent'
      and invitation_id in ('${arrived.id}', '${returned.id}')`
    await until(async () => (await service.rows(sent)).length === 2, 'both mails left')
    const mails = await service.rows(sent)
    const report = (invitation: string, event: 'delivered' | 'bounced') => {
      const mailId = mails.find((mail) => mail['invitation_id'] === invitation)?.['id']
      return recordDeliveryEvents(services, [{ mailId, tenantId, event, at: services.clock(), eventId: event }])
    }
    await report(arrived.id, 'delivered')
    await report(returned.id, 'bounced')
    await service.rows(`update invitations set expires_date_time = now() - interval '1 hour' where id = '${lapsed.id}'`)
    await expireInvitations(services)
    services.changed(tenantId)
    await receiver.until(() => receiver.notifications().length >= 6)
    const events = receiver.notifications().map(({ resourceData }) => [resourceData.id, resourceData.event])
    for (const [invitation, last] of [
      [arrived.id, 'delivered'],
      [returned.id, 'bounced'],
      [lapsed.id, 'expired'],
    ]) {
      t.strictSame(
        events.filter(([of]) => of === invitation).map(([, event]) => event),
        ['invited', last],
      )
    }
    await end(id)
  })

  await t.test('come in the order of the changes and many in a request, when the endpoint is slow', async (t) => {
    const { id } = await subscribe(service, receiver, 'invitations')
    const hal = await service.invite('hal@partner.example')
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    receiver.answer = () => answered.then(() => 200)
    for (let turn = 0; turn < 12; turn++) await service.invite(`guest${turn}@partner.example`)
    await service.api('POST', `/invitations/${hal.id}/revoke`)
    answer()
    await receiver.until(() => receiver.notifications().length === 14)
    t.ok(receiver.received.length < 14, `${receiver.received.length} requests`)
    const resources = receiver.notifications().map(({ resource }) => resource)
    t.equal(resources[0], `invitations/${hal.id}`)
    t.equal(resources.at(-1), `invitations/${hal.id}`)
    const created = receiver.notifications().filter(({ changeType }) => changeType === 'created')
    const times = created.map(({ resourceData }) => resourceData.eventDateTime)
    t.strictSame(times, [...times].sort(), 'in the order of the invitations')
    await end(id)
  })

  await t.test('tell nobody of what happened before, and nothing after the end', async (t) => {
    const before = await invite('ivy')
    const { id } = await subscribe(service, receiver, 'users')
    const after = await invite('jo')
    await receiver.until(() => receiver.notifications().length > 0)
    t.strictSame(
      receiver.notifications().map(({ resourceData }) => resourceData.id),
      [after],
    )
    t.not(before, after)
    t.equal((await end(id)).status, 204)
    await invite('kai')
    await wait(1_500)
    t.equal(receiver.notifications().length, 1)
  })

  await t.test("of one organization are nobody else's", async (t) => {
    const other = await service.otherTenant('fabrikam.example')
    const theirs = await subscribe(service, receiver, 'users', {}, { token: other.token })
    const ours = await subscribe(service, receiver, 'users', { notificationUrl: `${receiver.origin}/ours` })
    await invite('lea')
    await receiver.until(() => receiver.notifications('/ours').length === 1)
    await wait(1_200)
    t.strictSame(receiver.notifications('/changes'), [])
    t.equal((await service.api('GET', `/subscriptions/${theirs.id}`)).status, 404)
    t.equal((await service.api('DELETE', `/subscriptions/${theirs.id}`)).status, 404)
    for (const verb of ['rotateSecret', 'deadLetters/redeliver'])
      t.equal((await service.api('POST', `/subscriptions/${theirs.id}/${verb}`)).status, 404)
    t.equal((await service.api('GET', `/subscriptions/${theirs.id}`, undefined, { token: other.token })).status, 200)
    await end(ours.id)
  })
})
