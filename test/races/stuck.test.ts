import t from 'tap'
import { startRaces } from './scene.js'

t.setTimeout(900_000)

const LANDING = 'https://app.example/welcome'

t.test('a transaction that never ends holds up only who needs its rows, and those not for ever', async (t) => {
  const { service, hold } = await startRaces(t)
  const { id, invitedUser } = await service.invite('ana@partner.example')
  const wish = (invitedUserEmailAddress: string) => ({ invitedUserEmailAddress, inviteRedirectUrl: LANDING })
  const held = `select 1 from users where id = '${invitedUser.id}' for update`
  await hold(held, async (waits) => {
    // The first goes the way of ordinary transactions, the second that of the hot statements.
    const stuck = [
      service.api('POST', `/invitations/${id}/resend`),
      service.api('POST', '/invitations', wish('ana@partner.example')),
    ]
    await waits(2)
    t.equal((await service.api('POST', '/invitations', wish('bo@partner.example'))).status, 201, 'others go on')
    for (const { status, headers, body } of await Promise.all(stuck)) {
      t.equal(status, 503)
      t.ok(Number(headers.get('retry-after')) > 0)
      t.match(body.error, { code: 'ServiceUnavailable', innerError: { code: 'timedOut' } })
    }
  })
  t.equal((await service.api('POST', `/invitations/${id}/resend`)).status, 200, 'once it has ended, all is well')
  const made = await service.rows(`select 1 from invitations where user_id = '${invitedUser.id}'`)
  t.equal(made.length, 1, 'what was cut off has left nothing')
})
