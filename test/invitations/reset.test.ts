import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { Guest } from '../support/guest.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('resetting a redemption', async (t) => {
  const service = await startService(t)
  const reset = (address: string, id: string, change = {}, options = {}) =>
    service.api(
      'POST',
      '/invitations',
      {
        invitedUserEmailAddress: address,
        inviteRedirectUrl: 'https://app.example',
        invitedUser: { id },
        resetRedemption: true,
        ...change,
      },
      options,
    )
  const user = async (id: string) =>
    (await service.api('GET', `/users/${id}?$select=id,mail,otherMails,userPrincipalName,externalUserState,identities`))
      .body

  await t.test('back to pending with the same id and name; the old session, links and identity are over', async (t) => {
    const made = await service.invite('ana@partner.example')
    const id: string = made.invitedUser.id
    const guest = new Guest()
    await guest.accept(service, made.inviteRedeemUrl, 'ana@partner.example')
    t.equal((await guest.get(made.inviteRedeemUrl)).status, 303)

    const answer = await reset('ana@partner.example', id)
    t.equal(answer.status, 201)
    t.match(answer.body, { status: 'PendingAcceptance', resetRedemption: true, invitedUser: { id } })
    const after = await user(id)
    t.match(after, {
      id,
      externalUserState: 'PendingAcceptance',
      userPrincipalName: 'ana_partner.example#EXT#@contoso.example',
    })
    t.strictSame(
      after.identities.map(({ issuer }: { issuer: string }) => issuer),
      ['contoso.example'],
    )

    const old = await guest.get(made.inviteRedeemUrl)
    t.equal(old.status, 410)
    t.equal(old.name, 'revoked')
    t.equal((await guest.get(answer.body.inviteRedeemUrl)).name, 'start', 'the session of before is over')
    const landed = await new Guest()
      .accept(service, answer.body.inviteRedeemUrl, 'ana@partner.example')
      .catch(() => undefined)
    // Codes to one address are thirty seconds apart.
    if (!landed) service.advance(31_000)
    const again = landed ?? (await new Guest().accept(service, answer.body.inviteRedeemUrl, 'ana@partner.example'))
    t.equal(again.status, 303)
    t.equal((await user(id)).externalUserState, 'Accepted')
    t.match(
      await service.rows(
        `select activity_display_name from audit_events where additional_details->>'invitationId' = '${answer.body.id}' and logged_by_service = 'Invited Users' order by activity_date_time`,
      ),
      [
        { activity_display_name: 'Invite external user with reset invitation status' },
        { activity_display_name: 'Redeem external user invite' },
      ],
    )
  })

  await t.test('to another address, which must be the guest’s already', async (t) => {
    const made = await service.invite('bo@partner.example')
    const id: string = made.invitedUser.id
    const refused = await reset('bo@home.example', id)
    t.equal(refused.status, 400)
    t.equal(refused.body.error.innerError.code, 'addressNotOnUser')
    t.equal((await user(id)).mail, 'bo@partner.example')
    await service.api('PATCH', `/users/${id}`, { otherMails: ['Bo@Home.example'] })
    const answer = await reset('bo@home.example', id, { sendInvitationMessage: true })
    t.equal(answer.status, 201)
    const after = await user(id)
    t.equal(after.mail, 'bo@home.example')
    t.ok(after.otherMails.includes('bo@partner.example'), 'the old address stays among the others')
    const [mail] = await service.waitForMails('bo@home.example')
    t.ok(mail?.links.includes(answer.body.inviteRedeemUrl))
    t.equal((await new Guest().get(made.inviteRedeemUrl)).status, 410)
    t.match((await service.api('GET', `/invitations/${made.id}`)).body, {
      status: 'Revoked',
      history: [{ event: 'invited' }, { event: 'reset' }],
    })
    t.equal((await new Guest().accept(service, answer.body.inviteRedeemUrl, 'bo@home.example')).status, 303)
  })

  await t.test('not to an address that somebody else has', async (t) => {
    const made = await service.invite('cy@partner.example')
    await service.invite('taken@partner.example')
    const answer = await reset('taken@partner.example', made.invitedUser.id)
    t.equal(answer.status, 400)
  })

  await t.test('with an Idempotency-Key resets once', async (t) => {
    const made = await service.invite('dee@partner.example')
    const options = { headers: { 'idempotency-key': 'reset' } }
    const first = await reset('dee@partner.example', made.invitedUser.id, {}, options)
    const again = await reset('dee@partner.example', made.invitedUser.id, {}, options)
    t.strictSame([first.status, again.status], [201, 201])
    t.equal(again.body.id, first.body.id)
    t.equal((await new Guest().get(first.body.inviteRedeemUrl)).name, 'start', 'the second request killed no link')
  })

  await t.test('is refused for internal users, administrators and strangers, and leaves no trace', async (t) => {
    const internal = await person(service, 'ingo')
    await service.api('PATCH', `/users/${internal}`, { mail: 'ingo@home.example' })
    const privileged = await service.invite('eve@partner.example')
    const id: string = privileged.invitedUser.id
    await service.rows(
      `insert into directory_role_assignments values ('${service.tenantId}', '${id}', '${ROLES.guestInviter}', now())`,
    )
    const before = await service.rows('select * from users order by id')
    t.equal((await reset('ingo@home.example', internal)).body.error.innerError.code, 'notExternal')
    t.equal((await reset('eve@partner.example', id)).body.error.innerError.code, 'privilegedTarget')
    const helper = await person(service, 'hal', { role: ROLES.helpdeskAdministrator })
    const token = await service.userToken(helper, ['User.Invite.All'])
    t.equal((await reset('eve@partner.example', id, {}, { token })).body.error.innerError.code, 'privilegedTarget')
    t.equal((await reset('eve@partner.example', service.tenantId)).status, 404)
    const inviter = await person(service, 'gina', { role: ROLES.guestInviter })
    const weak = { token: await service.userToken(inviter, ['User.Invite.All']) }
    t.equal((await reset('eve@partner.example', id, {}, weak)).body.error.innerError.code, 'resetNeedsAdministrator')
    const made = [internal, id]
    const after = (await service.rows('select * from users order by id')).filter(({ id: one }) =>
      before.some((row) => row['id'] === one),
    )
    t.strictSame(
      after.filter(({ id: one }) => made.includes(one)),
      before.filter(({ id: one }) => made.includes(one)),
    )
    const boss = { token: await service.userToken(service.adminId, ['User.Invite.All']) }
    t.equal((await reset('eve@partner.example', id, {}, boss)).status, 201, 'a Global Administrator may')
  })
})

t.test('whose invitations a person sees and manages', async (t) => {
  const service = await startService(t, { workers: false })
  await service.api('PATCH', '/policies/authorizationPolicy', { allowInvitesFrom: 'everyone' })
  const scopes = ['User.Invite.All', 'User.Read.All']
  const as = async (name: string, about = {}) => ({
    token: await service.userToken(await person(service, name, about), scopes),
  })
  const [guest, otherGuest, member, administrator] = [
    await as('gus', { userType: 'Guest' }),
    await as('gil', { userType: 'Guest' }),
    await as('mia'),
    await as('uma', { role: ROLES.userAdministrator }),
  ]
  const wish = { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example' }
  const { body } = await service.api('POST', '/invitations', wish, guest)
  const path = `/invitations/${body.id}`
  const listed = async (options: object) =>
    (await service.api('GET', '/invitations', undefined, options)).body.value.length
  const verb = async (name: string, options: object) =>
    (await service.api('POST', `${path}/${name}`, undefined, options)).status

  t.equal((await service.api('GET', path, undefined, guest)).status, 200, 'a guest reads what they made')
  t.equal(await listed(guest), 1)
  t.equal((await service.api('GET', path, undefined, otherGuest)).status, 404, 'and knows of nothing else')
  t.equal(await listed(otherGuest), 0)
  t.equal((await service.api('GET', path, undefined, member)).status, 200)

  for (const name of ['resend', 'revoke']) {
    t.equal(await verb(name, otherGuest), 404, `another guest: ${name}`)
    t.equal(await verb(name, member), 403, `a member who did not make it: ${name}`)
  }
  t.equal((await service.api('GET', path)).body.status, 'PendingAcceptance')
  t.equal(await verb('resend', guest), 200)
  t.equal(await verb('revoke', administrator), 204)
})
