import t from 'tap'
import { startService } from '../support/service.js'
import { accepted, changesNothing, invited, seen } from './scene.js'

t.test('an invitation of one user is not finished by another who has the same address beside their own', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const bo = await invited(service, 'bo@partner.example')
  const browser = await accepted(service, bo)

  await changesNothing(t, service, async () => {
    for (const [id, change] of [
      [ana.userId, { otherMails: [bo.address] }],
      [bo.userId, { otherMails: [ana.address] }],
      [bo.userId, { mail: ana.address }],
    ] as const) {
      t.equal((await service.api('PATCH', `/users/${id}`, change)).status, 400)
    }
    const asAna = { invitedUserEmailAddress: bo.address, inviteRedirectUrl: 'https://app.example/' }
    for (const more of [{}, { resetRedemption: true }]) {
      const answer = await service.api('POST', '/invitations', { ...asAna, invitedUser: { id: ana.userId }, ...more })
      t.equal(answer.status, 400, 'nor is a user invited under an address that is not theirs')
    }
    t.equal(seen(await browser.get(ana.link)), '200 wrong-account')
    t.equal(seen(await browser.post(ana.link, { choice: 'accept' })), '200 wrong-account')
  })
})

t.test('fifty invitations of one address in all spellings are one guest', async (t) => {
  const service = await startService(t, { workers: false })
  const spellings = ['ana@partner.example', 'ANA@partner.example', 'Ana@PARTNER.example', ' ana@partner.example ']
  const made = await Promise.all(
    Array.from({ length: 50 }, (_, index) => service.invite(spellings[index % spellings.length] ?? '')),
  )
  t.equal(new Set(made.map(({ invitedUser }) => invitedUser.id)).size, 1)
  t.equal((await service.rows('select id from invitations')).length, 50)
})
