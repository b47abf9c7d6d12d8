import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { startService } from '../support/service.js'
import { addPerson, changesNothing, invited } from './scene.js'

const wish = (more: object) => ({
  invitedUserEmailAddress: 'bo@partner.example',
  inviteRedirectUrl: 'https://app.example/',
  ...more,
})

t.test('nobody hands out by invitation what they do not hold', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const member = await addPerson(service, 'max')
  const guestInviter = await addPerson(service, 'gina', { roles: [ROLES.guestInviter] })
  const helpdesk = await addPerson(service, 'hugo', { roles: [ROLES.helpdeskAdministrator] })
  const scopes = ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All']
  const by = {
    member: await service.userToken(member, scopes),
    guestInviter: await service.userToken(guestInviter, scopes),
    helpdesk: await service.userToken(helpdesk, scopes),
    application: await service.appToken(['User.Invite.All']),
  }
  await changesNothing(t, service, async () => {
    for (const [who, token] of Object.entries(by)) {
      const asMember = await service.api('POST', '/invitations', wish({ invitedUserType: 'Member' }), { token })
      t.equal(asMember.status, 403, `${who} makes no members`)
      const toMember = await service.api('PATCH', `/users/${ana.userId}`, { userType: 'Member' }, { token })
      t.equal(toMember.status, 403, `${who} turns no guest into one`)
      if (who === 'helpdesk') continue
      const reset = wish({
        invitedUserEmailAddress: ana.address,
        invitedUser: { id: ana.userId },
        resetRedemption: true,
      })
      t.equal((await service.api('POST', '/invitations', reset, { token })).status, 403, `${who} resets nobody`)
    }
    for (const name of ['roles', 'directoryRoles', 'memberOf', 'appRoleAssignments', 'groups', 'owner']) {
      const answer = await service.api('POST', '/invitations', wish({ [name]: [ROLES.globalAdministrator] }))
      t.match(answer, { status: 400, body: { error: { target: name } } })
    }
  })
})

t.test('holders of a role are changed by nobody below a Global Administrator', async (t) => {
  const service = await startService(t, { workers: false })
  const target = await addPerson(service, 'paula', { roles: [ROLES.guestInviter], mail: 'paula@partner.example' })
  const administrator = await addPerson(service, 'uma', { roles: [ROLES.userAdministrator] })
  const token = await service.userToken(administrator, ['User.ReadWrite.All', 'User.Invite.All'])
  const convert = wish({ invitedUserEmailAddress: 'paula@partner.example', invitedUser: { id: target } })
  await changesNothing(t, service, async () => {
    for (const as of [{ token }, {}]) {
      t.equal((await service.api('POST', '/invitations', convert, as)).status, 403, 'no conversion')
      const mail = { mail: 'mallory@evil.example' }
      t.equal((await service.api('PATCH', `/users/${target}`, mail, as)).status, 403, 'no other mailbox')
      t.equal((await service.api('DELETE', `/users/${target}`, undefined, as)).status, 403, 'no deletion')
    }
  })
})
