import t from 'tap'
import { GRAPH_APP_ID } from '../../src/kernel/well-known.js'
import { deliverNotifications, scanFeed, sweepSubscriptions, TOPIC } from '../../src/notifications/index.js'
import { forgetRemovals } from '../../src/platform/changes/store.js'
import { claimWork } from '../../src/platform/outbox/store.js'
import { lastingToken, lastingUserToken, person } from '../support/people.js'
import { startReceiver } from '../support/receiver.js'
import { startService } from '../support/service.js'
import { subscribe } from './subscription.js'

const HOUR_MS = 3_600_000

t.test('deliveries that do not succeed', async (t) => {
  const service = await startService(t, { workers: false })
  const receiver = await startReceiver(t)
  const { services, tenantId } = service
  const { sql } = services.database
  const token = await lastingToken(service)
  const lifecycleNotificationUrl = `${receiver.origin}/lifecycle`

  /** What the workers would do now, once, also with what is due later. Returns how many deliveries there were. */
  const deliver = async ({ due = 'all' }: { due?: 'all' | 'now' } = {}) => {
    for (const collection of ['users', 'invitations'] as const) await scanFeed(services, tenantId, collection)
    if (due === 'all') await sql`update outbox set available_at = now() where topic = ${TOPIC}`
    const works = await claimWork(sql, TOPIC, 10, 15)
    for (const work of works) await deliverNotifications(services, work)
    return works.length
  }
  const outbox = () =>
    sql<{ failures: number; due: number }[]>`
      select failures, extract(epoch from available_at)::float8 as due from outbox where topic = ${TOPIC}`
  const deadLetters = async (id: string) =>
    (await service.api('GET', `/subscriptions/${id}/deadLetters`, undefined, { token })).body.value
  let guests = 0
  const invite = async () =>
    (
      await service.api(
        'POST',
        '/invitations',
        { invitedUserEmailAddress: `guest${guests++}@partner.example`, inviteRedirectUrl: 'https://app.example/' },
        { token },
      )
    ).body.invitedUser.id
  const events = (path: string) => receiver.notifications(path).map(({ lifecycleEvent }) => lifecycleEvent)

  t.beforeEach(async () => {
    receiver.answer = () => 202
    await deliver()
    receiver.received.length = 0
  })
  t.afterEach(async () => {
    for (const { id } of (await service.api('GET', '/subscriptions', undefined, { token })).body.value) {
      await service.api('DELETE', `/subscriptions/${id}`, undefined, { token })
    }
  })

  await t.test('are tried again later and later, and keep their order', async (t) => {
    await subscribe(service, receiver, 'users', {}, { token })
    receiver.answer = () => 503
    const first = await invite()
    for (let failures = 1; failures <= 4; failures++) {
      const begun = Date.now() / 1_000
      await deliver()
      const ended = Date.now() / 1_000
      const [row] = await outbox()
      t.equal(row?.failures, failures)
      const shortest = 4 * 2 ** (failures - 1)
      const due = row?.due ?? 0
      t.ok(
        due - begun >= shortest && due - ended <= 1.5 * shortest + 0.01,
        `${due - begun} s after failure ${failures}`,
      )
      t.equal(await deliver({ due: 'now' }), 0, 'not before its time')
    }
    const second = await invite()
    receiver.received.length = 0
    receiver.answer = () => 200
    await deliver()
    t.strictSame(
      receiver.notifications().map(({ resourceData }) => resourceData.id),
      [first, second],
    )
    t.equal((await outbox()).length, 0, 'done')
  })

  await t.test('carry the same id when the same notifications come again', async (t) => {
    await subscribe(service, receiver, 'users', {}, { token })
    await invite()
    receiver.answer = () => 500
    await deliver()
    receiver.answer = () => 200
    await deliver()
    const [failed, done] = receiver.received
    t.equal(failed?.headers['webhook-id'], done?.headers['webhook-id'])
    t.strictSame(failed?.body, done?.body)
    t.equal(receiver.received.length, 2)
  })

  await t.test('are given up after 4 hours, can be looked at, and the client hears of it', async (t) => {
    const { id } = await subscribe(service, receiver, 'users', { lifecycleNotificationUrl }, { token })
    receiver.answer = ({ path }) => (path === '/changes' ? 404 : 202)
    const lost = await invite()
    await deliver()
    service.advance(4 * HOUR_MS - 60_000)
    const young = await invite()
    await deliver()
    t.strictSame(await deadLetters(id), [], 'not a minute before')
    service.advance(120_000)
    await deliver()
    t.match(await deadLetters(id), [
      {
        channel: 'changes',
        reason: 'The endpoint answered 404.',
        deadDateTime: /Z$/,
        notification: { subscriptionId: id, resourceData: { id: lost } },
      },
    ])
    await deliver()
    t.strictSame(events('/lifecycle'), ['missed'])
    receiver.received.length = 0
    receiver.answer = () => 202
    await deliver()
    t.strictSame(
      receiver.notifications().map(({ resourceData }) => resourceData.id),
      [young],
      'what is younger goes on',
    )
    t.match(await deadLetters(id), [{}])
  })

  await t.test('that were given up are sent once more when the client wants it', async (t) => {
    const { id } = await subscribe(service, receiver, 'users', { lifecycleNotificationUrl }, { token })
    const again = (body?: unknown, headers = {}) =>
      service.api('POST', `/subscriptions/${id}/deadLetters/redeliver`, body, { token, headers })
    t.equal((await again()).body.value, 0, 'nothing to send')
    receiver.answer = () => 404
    const lost = [await invite(), await invite()]
    await deliver()
    service.advance(4 * HOUR_MS + 60_000)
    await deliver()
    const letters = await deadLetters(id)
    t.equal(letters.length, 2)
    const young = await invite()
    receiver.answer = () => 202
    receiver.received.length = 0
    const one = letters.find((letter: any) => letter.notification.resourceData.id === lost[1])
    const headers = { 'idempotency-key': 'once' }
    t.match(await again({ ids: [one.id] }, headers), { status: 200, body: { value: 1 } })
    t.match((await again({ ids: [one.id] }, headers)).body, { value: 0 }, 'the same request starts nothing again')
    t.match(await again({ ids: [lost[0]] }), { body: { value: 0 } }, 'ids are those of dead letters')
    await deliver()
    const told = () => receiver.notifications('/changes').map(({ resourceData }) => resourceData.id)
    t.strictSame(told(), [lost[1], young], 'older than what waits, so before it')
    t.equal(receiver.notifications('/changes')[0].id, one.id, 'the same notification')
    receiver.answer = () => 404
    t.match((await again()).body, { value: 1 })
    await deliver()
    t.strictSame(await deadLetters(id), [], 'it has another 4 hours')
    service.advance(4 * HOUR_MS + 60_000)
    await deliver()
    t.match(
      (await deadLetters(id)).map((letter: any) => letter.notification.resourceData?.id),
      [lost[0]],
    )
    const member = await person(service, `member${guests++}`)
    const stranger = await lastingUserToken(service, member, ['User.Read.All'])
    const path = `/subscriptions/${id}/deadLetters/redeliver`
    t.equal((await service.api('POST', path, undefined, { token: stranger })).status, 404)
  })

  await t.test('are not what a client hears of a time in which nobody looked, but that there was one', async (t) => {
    await subscribe(service, receiver, 'users', { lifecycleNotificationUrl }, { token })
    const deaf = await subscribe(service, receiver, 'users', { notificationUrl: `${receiver.origin}/deaf` }, { token })
    const notificationUrl = `${receiver.origin}/invitations`
    await subscribe(service, receiver, 'invitations', { notificationUrl, lifecycleNotificationUrl }, { token })
    const renew = async () => {
      for (const { id } of (await service.api('GET', '/subscriptions', undefined, { token })).body.value)
        await service.api(
          'PATCH',
          `/subscriptions/${id}`,
          { expirationDateTime: new Date(services.clock().getTime() + 20 * 24 * HOUR_MS).toISOString() },
          { token },
        )
    }
    await renew()
    await deliver()
    service.advance(6 * 24 * HOUR_MS)
    await deliver()
    t.strictSame(events('/lifecycle'), [], 'removals of six days are known')
    const gone = await invite()
    await deliver()
    receiver.received.length = 0
    await service.rows(`delete from users where id = '${gone}'`)
    service.advance(9 * 24 * HOUR_MS)
    // What the sweep does as soon as the workers are back.
    await services.database.withTenant(tenantId, (scope) => forgetRemovals(scope, services.clock(), 1_000))
    await deliver()
    t.strictSame(
      receiver.notifications('/changes').filter(({ changeType }) => changeType === 'deleted'),
      [],
    )
    t.strictSame(events('/lifecycle'), ['missed'], 'once, and not for invitations, of which nothing is forgotten')
    t.match(await deadLetters(deaf.id), [
      {
        channel: 'lifecycle',
        reason: /synchronize with delta/,
        notification: { subscriptionId: deaf.id, lifecycleEvent: 'missed' },
      },
    ])
    const revived = await service.api('POST', `/subscriptions/${deaf.id}/deadLetters/redeliver`, undefined, { token })
    t.match(revived.body, { value: 0 }, 'there is nowhere to send it')
    receiver.received.length = 0
    const next = await invite()
    await deliver()
    const told = receiver.notifications('/changes').map(({ resourceData }) => resourceData.id)
    t.strictSame(told, [next], 'and it goes on')
    t.strictSame(events('/lifecycle'), [])
  })

  await t.test('a redirect is a failure, and nobody follows it', async (t) => {
    await subscribe(service, receiver, 'users', {}, { token })
    receiver.answer = () => 307
    await invite()
    await deliver()
    t.equal(receiver.received.length, 1)
    t.match(await outbox(), [{ failures: 1 }])
  })

  /** Agrees, for one person, that the client reads people in their name. */
  const consent = async (principalId: string) => {
    const [client] = await service.rows(
      `select service_principal_id as id from applications where app_id = '${service.clientId}'`,
    )
    const wish = { clientId: client?.['id'], consentType: 'Principal', principalId, scope: 'User.Read.All' }
    const resource = await service.api('GET', `/servicePrincipals(appId='${GRAPH_APP_ID}')`, undefined, { token })
    const made = await service.api(
      'POST',
      '/oauth2PermissionGrants',
      { ...wish, resourceId: resource.body.id },
      { token },
    )
    t.equal(made.status, 201)
    return made.body.id
  }

  await t.test('a member who may not read others any more gets nothing more, and hears why', async (t) => {
    const reads = (allowedToReadOtherUsers: boolean) =>
      service.api(
        'PATCH',
        '/policies/authorizationPolicy',
        { defaultUserRolePermissions: { allowedToReadOtherUsers } },
        { token },
      )
    const member = await person(service, `member${guests++}`)
    await consent(member)
    const delegated = await lastingUserToken(service, member, ['User.Read.All'])
    await subscribe(service, receiver, 'users', { lifecycleNotificationUrl }, { token: delegated })
    await invite()
    await deliver()
    t.ok(receiver.notifications('/changes').length > 0, 'as long as they may')
    receiver.received.length = 0
    await invite()
    t.equal((await reads(false)).status, 204)
    await deliver()
    await deliver()
    t.equal((await reads(true)).status, 204)
    await deliver()
    t.strictSame(receiver.notifications('/changes'), [])
    t.strictSame(events('/lifecycle'), ['subscriptionRemoved'])
  })

  await t.test('an application that lost the permission gets nothing more, and hears why', async (t) => {
    const [client] = await service.rows(`select app_id from applications where display_name = 'Every permission'`)
    const { id } = await subscribe(service, receiver, 'users', { lifecycleNotificationUrl }, { token })
    const stays = await subscribe(
      service,
      receiver,
      'invitations',
      { notificationUrl: `${receiver.origin}/invitations` },
      { token },
    )
    await service.rows(
      `update applications set permissions = array['User.Invite.All'] where app_id = '${client?.['app_id']}'`,
    )
    await invite()
    await deliver()
    await deliver()
    await service.rows(`update applications set permissions = array(select unnest(permissions)
      union select 'User.Read.All') where app_id = '${client?.['app_id']}'`)
    t.strictSame(receiver.notifications('/changes'), [])
    t.strictSame(events('/lifecycle'), ['subscriptionRemoved'])
    t.equal(receiver.notifications('/invitations').length, 1, 'what it may still read goes on')
    t.equal((await service.api('GET', `/subscriptions/${id}`, undefined, { token })).status, 404)
    t.equal((await service.api('GET', `/subscriptions/${stays.id}`, undefined, { token })).status, 200)
  })

  await t.test('a client that a person does not agree to any more gets nothing more, and hears why', async (t) => {
    const member = await person(service, `member${guests++}`)
    const grant = await consent(member)
    const delegated = await lastingUserToken(service, member, ['User.Read.All'])
    await subscribe(service, receiver, 'users', { lifecycleNotificationUrl }, { token: delegated })
    await invite()
    await deliver()
    t.ok(receiver.notifications('/changes').length > 0, 'as long as they do')
    receiver.received.length = 0
    t.equal((await service.api('DELETE', `/oauth2PermissionGrants/${grant}`, undefined, { token })).status, 204)
    await invite()
    await deliver()
    await deliver()
    t.strictSame(receiver.notifications('/changes'), [])
    t.strictSame(events('/lifecycle'), ['subscriptionRemoved'])
  })

  await t.test('a person who is disabled gets nothing more', async (t) => {
    const member = await person(service, `member${guests++}`)
    await consent(member)
    const delegated = await lastingUserToken(service, member, ['User.Read.All'])
    await subscribe(service, receiver, 'users', {}, { token: delegated })
    await invite()
    await deliver()
    t.ok(receiver.received.length > 0, 'as long as they are not')
    receiver.received.length = 0
    await service.rows(`update users set account_enabled = false where id = '${member}'`)
    await invite()
    await deliver()
    await deliver()
    t.strictSame(receiver.received, [])
    const [left] = await service.rows('select count(*)::int as n from subscriptions where removed_date_time is null')
    t.equal(left?.['n'], 0)
  })

  await t.test('a client hears before its subscription ends, once, and again after a renewal', async (t) => {
    const { id } = await subscribe(
      service,
      receiver,
      'users',
      { lifecycleNotificationUrl: `${receiver.origin}/ending` },
      { token },
    )
    const sweep = async () => {
      await sweepSubscriptions(services)
      await deliver()
    }
    const renew = (hours: number) =>
      service.api(
        'PATCH',
        `/subscriptions/${id}`,
        { expirationDateTime: new Date(services.clock().getTime() + hours * HOUR_MS).toISOString() },
        { token },
      )
    await sweep()
    t.strictSame(events('/ending'), [])
    service.advance(18.5 * HOUR_MS)
    await sweep()
    await sweep()
    t.strictSame(events('/ending'), ['reauthorizationRequired'])
    t.equal((await renew(24)).status, 200)
    await sweep()
    t.equal(events('/ending').length, 1)
    service.advance(20 * HOUR_MS)
    await sweep()
    t.equal(events('/ending').length, 2)
    service.advance(5 * HOUR_MS)
    t.equal(
      (await service.api('GET', `/subscriptions/${id}`, undefined, { token })).status,
      404,
      'over without a sweep',
    )
    t.equal((await renew(24)).status, 404)
    await invite()
    await sweep()
    t.strictSame(events('/ending'), ['reauthorizationRequired', 'reauthorizationRequired', 'subscriptionRemoved'])
    t.strictSame(receiver.notifications('/changes'), [])
  })

  await t.test('nothing stays of what is over', async (t) => {
    service.advance(24 * HOUR_MS)
    await sweepSubscriptions(services)
    await scanFeed(services, tenantId, 'users')
    await scanFeed(services, tenantId, 'invitations')
    for (const table of ['subscriptions', 'notifications', 'notification_events', 'notification_feeds']) {
      const [row] = await service.rows(`select count(*)::int as n from ${table}`)
      t.equal(row?.['n'], 0, table)
    }
    await invite()
    const [events] = await service.rows('select count(*)::int as n from notification_events')
    t.equal(events?.['n'], 0, 'and nothing is written down for nobody')
  })

  await t.test('a restored copy of the database tells clients that they may have missed something', async (t) => {
    await subscribe(service, receiver, 'users', { lifecycleNotificationUrl }, { token })
    await sql`update notification_feeds set cluster = 'another/00000001'`
    await deliver()
    await deliver()
    t.strictSame(events('/lifecycle'), ['missed'])
    const next = await invite()
    await deliver()
    t.match(receiver.notifications('/changes'), [{ resourceData: { id: next } }])
  })
})
