import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, newestCode, rowsOf, seen, signedIn } from './scene.js'

t.test('a proof made in one browser or for one link is none in another', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const bo = await invited(service, 'bo@partner.example')
  const browser = new Guest()
  await browser.get(ana.link)
  await browser.post(ana.link, { action: 'send' })
  const code = await newestCode(service, ana.address)

  await changesNothing(t, service, async () => {
    const other = new Guest()
    await other.get(ana.link)
    t.equal(seen(await other.post(ana.link, { code })), '422 code', 'the right code in another browser')
    await browser.get(bo.link)
    t.equal(seen(await browser.post(bo.link, { code })), '422 code', 'the right code at another link')
  })
})

t.test('what is bound at acceptance is the mailbox that was proved', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'Ana@Partner.Example')
  const browser = await signedIn(service, ana)
  const claimed = { email: 'admin@contoso.example', sub: service.adminId, issuer: 'https://evil.example' }
  await browser.post(ana.link, { ...claimed, choice: 'accept' })
  t.strictSame(await rowsOf(service, 'select issuer, issuer_assigned_id, user_id from user_identities'), [
    { issuer: 'mail', issuer_assigned_id: 'ana@partner.example', user_id: ana.userId },
  ])
})
