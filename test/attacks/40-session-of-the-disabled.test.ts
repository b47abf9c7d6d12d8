import t from 'tap'
import { startService } from '../support/service.js'
import { accepted, changesNothing, invited, rowsOf, seen, signedIn } from './scene.js'

for (const [how, method, body, page] of [
  ['disabled', 'PATCH', { accountEnabled: false }, '403 blocked'],
  ['deleted', 'DELETE', undefined, '410 revoked'],
] as const) {
  t.test(`whoever is ${how} is out at once, wherever they are signed in`, async (t) => {
    const service = await startService(t, { workers: false })
    const ana = await invited(service, 'ana@partner.example')
    const inside = await accepted(service, ana)
    service.advance(31_000)
    const second = await signedIn(service, await invited(service, ana.address))
    const bo = await invited(service, 'bo@partner.example')
    const atConsent = await signedIn(service, bo)
    for (const { userId } of [ana, bo]) {
      t.equal((await service.api(method, `/users/${userId}`, body)).status, 204)
    }
    t.strictSame(await rowsOf(service, 'select user_id from sessions'), [], 'no session is left')

    await changesNothing(t, service, async () => {
      for (const browser of [inside, second]) t.equal(seen(await browser.get(ana.link)), page)
      t.equal((await atConsent.post(bo.link, { choice: 'accept' })).location, null)
      t.equal(seen(await atConsent.get(bo.link)), page)
      const token = await service.userToken(ana.userId, ['User.Read.All'])
      t.equal((await service.api('GET', `/users/${ana.userId}`, undefined, { token })).status, 401)
    })
  })
}

t.test('enabling somebody again revives no session', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const browser = await accepted(service, ana)
  for (const accountEnabled of [false, true]) await service.api('PATCH', `/users/${ana.userId}`, { accountEnabled })
  t.equal(seen(await browser.get(ana.link)), '200 start')
})
