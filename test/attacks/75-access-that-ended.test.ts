import t from 'tap'
import { startService } from '../support/service.js'
import { accepted, changesNothing, invited, rowsOf, seen, signedIn } from './scene.js'

/** Less than a session and a token last. */
const LIMIT_MS = 900_000

t.test('access ends at its moment, wherever the guest is signed in, and nothing has to run for it', async (t) => {
  const service = await startService(t, { workers: false })
  const ends = new Date(service.services.clock().getTime() + LIMIT_MS).toISOString()
  const wish = { accessEndDateTime: ends }
  const ana = await invited(service, 'ana@partner.example', wish)
  const inside = await accepted(service, ana)
  service.advance(31_000)
  const bo = await invited(service, 'bo@partner.example', wish)
  const atConsent = await signedIn(service, bo)
  const cy = await invited(service, 'cy@partner.example', wish)
  t.equal(seen(await inside.get(ana.link)), '303 -', 'until then the session counts')
  const token = await service.userToken(ana.userId, ['User.Read'])
  t.equal((await service.api('GET', '/me', undefined, { token })).status, 200)

  service.advance(LIMIT_MS)
  await changesNothing(t, service, async () => {
    t.equal(seen(await inside.get(ana.link)), '403 blocked')
    t.equal((await atConsent.post(bo.link, { choice: 'accept' })).location, null)
    t.equal(seen(await atConsent.get(bo.link)), '403 blocked')
    const page = await inside.get(cy.link)
    t.match(page.html, 'has ended')
    t.equal((await inside.post(cy.link, { action: 'send' })).location, null, 'no code is sent')
    const refused = await service.api('GET', '/me', undefined, { token })
    t.equal(refused.status, 401)
    t.match(refused.body.error.message, /has ended/)
  })
  t.strictSame(
    await rowsOf(service, "select 1 from users where external_user_state = 'Accepted' and mail like 'bo@%'"),
    [],
  )

  t.equal((await service.api('PATCH', `/users/${ana.userId}`, { accessEndDateTime: null })).status, 204)
  t.equal(seen(await inside.get(ana.link)), '303 -', 'whoever is given more time is in again')
})

t.test('a guest does not give themselves more time', async (t) => {
  const service = await startService(t, { workers: false })
  const ends = new Date(service.services.clock().getTime() + LIMIT_MS).toISOString()
  const ana = await invited(service, 'ana@partner.example', { accessEndDateTime: ends })
  await accepted(service, ana)
  const token = await service.userToken(ana.userId, ['User.ReadWrite'])
  const later = { accessEndDateTime: '2099-01-01T00:00:00Z' }
  t.equal((await service.api('PATCH', '/me', later, { token })).status, 403)

  const inviter = await service.appToken(['User.Invite.All'])
  const again = await service.api(
    'POST',
    '/invitations',
    { invitedUserEmailAddress: ana.address, inviteRedirectUrl: 'https://app.example', ...later },
    { token: inviter },
  )
  t.equal(again.status, 403, 'nor is inviting them again a way for who may only invite')
  t.match(
    (await service.api('GET', `/users/${ana.userId}?$select=accessEndDateTime`)).body.accessEndDateTime,
    `${ends.slice(0, 19)}Z`,
  )
})
