import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { accepted, changesNothing, type Invited, invited, seen, signedIn, statusOf } from './scene.js'

// Seen to fail with `endPending` (src/invitations/store.ts) ending the one named invitation only: the other links
// stayed good.
t.test('revoking one of several live invitations of a guest leaves no other one', async (t) => {
  const service = await startService(t, { workers: false })
  const all = await Promise.all(Array.from({ length: 10 }, () => invited(service, 'ana@partner.example')))
  const [first, second] = all as [Invited, Invited]
  t.equal(new Set(all.map(({ userId }) => userId)).size, 1)
  const atConsent = await signedIn(service, second)
  t.equal((await service.api('POST', `/invitations/${first.id}/revoke`)).status, 204)

  await changesNothing(t, service, async () => {
    for (const { link } of all) t.equal(seen(await new Guest().get(link)), '410 revoked')
    t.equal(seen(await atConsent.post(second.link, { choice: 'accept' })), '410 revoked')
    t.equal((await service.api('POST', `/invitations/${second.id}/revoke`)).status, 204, 'again changes nothing')
  })
})

t.test('accepting one completes the others, so none is left to be used', async (t) => {
  const service = await startService(t, { workers: false })
  const all = await Promise.all(Array.from({ length: 5 }, () => invited(service, 'ana@partner.example')))
  const [first] = all as [Invited]
  await accepted(service, first)
  for (const invitation of all) t.equal(await statusOf(service, invitation), 'Completed')
  await changesNothing(t, service, async () => {
    for (const { link } of all) t.equal((await new Guest().post(link, { choice: 'accept' })).location, null)
  })
})
