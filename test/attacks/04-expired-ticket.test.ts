import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, rowsOf, seen, signedIn, statusOf } from './scene.js'

// Seen to fail with the comparison of `expiresAt` taken out of `nextStep` (src/redemption/rules.ts) and
// `redemption_accept` (src/redemption/functions.sql): the link opened, and accepting led to the app.
t.test('a ticket whose time is over is dead although no job has written that down', async (t) => {
  const service = await startService(t, { workers: false })
  const expiresDateTime = new Date(Date.now() + 600_000).toISOString()
  const ana = await invited(service, 'ana@partner.example', { expiresDateTime })
  const atConsent = await signedIn(service, ana)
  const bo = await invited(service, 'bo@partner.example', { expiresDateTime })
  const atCode = new Guest()
  await atCode.get(bo.link)
  await atCode.post(bo.link, { action: 'send' })
  service.advance(601_000)

  await changesNothing(t, service, async () => {
    t.equal(seen(await new Guest().get(ana.link)), '410 expired')
    t.equal(seen(await atConsent.post(ana.link, { choice: 'accept' })), '410 expired', 'from an open consent page')
    t.equal(seen(await atConsent.post(ana.link, { choice: 'decline' })), '410 expired')
    t.equal(seen(await atCode.post(bo.link, { action: 'send' })), '410 expired', 'no further code')
    t.equal(seen(await atCode.post(bo.link, { code: '12345678' })), '410 expired', 'no try')
    t.equal((await service.api('POST', `/invitations/${ana.id}/resend`)).status, 400)
  })
  const [row] = await rowsOf(service, `select status from invitations where id = '${ana.id}'`)
  t.equal(row?.['status'], 'pending', 'indeed nobody swept')
  t.equal(await statusOf(service, ana), 'Expired', 'and readers are told the truth')
})
