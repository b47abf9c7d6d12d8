import t from 'tap'
import { startService } from '../support/service.js'
import { accepted, addPerson, changesNothing, invited, seen } from './scene.js'

t.test("having the invited address written into one's profile proves nothing", async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const mallory = await invited(service, 'mallory@evil.example')
  const browser = await accepted(service, mallory)
  const guestToken = await service.userToken(mallory.userId, ['User.ReadWrite.All', 'User.Invite.All'])

  await changesNothing(t, service, async () => {
    const own = await service.api('PATCH', `/users/${mallory.userId}`, { mail: ana.address }, { token: guestToken })
    t.equal(own.status, 403, 'a guest changes no profile, not even their own')
    for (const change of [{ mail: ana.address }, { mail: 'ANA@Partner.Example' }, { otherMails: [ana.address] }]) {
      const answer = await service.api('PATCH', `/users/${mallory.userId}`, change)
      t.equal(answer.status, 400, 'and an address belongs to one user')
    }
    t.equal(seen(await browser.get(ana.link)), '200 wrong-account')
  })
})

t.test('a session counts for the address that was proved, not for one written down later', async (t) => {
  const service = await startService(t, { workers: false })
  const mallory = await invited(service, 'mallory@evil.example')
  const browser = await accepted(service, mallory)
  const change = { mail: 'victim@partner.example', otherMails: ['mallory@evil.example'] }
  t.equal((await service.api('PATCH', `/users/${mallory.userId}`, change)).status, 204)
  const again = await service.invite('victim@partner.example')
  t.equal(again.invitedUser.id, mallory.userId, 'the invitation is for the same user, now under another address')
  const reset = await service.api('POST', '/invitations', {
    invitedUserEmailAddress: 'victim@partner.example',
    inviteRedirectUrl: 'https://app.example/welcome',
    invitedUser: { id: mallory.userId },
    resetRedemption: true,
  })
  t.equal(reset.status, 201)
  await changesNothing(t, service, async () => {
    t.equal(seen(await browser.get(reset.body.inviteRedeemUrl)), '200 start', 'the old session is over')
    t.equal((await browser.post(reset.body.inviteRedeemUrl, { choice: 'accept' })).location, null)
    t.equal(seen(await browser.get(mallory.link)), '410 revoked', 'and so is the old link')
  })
})

t.test("an internal user's address is no way into that account", async (t) => {
  const service = await startService(t, { workers: false })
  const id = await addPerson(service, 'erin', { mail: 'erin@partner.example' })
  await changesNothing(t, service, async () => {
    const answer = await service.api('POST', '/invitations', {
      invitedUserEmailAddress: 'Erin@partner.example',
      inviteRedirectUrl: 'https://app.example/',
    })
    t.equal(answer.status, 400)
    t.match(answer.body.error.message, new RegExp(id))
  })
})
