import t from 'tap'
import { scanFeed } from '../../src/notifications/index.js'
import { subscribe } from '../notifications/subscription.js'
import { startReceiver } from '../support/receiver.js'
import { startService } from '../support/service.js'
import { command } from './command.js'

t.test('looking after subscriptions', async (t) => {
  const service = await startService(t, { workers: false })
  const receiver = await startReceiver(t)
  const env = {
    VESTIBULE_URL: service.baseUrl,
    VESTIBULE_TENANT: service.tenantId,
    VESTIBULE_CLIENT_ID: service.clientId,
    VESTIBULE_CLIENT_SECRET: service.clientSecret,
  }
  const vestibule = (...args: string[]) => command(['subscriptions', ...args], env)
  const { id, notificationSecret } = await subscribe(service, receiver, 'users')
  const { invitedUser } = await service.invite('ana@partner.example')
  await scanFeed(service.services, service.tenantId, 'users')
  await service.rows(`update notifications set dead_date_time = now(), reason = 'The endpoint answered 404.'`)

  await t.test('listed', async (t) => {
    const { code, out, err } = await vestibule('list')
    t.equal(code, 0, err)
    const [head = '', row = ''] = out.split('\n')
    t.match(head, /^ID +RESOURCE +EXPIRES +URL$/)
    t.match(row, new RegExp(`^${id}  users +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\dZ  ${receiver.origin}/changes$`))
    t.match(JSON.parse((await vestibule('list', '--json')).out), { value: [{ id, resource: 'users' }] })
  })

  await t.test('what could not be delivered is listed, and sent once more', async (t) => {
    const { code, out, err } = await vestibule('dead-letters', id)
    t.equal(code, 0, err)
    t.match(out, `updated Users/${invitedUser.id}`)
    t.match(out, 'The endpoint answered 404.')
    const { value } = JSON.parse((await vestibule('dead-letters', id, '--json')).out)
    t.equal(value.length, 1)
    t.match(await vestibule('redeliver', id, '--dead-letter', invitedUser.id), { code: 0, out: /^0 to be sent/ })
    t.match(await vestibule('redeliver', id, '--dead-letter', value[0].id), { code: 0, out: /^1 to be sent/ })
    t.strictSame(JSON.parse((await vestibule('dead-letters', id, '--json')).out), { value: [] })
    t.match(JSON.parse((await vestibule('redeliver', id, '--json')).out), { id, redelivered: 0 })
  })

  await t.test('the secret is replaced, and the old one ends when it is said to', async (t) => {
    const made = JSON.parse((await vestibule('rotate-secret', id, '--old-for', '7d', '--json')).out)
    t.match(made.notificationSecret, /^whsec_/)
    t.not(made.notificationSecret, notificationSecret)
    const days = (new Date(made.previousSecretExpirationDateTime).getTime() - Date.now()) / 86_400_000
    t.ok(days > 6.99 && days < 7)
    t.match(await vestibule('rotate-secret', id, '--old-for', '0'), { code: 0, out: /old secret +over/ })
    t.match(await vestibule('rotate-secret', id, '--old-for', 'soon'), { code: 2, err: /--old-for/ })
  })

  await t.test('of others are not there', async (t) => {
    for (const verb of ['dead-letters', 'redeliver', 'rotate-secret'])
      t.match(await vestibule(verb, invitedUser.id), { code: 1, out: '', err: /not found/ })
  })
})
