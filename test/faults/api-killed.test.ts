import t from 'tap'
import { fetchToken, startService } from '../support/service.js'
import { until } from '../support/until.js'
import { inviteWithPatience } from './inviting.js'
import { environmentOf, freePort, startProcess } from './processes.js'
import { sendThrough, startSendgrid } from './sendgrid.js'

t.setTimeout(900_000)

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
    await Promise.race([until(() => inviting.created.size >= progress, 'some are created'), inviting.done])
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
  await until(async () => (await service.rows('select 1 from outbox')).length === 0, 'every mail left')
  t.equal(sendgrid.taken.size, GUESTS, 'one mail each')
  t.strictSame(sendgrid.doubled(), [])
})

t.test(
  'a process that is told to end finishes what it has begun, within ten seconds, and doubles nothing',
  async (t) => {
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    const sendgrid = await startSendgrid(t, () => ({ status: 202, when: answered }))
    const service = await startService(t, { workers: false, redis: true })
    const url = `http://localhost:${await freePort()}`
    const env = { ...(await environmentOf(t, service)), ...sendThrough(sendgrid), VESTIBULE_PUBLIC_URL: url }
    const draining = await startProcess(t, { ...env, PORT: new URL(url).port })
    const token = await fetchToken(url, service.tenantId, service.clientId, service.clientSecret)
    const invite = (invitedUserEmailAddress: string) =>
      fetch(`${url}/v1.0/invitations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          invitedUserEmailAddress,
          inviteRedirectUrl: 'https://app.example/welcome',
          sendInvitationMessage: true,
        }),
      })
    const invited = await Promise.all(Array.from({ length: 60 }, (_, guest) => invite(`guest${guest}@partner.example`)))
    t.strictSame([...new Set(invited.map(({ status }) => status))], [201])
    await until(() => sendgrid.inFlight('SG.test') >= 10, 'mails are in flight')

    const asked = await service.services.database.sql.begin(async (tx) => {
      await tx`select set_config('vestibule.tenant', ${service.tenantId}, true)`
      await tx`select 1 from users where mail_folded = 'guest0@partner.example' for update`
      const asked = invite('guest0@partner.example')
      await until(async () => {
        const waiting = await service.rows(
          `select 1 from pg_stat_activity where datname = current_database() and application_name = 'vestibule' and wait_event_type = 'Lock'`,
        )
        return waiting.length > 0
      }, 'the request waits for that guest')
      draining.stop()
      await until(() => draining.log().includes('draining'), 'it drains')
      return { answer: asked }
    })
    answer()
    t.equal((await asked.answer).status, 201, 'the request it was at is answered')
    t.equal(await draining.ended, 0)
    await t.rejects(invite('late@partner.example'), 'and nobody listens any more')

    // On a busy machine some senders may have been tired of waiting, while answers were held: they cannot know what left.
    const heard = (id: string) => !sendgrid.unheard.has(id)
    const waiting = new Set((await service.rows('select id from outbox')).map(({ id }) => id))
    t.strictSame(
      [...sendgrid.taken.keys()].filter((id) => waiting.has(id) && heard(id)),
      [],
      'mails in flight were written down',
    )
    await startProcess(t, { ...env, VESTIBULE_ROLES: 'worker' })
    await until(async () => (await service.rows('select 1 from outbox')).length === 0, 'every mail left')
    t.equal(sendgrid.taken.size, 61)
    t.strictSame(sendgrid.doubled().filter(heard), [])
  },
)
