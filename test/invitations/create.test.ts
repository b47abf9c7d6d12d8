import t from 'tap'
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
