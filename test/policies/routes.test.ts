import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { Guest } from '../support/guest.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

const AUTHORIZATION = '/policies/authorizationPolicy'
const DOMAINS = '/policies/invitationDomainPolicy'

t.test('the authorization policy', async (t) => {
  const service = await startService(t, { workers: false })
  const get = async () => (await service.api('GET', AUTHORIZATION)).body
  const patch = (body: unknown, options = {}) => service.api('PATCH', AUTHORIZATION, body, options)
  const invite = (options = {}) =>
    service.api(
      'POST',
      '/invitations',
      { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example' },
      options,
    )

  await t.test('has safe defaults', async (t) => {
    t.match(await get(), {
      '@odata.context': `${service.baseUrl}/v1.0/$metadata#policies/authorizationPolicy/$entity`,
      id: 'authorizationPolicy',
      allowInvitesFrom: 'adminsGuestInvitersAndAllMembers',
      guestUserRoleId: '2af84b1e-32c8-42b7-82bc-daa82404023b',
      defaultUserRolePermissions: { allowedToReadOtherUsers: true, allowedToCreateApps: false },
    })
  })

  await t.test('keeps what a change does not name, inside its objects too', async (t) => {
    t.equal(
      (await patch({ displayName: 'Ours', defaultUserRolePermissions: { allowedToCreateApps: true } })).status,
      204,
    )
    t.equal((await patch({ defaultUserRolePermissions: { allowedToReadOtherUsers: false } })).status, 204)
    t.match(await get(), {
      displayName: 'Ours',
      allowInvitesFrom: 'adminsGuestInvitersAndAllMembers',
      defaultUserRolePermissions: {
        allowedToCreateApps: true,
        allowedToReadOtherUsers: false,
        allowedToCreateTenants: false,
      },
    })
  })

  await t.test('two changes at once both hold', async (t) => {
    for (let round = 0; round < 5; round++) {
      await patch({ defaultUserRolePermissions: { allowedToCreateApps: false, allowedToCreateTenants: false } })
      await Promise.all([
        patch({ defaultUserRolePermissions: { allowedToCreateApps: true } }),
        patch({ defaultUserRolePermissions: { allowedToCreateTenants: true } }),
      ])
      t.match((await get()).defaultUserRolePermissions, { allowedToCreateApps: true, allowedToCreateTenants: true })
    }
  })

  await t.test('refuses what it does not know', async (t) => {
    const before = await get()
    for (const body of [
      { allowInvitesFrom: 'nobody' },
      { allowInvitesFrom: null, guestUserRoleId: 'x' },
      { guestUserRoleId: service.tenantId },
      { allowInvitesFrm: 'none' },
      { defaultUserRolePermissions: { allowedToFly: true } },
      { allowedToUseSSPR: 'yes' },
    ])
      t.equal((await patch(body)).status, 400, JSON.stringify(body))
    t.strictSame(await get(), before)
  })

  await t.test('is in force for the next request', async (t) => {
    t.equal((await patch({ allowInvitesFrom: 'none' })).status, 204)
    const refused = await invite()
    t.equal(refused.status, 403)
    t.equal(refused.body.error.code, 'Forbidden')
    t.equal(
      refused.body.error.message,
      'Guest invitations not allowed for your company. Contact your company administrator for more details.',
    )
    await patch({ allowInvitesFrom: 'adminsAndGuestInviters' })
    t.equal((await invite()).status, 403)
    const inviter = await person(service, 'gina', { role: ROLES.guestInviter })
    t.equal((await invite({ token: await service.userToken(inviter, ['User.Invite.All']) })).status, 201)
    await patch({ allowInvitesFrom: 'everyone' })
    const guest = await person(service, 'gus', { userType: 'Guest' })
    t.equal((await invite({ token: await service.userToken(guest, ['User.Invite.All']) })).status, 201)
    await patch({ allowInvitesFrom: 'adminsGuestInvitersAndAllMembers' })
    t.equal((await invite({ token: await service.userToken(guest, ['User.Invite.All']) })).status, 403)
    t.equal((await invite()).status, 201)
  })

  await t.test('is in force for another process from the commit on, whatever that process remembers', async (t) => {
    // As another process would: the change is written without telling this one, whose caches still say yes.
    t.equal((await invite()).status, 201)
    await service.rows(`update tenants set version = version + 1 where id = '${service.tenantId}'`)
    await service.rows(
      `update tenant_policies set "authorization" = "authorization" || '{"allowInvitesFrom":"none"}' where tenant_id = '${service.tenantId}'`,
    )
    const answers = await Promise.all(Array.from({ length: 20 }, () => invite()))
    t.strictSame([...new Set(answers.map(({ status }) => status))], [403])
    await patch({ allowInvitesFrom: 'everyone' })
  })

  await t.test('who may read and change it', async (t) => {
    const reader = { token: await service.appToken(['Policy.Read.All']) }
    t.equal((await service.api('GET', AUTHORIZATION, undefined, reader)).status, 200)
    t.equal((await patch({ displayName: 'x' }, reader)).status, 403)
    const stranger = { token: await service.appToken(['User.ReadWrite.All']) }
    t.equal((await service.api('GET', AUTHORIZATION, undefined, stranger)).status, 403)
    const member = await person(service, 'mia', { role: ROLES.userAdministrator })
    const scopes = ['Policy.ReadWrite.Authorization']
    t.equal((await patch({ displayName: 'x' }, { token: await service.userToken(member, scopes) })).status, 403)
    t.equal(
      (await patch({ displayName: 'x' }, { token: await service.userToken(service.adminId, scopes) })).status,
      204,
    )
    t.match(
      await service.rows(
        "select * from audit_events where activity_display_name = 'Update authorization policy' order by id desc limit 1",
      ),
      [
        {
          category: 'Policy',
          initiated_by: { kind: 'user', id: service.adminId },
          additional_details: { changes: { displayName: 'x' } },
        },
      ],
    )
  })
})

t.test('the policy of domains', async (t) => {
  const service = await startService(t)
  const put = (body: unknown, options = {}) => service.api('PUT', DOMAINS, body, options)
  const get = async () => (await service.api('GET', DOMAINS)).body
  const invite = async (address: string) =>
    (
      await service.api('POST', '/invitations', {
        invitedUserEmailAddress: address,
        inviteRedirectUrl: 'https://app.example',
      })
    ).body.error?.innerError.code

  await t.test('lets guests come from anywhere at first', async (t) => {
    t.match(await get(), { mode: 'any', domains: [] })
  })

  await t.test('is replaced whole, and kept in one spelling', async (t) => {
    const answer = await put({ mode: 'blockList', domains: ['Evil.Example', '*.BÜCHER.example', 'evil.example'] })
    t.equal(answer.status, 200)
    t.match(answer.body, { mode: 'blockList', domains: ['evil.example', '*.xn--bcher-kva.example'] })
    t.match(await get(), { mode: 'blockList', domains: ['evil.example', '*.xn--bcher-kva.example'] })
    t.equal(await invite('a@EVIL.example'), 'domainBlocked')
    t.equal(await invite('a@mail.bücher.example'), 'domainBlocked')
    t.equal(await invite('a@bücher.example'), undefined)
    t.equal(await invite('a@sub.evil.example'), undefined)
    await put({ mode: 'allowList', domains: ['partner.example'] })
    t.equal(await invite('a@evil.example'), 'domainNotAllowed')
    t.equal(await invite('a@partner.example'), undefined)
    t.match((await put({ mode: 'any' })).body, { mode: 'any', domains: [] })
    t.equal(await invite('a@evil.example'), undefined)
  })

  await t.test('a pending guest whose domain is blocked since cannot accept; one who accepted stays in', async (t) => {
    const pending = await service.invite('pending@partner.example')
    const accepted = await service.invite('accepted@partner.example')
    const inside = new Guest()
    await inside.accept(service, accepted.inviteRedeemUrl, 'accepted@partner.example')
    const outside = new Guest()
    await outside.signIn(service, pending.inviteRedeemUrl, 'pending@partner.example')
    await put({ mode: 'blockList', domains: ['partner.example'] })
    const refused = await outside.post(pending.inviteRedeemUrl, { choice: 'accept' })
    t.equal(refused.status, 403)
    t.equal(refused.name, 'blocked')
    t.equal((await service.api('GET', `/invitations/${pending.id}`)).body.status, 'PendingAcceptance')
    t.equal((await inside.get(accepted.inviteRedeemUrl)).status, 303)
    await put({ mode: 'any' })
    t.equal(
      (await outside.post(pending.inviteRedeemUrl, { choice: 'accept' })).status,
      303,
      'and can once it is allowed again',
    )
  })

  await t.test('refuses lists that make no sense', async (t) => {
    const before = await get()
    const cases: [body: unknown, code: string][] = [
      [{ mode: 'any', domains: ['partner.example'] }, 'listWithoutMode'],
      [{ mode: 'allowList', domains: ['partner'] }, 'malformedDomain'],
      [{ mode: 'allowList', domains: ['a@partner.example'] }, 'malformedDomain'],
      [{ mode: 'allowList', domains: ['https://partner.example'] }, 'malformedDomain'],
      [{ mode: 'allowList', domains: ['*'] }, 'malformedDomain'],
      [{ mode: 'allowList', domains: ['*.*.example'] }, 'malformedDomain'],
      [{ mode: 'allowList', domains: ['par*.example'] }, 'malformedDomain'],
      [{ mode: 'allowList', domains: [''] }, 'malformedDomain'],
      [
        { mode: 'allowList', domains: Array.from({ length: 1_500 }, (_, n) => `partner-number-${n}.example`) },
        'listTooLong',
      ],
      [{ mode: 'sometimes', domains: [] }, 'invalidValue'],
      [{ domains: [] }, 'missingProperty'],
      [{ mode: 'any', domain: [] }, 'unknownProperty'],
    ]
    for (const [body, code] of cases) {
      const answer = await put(body)
      t.equal(answer.status, 400, JSON.stringify(body).slice(0, 60))
      t.equal(answer.body.error.innerError.code, code)
    }
    t.strictSame(await get(), before)
  })

  await t.test('who may read and change it', async (t) => {
    const reader = { token: await service.appToken(['Policy.Read.All']) }
    t.equal((await service.api('GET', DOMAINS, undefined, reader)).status, 200)
    t.equal((await put({ mode: 'any' }, reader)).status, 403)
    const scopes = ['Policy.ReadWrite.Authorization']
    const member = await person(service, 'mia')
    t.equal((await put({ mode: 'any' }, { token: await service.userToken(member, scopes) })).status, 403)
    t.equal((await put({ mode: 'any' }, { token: await service.userToken(service.adminId, scopes) })).status, 200)
  })
})
