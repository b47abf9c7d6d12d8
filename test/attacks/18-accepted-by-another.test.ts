import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { accepted, changesNothing, invited, seen, signedIn, statusOf } from './scene.js'

// Seen to fail with the comparisons of user and address taken out of `nextStep` (src/redemption/rules.ts) and
// `redemption_accept` (src/redemption/functions.sql): Mallory accepted Ana's invitation.
t.test('whoever holds a link but not the mailbox does not get in with it', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const mallory = await accepted(service, await invited(service, 'mallory@partner.example'))

  await changesNothing(t, service, async () => {
    const page = await mallory.get(ana.link)
    t.equal(seen(page), '200 wrong-account')
    t.match(page.html, /mallory@partner\.example/, 'it names who is signed in')
    for (const choice of ['accept', 'decline']) {
      t.equal(seen(await mallory.post(ana.link, { choice })), '200 wrong-account', choice)
    }
    const stranger = new Guest()
    t.equal(seen(await stranger.get(ana.link)), '200 start')
    t.equal(seen(await stranger.post(ana.link, { choice: 'accept' })), '200 start')
    t.equal(seen(await stranger.post(ana.link, { code: '12345678' })), '422 code')
  })
  t.equal(await statusOf(service, ana), 'PendingAcceptance')
  const browser = await signedIn(service, ana)
  t.equal((await browser.post(ana.link, { choice: 'accept' })).status, 303, 'the owner of the mailbox does')
})
