import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { startService } from '../support/service.js'
import { addPerson, changesNothing, statusOf } from './scene.js'

t.test('who has left invites, resends and revokes nothing, and what they began can be withdrawn', async (t) => {
  const service = await startService(t, { workers: false })
  const inviter = await addPerson(service, 'iris', { roles: [ROLES.guestInviter] })
  const token = await service.userToken(inviter, ['User.Invite.All', 'User.Read.All'])
  const wish = { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example/' }
  const made = await service.api('POST', '/invitations', wish, { token })
  t.equal(made.status, 201)
  // A holder of a role is disabled by the Global Administrator.
  const administrator = await service.userToken(service.adminId, ['User.ReadWrite.All'])
  const disabled = { accountEnabled: false }
  t.equal((await service.api('PATCH', `/users/${inviter}`, disabled, { token: administrator })).status, 204)

  await changesNothing(t, service, async () => {
    for (const [method, path, body] of [
      ['POST', '/invitations', { ...wish, invitedUserEmailAddress: 'bo@partner.example' }],
      ['POST', `/invitations/${made.body.id}/resend`, undefined],
      ['POST', `/invitations/${made.body.id}/revoke`, undefined],
      ['GET', '/invitations', undefined],
    ] as const) {
      const answer = await service.api(method, path, body, { token })
      t.match(
        answer,
        { status: 401, body: { error: { innerError: { code: 'subjectDisabled' } } } },
        `${method} ${path}`,
      )
    }
  })
  const { body } = await service.api('GET', `/invitations/${made.body.id}`)
  t.equal(body.history[0].actor.user.id, inviter, 'the history says whose invitation it is')
  t.equal((await service.api('POST', `/invitations/${made.body.id}/revoke`)).status, 204)
  t.equal(await statusOf(service, made.body), 'Revoked')
})
