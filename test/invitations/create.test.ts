import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

const DAY_MS = 86_400_000

t.test('one invitation: what is answered, and every row it leaves', async (t) => {
  const service = await startService(t, { workers: false })
  const before = Date.now()
  const answer = await service.api('POST', '/invitations', {
    invitedUserEmailAddress: 'Ana+x@Bücher.example',
    inviteRedirectUrl: 'https://app.example/welcome',
    invitedUserDisplayName: 'Ana Bell',
    sendInvitationMessage: true,
    invitedUserMessageInfo: {
      customizedMessageBody: 'Welcome!',
      messageLanguage: 'de-AT',
      ccRecipients: [{ emailAddress: { name: 'Bo', address: 'bo@partner.example' } }],
    },
    contactUrl: 'mailto:help@contoso.example',
  })
  t.equal(answer.status, 201)
  const { id, invitedUser } = answer.body
  t.equal(answer.headers.get('location'), `${service.baseUrl}/v1.0/invitations/${id}`)
  t.match(
    answer.body.inviteRedeemUrl,
    `${service.baseUrl}/redeem?tenant=${service.tenantId}&user=${invitedUser.id}&ticket=`,
  )

  const [invitation] = await service.rows('select * from invitations')
  const { created_date_time: createdAt, expires_date_time: expiresAt, history, ...columns } = invitation ?? {}
  t.strictSame(columns, {
    tenant_id: service.tenantId,
    id,
    user_id: invitedUser.id,
    invited_user_email_address: 'Ana+x@Bücher.example',
    address_folded: 'ana+x@xn--bcher-kva.example',
    invited_user_display_name: 'Ana Bell',
    invited_user_type: 'Guest',
    invite_redirect_url: 'https://app.example/welcome',
    send_invitation_message: true,
    message_language: 'de-AT',
    customized_message_body: 'Welcome!',
    cc_name: 'Bo',
    cc_address: 'bo@partner.example',
    contact_url: 'mailto:help@contoso.example',
    reset_redemption: false,
    status: 'pending',
    ticket_version: 1,
    redeemed_date_time: null,
    ended_date_time: null,
    inviter_kind: 'application',
    inviter_id: invitation?.['inviter_id'],
    inviter_name: 'Every permission',
    inviter_mail: null,
    sent_count: 0,
    last_sent_date_time: null,
    delivery_state: 'queued',
    delivery_reason: null,
    delivery_date_time: createdAt,
  })
  t.ok(createdAt >= before && createdAt <= Date.now())
  t.equal(expiresAt - createdAt, 30 * DAY_MS, 'the default of the organization')
  t.match(history, [{ event: 'invited', actor: { kind: 'application', displayName: 'Every permission' } }])

  const [user] = await service.rows(`select * from users where id = '${invitedUser.id}'`)
  t.match(user, {
    user_principal_name: 'Ana+x_xn--bcher-kva.example#EXT#@contoso.example',
    display_name: 'Ana Bell',
    mail: 'Ana+x@Bücher.example',
    mail_folded: 'ana+x@xn--bcher-kva.example',
    mail_nickname: 'Ana+x_xn--bcher-kva.example#EXT#',
    user_type: 'Guest',
    creation_type: 'Invitation',
    external_user_state: 'PendingAcceptance',
    external_user_state_change_date_time: createdAt,
    account_enabled: true,
    created_date_time: createdAt,
    deleted_date_time: null,
  })
  const [mail] = await service.rows('select * from invitation_mails')
  t.match(mail, {
    invitation_id: id,
    recipient_folded: 'ana+x@xn--bcher-kva.example',
    state: 'queued',
    inviter_kind: 'application',
  })
  const outbox = await service.rows('select * from outbox')
  t.match(outbox, [{ id: mail?.['id'], topic: 'invitation.mail', subject_id: id, tenant_id: service.tenantId }])
  t.notMatch(JSON.stringify(outbox), /ana|b(ü|xn)|welcome/i, 'ids only')
  const audit = await service.rows('select * from audit_events order by activity_display_name')
  t.strictSame(
    audit.map((event) => [
      event['activity_display_name'],
      event['logged_by_service'],
      event['target_id'],
      event['initiated_by'].kind,
    ]),
    [
      ['Add user', 'Core Directory', invitedUser.id, 'application'],
      ['Invite external user', 'Invited Users', invitedUser.id, 'application'],
    ],
  )
})

t.test('variants of a good invitation', async (t) => {
  const service = await startService(t, { workers: false })

  await t.test('without a mail nothing is queued, and delivery is null', async (t) => {
    const made = await service.invite('quiet@partner.example')
    t.equal(made.sendInvitationMessage, false)
    const { body } = await service.api('GET', `/invitations/${made.id}`)
    t.equal(body.delivery, null)
    t.equal((await service.rows('select * from outbox')).length, 0)
  })

  await t.test('a guest without a name is called by the local part, and the invitation by none', async (t) => {
    const made = await service.invite('Zoe.K@partner.example')
    t.equal(made.invitedUserDisplayName, null)
    const { body } = await service.api('GET', `/users/${made.invitedUser.id}`)
    t.equal(body.displayName, 'Zoe.K')
  })

  await t.test('expiresDateTime: a moment, null for never, and the default when it is not named', async (t) => {
    const at = new Date(Date.now() + DAY_MS).toISOString()
    t.equal((await service.invite('e1@partner.example', { expiresDateTime: at })).expiresDateTime, at)
    const never = await service.invite('e2@partner.example', { expiresDateTime: null })
    t.equal(never.expiresDateTime, null)
    t.equal((await service.api('GET', `/invitations/${never.id}`)).body.expiresDateTime, null)
    const usual = await service.invite('e3@partner.example')
    t.notOk('expiresDateTime' in usual, 'the answer has no property of ours that was not used')
    const { body } = await service.api('GET', `/invitations/${usual.id}`)
    t.equal(Date.parse(body.expiresDateTime) - Date.parse(body.createdDateTime), 30 * DAY_MS)
  })

  await t.test('an address in another spelling finds the same guest and makes a new invitation', async (t) => {
    const first = await service.invite('bo@bücher.example')
    const second = await service.invite('BO@XN--BCHER-KVA.example')
    t.equal(second.invitedUser.id, first.invitedUser.id)
    t.not(second.id, first.id)
    t.not(second.inviteRedeemUrl, first.inviteRedeemUrl)
  })

  await t.test('an address among the other mails of a guest finds that guest', async (t) => {
    const first = await service.invite('cy@partner.example')
    const patched = await service.api('PATCH', `/users/${first.invitedUser.id}`, { otherMails: ['Cy@Home.example'] })
    t.equal(patched.status, 204)
    const second = await service.invite('cy@home.example')
    t.equal(second.invitedUser.id, first.invitedUser.id)
  })

  await t.test('a person who invites becomes the sponsor, unless sponsors are named or known', async (t) => {
    const inviter = await person(service, 'inga')
    const other = await person(service, 'otto')
    const token = await service.userToken(inviter, ['User.Invite.All'])
    const wish = { invitedUserEmailAddress: 'dee@partner.example', inviteRedirectUrl: 'https://app.example' }
    const sponsors = async (user: string) =>
      (await service.rows(`select sponsor_id from user_sponsors where user_id = '${user}' order by ordinal`)).map(
        (row) => row['sponsor_id'],
      )

    const { body } = await service.api('POST', '/invitations', wish, { token })
    const guest = body.invitedUser.id
    t.strictSame(await sponsors(guest), [inviter])
    await service.api('POST', '/invitations', wish, { token: await service.userToken(other, ['User.Invite.All']) })
    t.strictSame(await sponsors(guest), [inviter], 'a guest who has a sponsor keeps them')
    await service.invite('dee@partner.example', { invitedUserSponsors: [{ id: other }, { id: service.adminId }] })
    t.strictSame(await sponsors(guest), [other, service.adminId], 'named sponsors replace them, in their order')
    await service.invite('dee@partner.example')
    t.strictSame(await sponsors(guest), [other, service.adminId])

    const [row] = await service.rows(`select * from invitations where id = '${body.id}'`)
    t.match(row, {
      inviter_kind: 'user',
      inviter_id: inviter,
      inviter_name: 'inga',
      inviter_mail: 'inga@contoso.example',
    })
  })
})

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

t.test('a guest who accepted is invited again: Completed at once, the same user, nothing pending', async (t) => {
  const service = await startService(t, { workers: false })
  const first = await service.invite('gus@partner.example')
  await service.rows(
    `update users set external_user_state = 'Accepted', external_user_state_change_date_time = now() where id = '${first.invitedUser.id}'`,
  )
  const again = await service.invite('gus@partner.example')
  t.equal(again.status, 'Completed')
  t.equal(again.invitedUser.id, first.invitedUser.id)
})

t.test('fifty invitations of one address at once make one guest and fifty invitations', async (t) => {
  const service = await startService(t, { workers: false })
  const made = await Promise.all(Array.from({ length: 50 }, () => service.invite('hana@partner.example')))
  t.equal(new Set(made.map(({ invitedUser }) => invitedUser.id)).size, 1)
  t.equal(new Set(made.map(({ id }) => id)).size, 50)
  t.match(await service.rows("select count(*)::int as n from users where user_type = 'Guest'"), [{ n: 1 }])
  t.match(await service.rows("select count(*)::int as n from audit_events where activity_display_name = 'Add user'"), [
    { n: 1 },
  ])
})
