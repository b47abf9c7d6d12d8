import t from 'tap'
import { startService } from '../support/service.js'
import { accepted, addPerson, changesNothing, invited } from './scene.js'

t.test('a guest brings in no further guests and looks at nobody, unless the organization says so', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  await accepted(service, ana)
  const everything = [
    'User.Invite.All',
    'User.ReadWrite.All',
    'User.Read.All',
    'Directory.ReadWrite.All',
    'Policy.ReadWrite.Authorization',
  ]
  const token = await service.userToken(ana.userId, everything)
  const wish = { invitedUserEmailAddress: 'mallory@evil.example', inviteRedirectUrl: 'https://app.example/' }
  const calls: [string, string, unknown, number][] = [
    ['POST', '/invitations', wish, 403],
    ['POST', '/invitations', { ...wish, invitedUserType: 'Member' }, 403],
    ['PATCH', `/users/${ana.userId}`, { userType: 'Member' }, 403],
    ['PATCH', `/users/${service.adminId}`, { mail: 'mallory@evil.example' }, 403],
    ['DELETE', `/users/${service.adminId}`, undefined, 403],
    ['PATCH', '/policies/authorizationPolicy', { allowInvitesFrom: 'everyone' }, 403],
    ['PUT', '/policies/invitationDomainPolicy', { mode: 'any' }, 403],
    ['GET', '/users', undefined, 403],
    ['GET', `/users/${service.adminId}`, undefined, 404],
    ['GET', `/users/${encodeURIComponent('admin@contoso.example')}`, undefined, 404],
  ]
  await changesNothing(t, service, async () => {
    for (const [method, path, body, status] of calls) {
      t.equal((await service.api(method, path, body, { token })).status, status, `${method} ${path}`)
    }
  })
  const everyone = { allowInvitesFrom: 'everyone' }
  t.equal((await service.api('PATCH', '/policies/authorizationPolicy', everyone)).status, 204)
  t.equal((await service.api('POST', '/invitations', wish, { token })).status, 201, 'which it can')
})

t.test('a guest neither reads nor ends the invitations of others, nor asks who exists', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  await accepted(service, ana)
  const bo = await invited(service, 'bo@partner.example')
  const token = await service.userToken(ana.userId, ['User.Invite.All', 'User.Read.All'])
  await changesNothing(t, service, async () => {
    const list = await service.api('GET', '/invitations', undefined, { token })
    t.strictSame(list.body.value, [], 'the list is empty')
    for (const [method, path] of [
      ['GET', `/invitations/${bo.id}`],
      ['POST', `/invitations/${bo.id}/revoke`],
      ['POST', `/invitations/${bo.id}/resend`],
    ] as const) {
      t.equal((await service.api(method, path, undefined, { token })).status, 404, `${method} ${path}`)
    }
    for (const invitedUserEmailAddress of ['admin@contoso.example', bo.address, 'nobody@partner.example']) {
      const wish = { invitedUserEmailAddress, inviteRedirectUrl: 'https://app.example/' }
      const { body } = await service.api('POST', '/invitations/evaluate', wish, { token })
      t.notOk(body.allowed)
      t.notOk(
        body.checks.some(({ name }: { name: string }) => name === 'existingUser'),
        'nor is anybody named',
      )
    }
  })
})

t.test("a member ends only their own invitations, an administrator everybody's", async (t) => {
  const service = await startService(t, { workers: false })
  const scopes = ['User.Invite.All']
  const [max, mia] = [await addPerson(service, 'max'), await addPerson(service, 'mia')]
  const byMax = await service.userToken(max, scopes)
  const byMia = await service.userToken(mia, scopes)
  const wish = { invitedUserEmailAddress: 'bo@partner.example', inviteRedirectUrl: 'https://app.example/' }
  const made = await service.api('POST', '/invitations', wish, { token: byMax })
  const revoke = (token: string) => service.api('POST', `/invitations/${made.body.id}/revoke`, undefined, { token })
  await changesNothing(t, service, async () => {
    t.match(await revoke(byMia), { status: 403, body: { error: { innerError: { code: 'invitationOfAnother' } } } })
    t.equal((await service.api('POST', `/invitations/${made.body.id}/resend`, undefined, { token: byMia })).status, 403)
  })
  t.equal((await service.api('POST', `/invitations/${made.body.id}/resend`, undefined, { token: byMax })).status, 200)
  t.equal((await revoke(await service.userToken(service.adminId, scopes))).status, 204)
})
