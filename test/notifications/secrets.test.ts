import { createHmac } from 'node:crypto'
import t from 'tap'
import { deliverNotifications, scanFeed, sweepSubscriptions, TOPIC } from '../../src/notifications/index.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { claimWork } from '../../src/platform/outbox/store.js'
import { lastingToken } from '../support/people.js'
import { startReceiver } from '../support/receiver.js'
import { startService, TEST_SECRET } from '../support/service.js'
import { subscribe } from './subscription.js'

const HOUR_MS = 3_600_000

t.test('the secret of a subscription', async (t) => {
  const service = await startService(t, { workers: false })
  const receiver = await startReceiver(t)
  const { services, tenantId } = service
  const token = await lastingToken(service)
  const { id, notificationSecret: first } = await subscribe(service, receiver, 'users', {}, { token })
  let guests = 0
  /** A request that comes after a change, as whoever has only these secrets sees it: which of them it is signed with. */
  const signedWith = async (given: typeof services, ...secrets: string[]) => {
    receiver.received.length = 0
    const wish = {
      invitedUserEmailAddress: `guest${guests++}@partner.example`,
      inviteRedirectUrl: 'https://app.example/',
    }
    await service.api('POST', '/invitations', wish, { token })
    await scanFeed(given, tenantId, 'users')
    for (const work of await claimWork(services.database.sql, TOPIC, 10, 15)) await deliverNotifications(given, work)
    const [request] = receiver.received
    if (!request) throw new Error('nothing came')
    const sent = String(request.headers['webhook-signature']).split(' ')
    const signed = `${request.headers['webhook-id']}.${request.headers['webhook-timestamp']}.${request.text}`
    const signatures = secrets.map((secret) => {
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
      return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
    })
    t.ok(
      sent.every((signature) => signatures.includes(signature)),
      'no other secret signs',
    )
    return signatures.map((signature) => sent.includes(signature))
  }
  const rotate = (body?: unknown, headers = {}) =>
    service.api('POST', `/subscriptions/${id}/rotateSecret`, body, { token, headers })
  let second: string
  let replaced: string

  await t.test('is replaced, and for a day requests are signed with both', async (t) => {
    const { status, body } = await rotate()
    t.equal(status, 200)
    second = body.notificationSecret
    t.not(second, first)
    const day = new Date(body.previousSecretExpirationDateTime).getTime() - services.clock().getTime()
    t.ok(Math.abs(day - 24 * HOUR_MS) < 60_000)
    t.strictSame(await signedWith(services, second, first), [true, true])
    service.advance(23 * HOUR_MS)
    await service.api(
      'PATCH',
      `/subscriptions/${id}`,
      { expirationDateTime: new Date(services.clock().getTime() + 100 * HOUR_MS).toISOString() },
      { token },
    )
    t.strictSame(await signedWith(services, second, first), [true, true])
    service.advance(2 * HOUR_MS)
    t.strictSame(await signedWith(services, second, first), [true, false])
    t.notMatch((await service.api('GET', `/subscriptions/${id}`, undefined, { token })).body, {
      notificationSecret: String,
    })
  })

  await t.test('that leaked is replaced at once', async (t) => {
    const past = new Date(services.clock().getTime() - 1_000).toISOString()
    const { body } = await rotate({ previousSecretExpirationDateTime: past })
    t.equal(body.previousSecretExpirationDateTime, null)
    t.strictSame(await signedWith(services, body.notificationSecret, second), [true, false])
    second = body.notificationSecret
  })

  await t.test('is shown again to the same key only, and replaced once', async (t) => {
    const headers = { 'idempotency-key': 'turn-1' }
    const one = await rotate(undefined, headers)
    const again = await rotate(undefined, headers)
    t.equal(again.body.notificationSecret, one.body.notificationSecret)
    t.strictSame(await signedWith(services, one.body.notificationSecret, second), [true, true])
    replaced = second
    second = one.body.notificationSecret
  })

  await t.test('cannot be kept beside a new one for ever, nor be replaced by others', async (t) => {
    const far = new Date(services.clock().getTime() + 8 * 24 * HOUR_MS).toISOString()
    const refused = await rotate({ previousSecretExpirationDateTime: far })
    t.match(refused, { status: 400, body: { error: { innerError: { code: 'changeOverTooLong' } } } })
    const other = await service.otherTenant('fabrikam.example')
    const path = `/subscriptions/${id}/rotateSecret`
    service.advance(-25 * HOUR_MS)
    t.equal((await service.api('POST', path, undefined, { token: other.token })).status, 404)
    const reader = await service.appToken(['User.Read.All'])
    t.equal((await service.api('POST', path, undefined, { token: reader })).status, 404, "another client's")
    service.advance(25 * HOUR_MS)
  })

  await t.test('outlives a change of VESTIBULE_SECRET', async (t) => {
    const renewed = deriveKeys('the secret that takes its place, long enough', [TEST_SECRET])
    const during = { ...services, keys: renewed }
    t.strictSame(await signedWith(during, second, replaced), [true, true], 'the earlier secret opens them')
    await sweepSubscriptions(during)
    const after = { ...services, keys: deriveKeys('the secret that takes its place, long enough') }
    t.strictSame(await signedWith(after, second, replaced), [true, true], 'and is not needed after the next sweep')
  })
})
