import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { altered, changesNothing, invited, rowsOf, seen, signedIn } from './scene.js'

const MALLORY = 'mallory@evil.example'

t.test('a link serves the guest it was made for, whoever the request names', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const mallory = await invited(service, MALLORY)
  const fields = { email: MALLORY, address: MALLORY, user: mallory.userId, userId: mallory.userId }
  const browser = new Guest()
  await browser.get(ana.link)
  await changesNothing(
    t,
    service,
    async () => {
      t.equal((await browser.post(ana.link, { ...fields, action: 'send' })).status, 303)
    },
    ['passcodes', 'outbox'],
  )
  const codes = await rowsOf(service, 'select address from passcodes')
  t.strictSame(codes, [{ address: ana.address }], 'the code goes to the invited address only')

  const attacker = await signedIn(service, mallory)
  await changesNothing(t, service, async () => {
    for (const changes of [{ user: ana.userId }, { ticket: ana.ticket }]) {
      t.equal(seen(await attacker.get(altered(mallory.link, changes as Record<string, string>))), '404 error')
    }
    t.equal(seen(await attacker.get(ana.link)), '200 wrong-account')
    t.equal(seen(await attacker.post(ana.link, { ...fields, choice: 'accept' })), '200 wrong-account')
  })
  const landed = await attacker.post(mallory.link, { choice: 'accept', user: ana.userId, userId: ana.userId })
  t.equal(landed.status, 303)
  const identities = await rowsOf(service, 'select user_id, issuer, issuer_assigned_id from user_identities')
  t.strictSame(identities, [{ user_id: mallory.userId, issuer: 'mail', issuer_assigned_id: MALLORY }])
})
