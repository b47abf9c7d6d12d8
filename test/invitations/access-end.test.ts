import t from 'tap'
import { startService } from '../support/service.js'

const ends = '2099-12-31T18:00:00Z'

t.test('inviting for a time', async (t) => {
  const service = await startService(t, { workers: false })
  const other = await service.otherTenant('fabrikam.example')
  const invite = (address: string, more: object, token?: string) =>
    service.api(
      'POST',
      '/invitations',
      { invitedUserEmailAddress: address, inviteRedirectUrl: 'https://app.example', ...more },
      token ? { token } : {},
    )
  const endOf = async (id: string) => (await service.api('GET', `/users/${id}?$select=accessEndDateTime`)).body

  await t.test('is told back, and whoever may invite may do it', async (t) => {
    const inviter = await service.appToken(['User.Invite.All'])
    const { status, body, text } = await invite('ana@partner.example', { accessEndDateTime: ends }, inviter)
    t.equal(status, 201, text)
    t.equal(body.accessEndDateTime, '2099-12-31T18:00:00.000Z')
    t.equal((await endOf(body.invitedUser.id)).accessEndDateTime, ends)
  })

  await t.test("leaves Graph's answers as they are for everybody else", async (t) => {
    const { body } = await invite('bo@partner.example', {})
    t.notOk('accessEndDateTime' in body)
    const user = (await service.api('GET', `/users/${body.invitedUser.id}`)).body
    t.notOk('accessEndDateTime' in user, 'it is told when it is selected')
    t.equal((await endOf(body.invitedUser.id)).accessEndDateTime, null)
  })

  await t.test('is for the future; ending it at once is a change of the guest', async (t) => {
    const refused = await invite('cy@partner.example', { accessEndDateTime: '2020-01-01T00:00:00Z' })
    t.equal(refused.status, 400)
    t.match(refused.body.error.message, /^accessEndDateTime: /)
    t.equal((await service.rows("select 1 from users where mail = 'cy@partner.example'")).length, 0)
  })

  await t.test('takes another permission for a guest who is there already', async (t) => {
    const again = await invite('bo@partner.example', { accessEndDateTime: ends })
    t.equal(again.status, 201, again.text)
    t.equal((await endOf(again.body.invitedUser.id)).accessEndDateTime, ends)
    const cleared = await invite('bo@partner.example', { accessEndDateTime: null })
    t.equal((await endOf(cleared.body.invitedUser.id)).accessEndDateTime, null)
  })

  await t.test('is found by, and only in its organization', async (t) => {
    const found = await service.api('GET', `/users?$filter=accessEndDateTime le ${ends}&$select=mail`)
    t.strictSame(
      found.body.value.map(({ mail }: { mail: string }) => mail),
      ['ana@partner.example'],
    )
    const elsewhere = await service.api('GET', `/users?$filter=accessEndDateTime le ${ends}`, undefined, other)
    t.strictSame(elsewhere.body.value, [])
    const [ana] = await service.rows("select id from users where mail = 'ana@partner.example'")
    const change = await service.api('PATCH', `/users/${ana?.['id']}`, { accessEndDateTime: null }, other)
    t.equal(change.status, 404)
  })

  await t.test('is not for people of the organization', async (t) => {
    const { status, body } = await service.api('PATCH', `/users/${service.adminId}`, { accessEndDateTime: ends })
    t.equal(status, 403, 'an administrator is touched by nobody but another')
    t.ok(body.error)
    const created = await service.api('POST', '/users', {
      accountEnabled: true,
      displayName: 'Max',
      mailNickname: 'max',
      userPrincipalName: 'max@contoso.example',
      passwordProfile: { password: 'Not.kept.1' },
    })
    t.equal(created.status, 201, created.text)
    const refused = await service.api('PATCH', `/users/${created.body.id}`, { accessEndDateTime: ends })
    t.equal(refused.status, 400)
    t.match(refused.body.error.message, /only the access of guests/)
  })
})
