import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, seen, signedIn, statusOf } from './scene.js'

// Seen to fail with the policy taken out of `nextStep` (src/redemption/rules.ts): the guest was let in.
t.test('an invitation is no way around a policy that came after it', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const atConsent = await signedIn(service, ana)
  const policy = { mode: 'blockList', domains: ['partner.example'] }
  t.equal((await service.api('PUT', '/policies/invitationDomainPolicy', policy)).status, 200)

  await changesNothing(t, service, async () => {
    t.equal(seen(await new Guest().get(ana.link)), '403 blocked')
    t.equal(seen(await atConsent.post(ana.link, { choice: 'accept' })), '403 blocked')
    t.equal(seen(await atConsent.post(ana.link, { choice: 'decline' })), '403 blocked')
  })
  t.equal(await statusOf(service, ana), 'PendingAcceptance')
  t.equal((await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'any' })).status, 200)
  await atConsent.get(ana.link)
  t.equal((await atConsent.post(ana.link, { choice: 'accept' })).status, 303)
})
