import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing, invited, newestCode, signedIn } from './scene.js'

t.test('no list, read or resend tells a link or a code, even to those who may read everything', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example', { sendInvitationMessage: true })
  await signedIn(service, ana)
  const code = await newestCode(service, ana.address)
  const reader = await service.appToken(['User.Read.All', 'Directory.Read.All', 'Policy.Read.All'])
  service.advance(61_000)
  const resent = await service.api('POST', `/invitations/${ana.id}/resend`)

  await changesNothing(t, service, async () => {
    const paths = [
      '/invitations',
      `/invitations/${ana.id}`,
      `/invitations?$filter=invitedUserEmailAddress eq 'ana@partner.example'`,
      '/users',
      `/users/${ana.userId}`,
      `/users/${ana.userId}?$select=identities,otherMails,externalUserState`,
      '/policies/authorizationPolicy',
    ]
    for (const path of paths) {
      const answer = await service.api('GET', path, undefined, { token: reader })
      t.equal(answer.status, 200, path)
      t.notOk(answer.text.includes(ana.ticket) || /inviteRedeemUrl|ticket=/i.test(answer.text), `${path}: no link`)
      t.notOk(answer.text.includes(code), `${path}: no code`)
    }
    t.equal(resent.status, 200)
    t.notOk(resent.text.includes('ticket='), 'nor does the answer to a resend')
    const selected = await service.api('GET', '/invitations?$select=inviteRedeemUrl', undefined, { token: reader })
    t.equal(selected.status, 400, 'it cannot be selected')
    const expanded = await service.api('GET', '/users?$select=passcodes', undefined, { token: reader })
    t.equal(expanded.status, 400)
  })
})
