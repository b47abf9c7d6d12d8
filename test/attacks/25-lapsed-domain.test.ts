import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { accepted, changesNothing, invited, rowsOf, seen, signedIn } from './scene.js'

// Control of a mailbox is the proof of a passcode guest, so a domain that changes hands takes its mailboxes along.
// What an organization has against that is shown here: reset, disable, delete, and the list of domains.
t.test('the new owner of a lapsed domain gets nothing once the guest was reset to another address', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@lapsed.example')
  const browser = await accepted(service, ana)
  t.equal((await service.api('PATCH', `/users/${ana.userId}`, { otherMails: ['ana@partner.example'] })).status, 204)
  const reset = await service.api('POST', '/invitations', {
    invitedUserEmailAddress: 'ana@partner.example',
    inviteRedirectUrl: 'https://app.example/welcome',
    invitedUser: { id: ana.userId },
    resetRedemption: true,
  })
  t.equal(reset.status, 201)
  t.strictSame(await rowsOf(service, 'select * from user_identities'), [], 'the old mailbox is no identity any more')

  await changesNothing(t, service, async () => {
    t.equal(seen(await new Guest().get(ana.link)), '410 revoked')
    t.equal(seen(await browser.get(ana.link)), '410 revoked', 'for who was signed in, too')
    t.equal(seen(await browser.get(reset.body.inviteRedeemUrl)), '200 start')
  })
  const link = reset.body.inviteRedeemUrl
  const moved = await signedIn(service, { ...ana, link, address: 'ana@partner.example' })
  await moved.post(link, { choice: 'accept' })
  t.strictSame(await rowsOf(service, 'select issuer_assigned_id, user_id from user_identities'), [
    { issuer_assigned_id: 'ana@partner.example', user_id: ana.userId },
  ])
})

t.test('inviting an accepted guest again binds nobody anew', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@lapsed.example')
  await accepted(service, ana)
  const again = await invited(service, 'ana@lapsed.example')
  const stranger = new Guest()
  await changesNothing(t, service, async () => {
    t.equal(seen(await stranger.get(again.link)), '200 start', 'the new link asks for a sign-in, not for consent')
    t.equal((await stranger.post(again.link, { choice: 'accept' })).location, null)
  })
})

for (const [how, method, body] of [
  ['disabled', 'PATCH', { accountEnabled: false }],
  ['deleted', 'DELETE', undefined],
] as const) {
  t.test(`a ${how} guest's mailbox opens nothing`, async (t) => {
    const service = await startService(t, { workers: false })
    const ana = await invited(service, 'ana@lapsed.example')
    await accepted(service, ana)
    t.equal((await service.api(method, `/users/${ana.userId}`, body)).status, 204)
    await changesNothing(t, service, async () => {
      const page = await new Guest().get(ana.link)
      t.equal(seen(page), how === 'disabled' ? '403 blocked' : '410 revoked')
      t.notMatch(page.html, /name="action" value="send"/, 'no code is offered')
    })
  })
}
