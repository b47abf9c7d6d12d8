import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('every refusal names its property, and nothing is written', async (t) => {
  const service = await startService(t, { workers: false })
  const disabled = await person(service, 'dora', { accountEnabled: false })
  const token = await service.appToken(['User.Invite.All'])
  const all = async () => {
    const tables = [
      'users',
      'invitations',
      'invitation_mails',
      'outbox',
      'audit_events',
      'idempotency_keys',
      'user_sponsors',
    ]
    return Promise.all(
      tables.map(async (table) => (await service.rows(`select count(*)::int as n from ${table}`))[0]?.['n']),
    )
  }
  const before = await all()
  const cases: [
    title: string,
    wish: Record<string, unknown>,
    status: number,
    inner: string,
    target: string | undefined,
  ][] = [
    ['malformed address', { invitedUserEmailAddress: 'ana' }, 400, 'malformedAddress', 'invitedUserEmailAddress'],
    ['relative redirect', { inviteRedirectUrl: '/x' }, 400, 'malformedUrl', 'inviteRedirectUrl'],
    ['script redirect', { inviteRedirectUrl: 'javascript:alert(1)' }, 400, 'malformedUrl', 'inviteRedirectUrl'],
    ['past expiry', { expiresDateTime: '2020-01-01T00:00:00Z' }, 400, 'expiresInPast', 'expiresDateTime'],
    ['expiry that is no time', { expiresDateTime: 'soon' }, 400, 'invalidValue', 'expiresDateTime'],
    ['unknown property', { inviteRedirectURI: 'https://app.example' }, 400, 'unknownProperty', 'inviteRedirectURI'],
    [
      'unknown sponsor',
      { invitedUserSponsors: [{ id: service.tenantId }] },
      400,
      'unknownSponsor',
      'invitedUserSponsors',
    ],
    [
      'message over the limit',
      { invitedUserMessageInfo: { customizedMessageBody: 'x'.repeat(5_000) } },
      400,
      'invalidValue',
      'invitedUserMessageInfo.customizedMessageBody',
    ],
    [
      'internal user by mail',
      { invitedUserEmailAddress: 'dora@contoso.example' },
      400,
      'verifiedDomain',
      'invitedUserEmailAddress',
    ],
    ['reset without a user', { resetRedemption: true }, 400, 'resetNeedsUser', 'invitedUser'],
    [
      'member by an application that may only invite',
      { invitedUserType: 'Member' },
      403,
      'memberNeedsAdministrator',
      'invitedUserType',
    ],
    [
      'reset by an application that may only invite',
      { resetRedemption: true, invitedUser: { id: disabled } },
      403,
      'resetNeedsAdministrator',
      'resetRedemption',
    ],
    ['unknown user', { invitedUser: { id: service.tenantId } }, 404, 'userNotFound', 'invitedUser'],
  ]
  for (const [title, wish, status, inner, target] of cases) {
    const { status: seen, body } = await service.api(
      'POST',
      '/invitations',
      { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example', ...wish },
      { token, headers: { 'idempotency-key': title.replaceAll(' ', '-') } },
    )
    t.equal(seen, status, title)
    t.equal(body.error.innerError.code, inner, title)
    t.equal(body.error.target, target, title)
  }
  t.strictSame(await all(), before, 'nothing was written, idempotency keys included')
})

t.test('an address of an internal user, outside the verified domains, is told by id', async (t) => {
  const service = await startService(t, { workers: false })
  const id = await person(service, 'eve')
  await service.api('PATCH', `/users/${id}`, { otherMails: ['eve@home.example'] })
  const invite = () =>
    service.api('POST', '/invitations', {
      invitedUserEmailAddress: 'EVE@home.example',
      inviteRedirectUrl: 'https://app.example',
    })
  const refused = await invite()
  t.equal(refused.status, 400)
  t.equal(
    refused.body.error.message,
    `The invited user already exists in the directory as object ID: ${id}. They can use that account to sign in to shared apps and resources.`,
  )
  await service.api('PATCH', `/users/${id}`, { accountEnabled: false })
  t.match((await invite()).body.error.message, `as object ID: ${id}, but the account is blocked from signing in.`)
  t.equal((await service.rows('select * from invitations')).length, 0)
})

t.test('a member, and an internal user who becomes a guest', async (t) => {
  const service = await startService(t, { workers: false })
  const member = await service.invite('mia@partner.example', { invitedUserType: 'Member' })
  t.equal(member.invitedUserType, 'Member')
  t.match((await service.api('GET', `/users/${member.invitedUser.id}?$select=userType,creationType`)).body, {
    userType: 'Member',
    creationType: 'Invitation',
  })

  const id = await person(service, 'finn')
  const convert = (token?: string) =>
    service.api(
      'POST',
      '/invitations',
      { invitedUserEmailAddress: 'finn@home.example', inviteRedirectUrl: 'https://app.example', invitedUser: { id } },
      token === undefined ? {} : { token },
    )
  t.equal((await convert()).body.error.innerError.code, 'addressNotOnUser', 'the mail must be set first')
  t.equal((await service.api('PATCH', `/users/${id}`, { mail: 'finn@home.example' })).status, 204)
  t.equal((await convert(await service.appToken(['User.Invite.All']))).status, 403)
  const made = await convert()
  t.equal(made.status, 201)
  t.equal(made.body.invitedUser.id, id)
  t.match((await service.api('GET', `/users/${id}?$select=userType,externalUserState,userPrincipalName`)).body, {
    userType: 'Member',
    externalUserState: 'PendingAcceptance',
    userPrincipalName: 'finn@contoso.example',
  })

  const admin = await service.api('POST', '/invitations', {
    invitedUserEmailAddress: 'admin@contoso.example',
    inviteRedirectUrl: 'https://app.example',
    invitedUser: { id: service.adminId },
  })
  t.not(admin.status, 201, 'an application changes no administrator')
  const role = await service.rows(`select * from directory_role_assignments where principal_id = '${service.adminId}'`)
  t.match(role, [{ role_template_id: ROLES.globalAdministrator }])
})
