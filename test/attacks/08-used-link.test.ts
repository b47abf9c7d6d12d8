import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { accepted, changesNothing, countOf, invited, newestCode, seen } from './scene.js'

t.test('a used link and a used code admit nobody again', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const browser = await accepted(service, ana)
  const code = await newestCode(service, ana.address)
  const { body: before } = await service.api('GET', `/invitations/${ana.id}`)

  await changesNothing(t, service, async () => {
    const thief = new Guest()
    t.equal(seen(await thief.get(ana.link)), '200 start', 'the link asks a stranger to sign in')
    t.equal(seen(await thief.post(ana.link, { code })), '422 code', 'the code was for another browser, and is used')
    t.equal((await thief.post(ana.link, { choice: 'accept' })).location, null)

    const signedOut = new Guest()
    signedOut.cookies.set('vb', browser.cookies.get('vb') ?? '')
    t.equal(seen(await signedOut.get(ana.link)), '200 start')
    t.equal(seen(await signedOut.post(ana.link, { code })), '422 code', 'used up in its own browser, too')

    const again = await browser.get(ana.link)
    t.equal(again.location, 'https://app.example/welcome', 'whoever is signed in goes straight on')
    await browser.get(`${ana.link}&lang=en`)
    t.equal((await browser.post(ana.link, { choice: 'accept' })).status, 403, 'with an old form nothing is accepted')
  })
  const { body: after } = await service.api('GET', `/invitations/${ana.id}`)
  t.equal(after.redeemedDateTime, before.redeemedDateTime)
  t.equal(await countOf(service, ana, 'redeemed'), 1)
})
