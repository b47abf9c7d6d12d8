import t from 'tap'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('asking what would happen', async (t) => {
  const service = await startService(t, { workers: false })
  const evaluate = (change = {}, options = {}) =>
    service.api(
      'POST',
      '/invitations/evaluate',
      { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example', ...change },
      options,
    )
  const outcomes = (body: any) => Object.fromEntries(body.checks.map((check: any) => [check.name, check.outcome]))
  const counts = async () =>
    Promise.all(
      ['users', 'invitations', 'outbox', 'audit_events', 'idempotency_keys'].map(
        async (table) => (await service.rows(`select count(*)::int as n from ${table}`))[0]?.['n'],
      ),
    )

  await t.test('a new guest: every rule with its outcome, and nothing written', async (t) => {
    const before = await counts()
    const answer = await evaluate({ sendInvitationMessage: true }, { headers: { 'idempotency-key': 'e1' } })
    t.equal(answer.status, 200)
    t.equal(answer.body.allowed, true)
    t.strictSame(outcomes(answer.body), {
      allowInvitesFrom: 'passed',
      invitedUserType: 'notApplicable',
      resetRedemption: 'notApplicable',
      verifiedDomain: 'passed',
      invitationDomainPolicy: 'passed',
      existingUser: 'passed',
      mailDelivery: 'passed',
    })
    t.ok(answer.body.checks.every(({ message }: { message: string }) => message.length > 10))
    t.strictSame(await counts(), before)
  })

  await t.test('each rule that says no, in the words of the refusal', async (t) => {
    const token = await service.appToken(['User.Invite.All'])
    await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'blockList', domains: ['blocked.example'] })
    const member = await evaluate(
      { invitedUserType: 'Member', invitedUserEmailAddress: 'a@blocked.example' },
      { token },
    )
    t.equal(member.status, 200)
    t.equal(member.body.allowed, false)
    t.match(outcomes(member.body), {
      invitedUserType: 'failed',
      invitationDomainPolicy: 'failed',
      allowInvitesFrom: 'passed',
    })
    const refused = await service.api(
      'POST',
      '/invitations',
      { invitedUserEmailAddress: 'a@blocked.example', inviteRedirectUrl: 'https://app.example' },
      { token },
    )
    t.equal(
      member.body.checks.find(({ name }: { name: string }) => name === 'invitationDomainPolicy').message,
      refused.body.error.message,
    )
    const own = await evaluate({ invitedUserEmailAddress: 'a@contoso.example' })
    t.match(outcomes(own.body), { verifiedDomain: 'failed' })
  })

  await t.test('a guest who exists, an internal user, and a recipient who wants no mail', async (t) => {
    const guest = await service.invite('bo@partner.example')
    const again = await evaluate({ invitedUserEmailAddress: 'BO@partner.example' })
    t.equal(again.body.allowed, true)
    t.match(
      again.body.checks.find(({ name }: { name: string }) => name === 'existingUser').message,
      guest.invitedUser.id,
    )

    const id = await person(service, 'eve')
    await service.api('PATCH', `/users/${id}`, { otherMails: ['eve@home.example'] })
    const internal = await evaluate({ invitedUserEmailAddress: 'eve@home.example' })
    t.equal(internal.body.allowed, false)
    t.match(outcomes(internal.body), { existingUser: 'failed' })

    await service.rows(`insert into mail_blocks values ('${service.tenantId}', 'cy@partner.example', now())`)
    const blocked = await evaluate({ invitedUserEmailAddress: 'cy@partner.example', sendInvitationMessage: true })
    t.equal(blocked.body.allowed, true, 'the guest would be created')
    t.match(outcomes(blocked.body), { mailDelivery: 'failed' })
    t.match(outcomes((await evaluate({ invitedUserEmailAddress: 'cy@partner.example' })).body), {
      mailDelivery: 'notApplicable',
    })
  })

  await t.test('a malformed request is refused as an invitation would be', async (t) => {
    const answer = await evaluate({ invitedUserEmailAddress: 'ana' })
    t.equal(answer.status, 400)
    t.equal(answer.body.error.innerError.code, 'malformedAddress')
  })

  await t.test('needs the permission to invite', async (t) => {
    t.equal((await evaluate({}, { token: await service.appToken(['User.Read.All']) })).status, 403)
  })
})
