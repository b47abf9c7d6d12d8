import t from 'tap'
import { fetchToken, startService } from '../support/service.js'
import { inviteWithPatience } from './inviting.js'
import { environmentOf, freePort, startProcess, until } from './processes.js'
import { sendThrough, startSendgrid } from './sendgrid.js'

t.setTimeout(180_000)

const GUESTS = 600

t.test('an API killed while it creates loses nothing that it answered and makes nothing twice', async (t) => {
  const sendgrid = await startSendgrid(t)
  const service = await startService(t, { workers: false, redis: true })
  const port = await freePort()
  const url = `http://localhost:${port}`
  const env = { ...(await environmentOf(t, service)), ...sendThrough(sendgrid), VESTIBULE_PUBLIC_URL: url }
  const start = () => startProcess(t, { ...env, PORT: `${port}`, VESTIBULE_ROLES: 'api' })

  let api = await start()
  const token = await fetchToken(url, service.tenantId, service.clientId, service.clientSecret)
  const addresses = Array.from({ length: GUESTS }, (_, index) => `guest${index}@partner.example`)
  const inviting = inviteWithPatience(addresses, () => ({ url, token }))
  for (const progress of [100, 250, 400]) {
    await Promise.race([until('some are created', () => inviting.created.size >= progress), inviting.done])
    const failuresBefore = inviting.failures()
    await api.kill()
    api = await start()
    t.ok(inviting.failures() > failuresBefore, `requests were cut off after ${progress} answers`)
  }
  await inviting.done

  const stored = await service.rows('select id, invited_user_email_address as address from invitations')
  t.strictSame(
    stored.map(({ id, address }) => `${address} ${id}`).sort(),
    [...inviting.created].map(([address, id]) => `${address} ${id}`).sort(),
    'what was answered 201 is what there is, under the ids that were answered',
  )
  t.equal(stored.length, GUESTS, 'one invitation each')
  const guests = await service.rows(`select mail from users where user_type = 'Guest'`)
  t.strictSame(guests.map(({ mail }) => mail).sort(), [...addresses].sort(), 'one guest each')

  await startProcess(t, { ...env, VESTIBULE_ROLES: 'worker' })
  await until('every mail left', async () => (await service.rows('select 1 from outbox')).length === 0)
  t.equal(sendgrid.taken.size, GUESTS, 'one mail each')
  t.strictSame(sendgrid.doubled(), [])
})
