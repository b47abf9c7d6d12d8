import t from 'tap'
import { updateTenant } from '../../src/tenants/index.js'
import { Guest } from '../support/guest.js'
import { lastingToken, lastingUserToken, person } from '../support/people.js'
import { startService, type TestService } from '../support/service.js'

const HOUR_MS = 3_600_000

const history = async (service: TestService, id: string): Promise<string[]> =>
  (await service.api('GET', `/invitations/${id}`)).body.history.map(({ event }: { event: string }) => event)

const mailsOf = async (service: TestService, id: string): Promise<number> =>
  (await service.rows(`select count(*)::int as n from invitation_mails where invitation_id = '${id}'`))[0]?.['n']

async function setTenant(service: TestService, settings: Record<string, number | null>): Promise<void> {
  await updateTenant(service.services.database.orm, service.tenantId, { settings })
  service.services.tenants.forget(service.tenantId)
}

t.test('sending an invitation once more', async (t) => {
  const service = await startService(t, { workers: false })
  const lasting = await lastingToken(service)
  const resend = (id: string, options = {}) =>
    service.api('POST', `/invitations/${id}/resend`, undefined, { token: lasting, ...options })
  const invite = async (invitedUserEmailAddress: string, wish = {}, token = lasting) => {
    const body = { invitedUserEmailAddress, inviteRedirectUrl: 'https://app.example', ...wish }
    const answer = await service.api('POST', '/invitations', body, { token })
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.body
  }

  await t.test('answers the resource, queues one mail and says who did it', async (t) => {
    const made = await invite('ana@partner.example')
    const answer = await resend(made.id)
    t.equal(answer.status, 200)
    t.match(answer.body, { id: made.id, status: 'PendingAcceptance', delivery: { state: 'queued', reason: null } })
    t.match(answer.body.history, [
      { event: 'invited' },
      { event: 'resent', actor: { application: { displayName: 'Every permission' } } },
    ])
    t.equal(await mailsOf(service, made.id), 1)
    t.match(await service.rows(`select * from outbox where subject_id = '${made.id}'`), [{ topic: 'invitation.mail' }])
    t.match(
      await service.rows(
        `select activity_display_name from audit_events where additional_details->>'invitationId' = '${made.id}' order by id`,
      ),
      [{ activity_display_name: 'Invite external user' }, { activity_display_name: 'Resend external user invite' }],
    )
  })

  await t.test('waits sixty seconds between two mails, the first one included', async (t) => {
    const made = await invite('bo@partner.example', { sendInvitationMessage: true })
    const tooSoon = await resend(made.id)
    t.equal(tooSoon.status, 429)
    t.equal(tooSoon.body.error.innerError.code, 'resentTooSoon')
    const wait = Number(tooSoon.headers.get('retry-after'))
    t.ok(wait > 50 && wait <= 60, `Retry-After ${wait}`)
    t.equal(await mailsOf(service, made.id), 1)
    service.advance(wait * 1_000)
    t.equal((await resend(made.id)).status, 200)
    t.equal(await mailsOf(service, made.id), 2)
  })

  await t.test('keeps to the cap of the recipient, and tells when it ends', async (t) => {
    await setTenant(service, { mailsPerRecipientAndDay: 2 })
    const made = await invite('cy@partner.example', { sendInvitationMessage: true })
    service.advance(HOUR_MS)
    t.equal((await resend(made.id)).status, 200)
    service.advance(HOUR_MS)
    const over = await resend(made.id)
    t.equal(over.status, 429)
    const wait = Number(over.headers.get('retry-after'))
    t.ok(wait > 21 * 3_600 && wait <= 22 * 3_600, `Retry-After ${wait}: until the first of the two is a day old`)
    service.advance(wait * 1_000)
    t.equal((await resend(made.id)).status, 200)
    await setTenant(service, { mailsPerRecipientAndDay: 10 })
  })

  await t.test('keeps to the cap of a person, and of an application only where the organization set one', async (t) => {
    await setTenant(service, { mailsPerInviterAndDay: 1 })
    const inviter = await person(service, 'inga')
    const token = await lastingUserToken(service, inviter, ['User.Invite.All'])
    const first = await invite('d1@partner.example', {}, token)
    const second = await invite('d2@partner.example', {}, token)
    t.equal((await resend(first.id, { token })).status, 200)
    const over = await resend(second.id, { token })
    t.equal(over.status, 429)
    t.ok(over.headers.get('retry-after'))
    t.equal((await resend(second.id)).status, 200, 'the application has no cap')
    await setTenant(service, { mailsPerInviterAndDay: 200, mailsPerApplicationAndDay: 0 })
    service.advance(HOUR_MS)
    t.equal((await resend(second.id)).status, 429)
    await setTenant(service, { mailsPerApplicationAndDay: null })
  })

  await t.test('does not go to somebody who blocked the organization', async (t) => {
    const made = await invite('eve@partner.example')
    await service.rows(`insert into mail_blocks values ('${service.tenantId}', 'eve@partner.example', now())`)
    const answer = await resend(made.id)
    t.equal(answer.status, 403)
    t.equal(answer.body.error.innerError.code, 'recipientBlocked')
    t.equal(await mailsOf(service, made.id), 0)
  })

  await t.test('is for pending invitations only', async (t) => {
    const expired = await invite('f1@partner.example', {
      expiresDateTime: new Date(service.services.clock().getTime() + 60_000).toISOString(),
    })
    const revoked = await invite('f2@partner.example')
    await service.api('POST', `/invitations/${revoked.id}/revoke`, undefined, { token: lasting })
    service.advance(61_000)
    for (const [id, code] of [
      [expired.id, 'invitationEnded'],
      [revoked.id, 'invitationEnded'],
    ]) {
      const answer = await resend(id)
      t.equal(answer.status, 400)
      t.equal(answer.body.error.innerError.code, code)
      t.equal(await mailsOf(service, id), 0)
    }
    t.equal((await resend(service.tenantId)).status, 404)
    t.equal((await resend('ana')).status, 404)
  })

  await t.test('asks the policies of inviting, and answers in the words of the rule', async (t) => {
    const domains = (policy: object) =>
      service.api('PUT', '/policies/invitationDomainPolicy', policy, { token: lasting })
    const mayInvite = (allowInvitesFrom: string) =>
      service.api('PATCH', '/policies/authorizationPolicy', { allowInvitesFrom }, { token: lasting })
    const guest = await person(service, 'gita', { userType: 'Guest' })
    const guestToken = await lastingUserToken(service, guest, ['User.Invite.All'])
    await mayInvite('everyone')
    const made = await invite('ira@partner.example')
    const madeByGuest = await invite('ivo@partner.example', {}, guestToken)
    const sentOnce = await resend(made.id, { headers: { 'idempotency-key': 'before' } })
    t.equal(sentOnce.status, 200)
    service.advance(HOUR_MS)

    const cases: [change: () => Promise<{ status: number }>, code: string, words: RegExp][] = [
      [() => domains({ mode: 'blockList', domains: ['partner.example'] }), 'domainBlocked', /blocks this domain/],
      [() => domains({ mode: 'allowList', domains: ['other.example'] }), 'domainNotAllowed', /only listed domains/],
      [() => mayInvite('none'), 'invitationsNotAllowed', /^Guest invitations not allowed for your company/],
    ]
    for (const [change, code, words] of cases) {
      t.ok((await change()).status < 300)
      const asked = { invitedUserEmailAddress: 'ira@partner.example', inviteRedirectUrl: 'https://app.example' }
      const invited = await service.api('POST', '/invitations', asked, { token: lasting })
      const answer = await resend(made.id)
      t.equal(answer.status, 403, code)
      t.equal(answer.body.error.innerError.code, code)
      t.match(answer.body.error.message, words)
      t.equal(answer.body.error.message, invited.body.error.message, 'as if they were invited now')
      if (code !== 'invitationsNotAllowed') await domains({ mode: 'any' })
    }
    const repeated = await resend(made.id, { headers: { 'idempotency-key': 'before' } })
    t.equal(repeated.status, 200, 'what was answered before stays answered')
    t.equal(await mailsOf(service, made.id), 1)

    await mayInvite('adminsGuestInvitersAndAllMembers')
    t.equal((await resend(madeByGuest.id, { token: guestToken })).status, 403, 'guests may not invite any more')
    t.equal(await mailsOf(service, madeByGuest.id), 0)
    t.equal((await resend(made.id)).status, 200)
  })

  await t.test('with an Idempotency-Key sends once', async (t) => {
    const made = await invite('gus@partner.example')
    const options = { headers: { 'idempotency-key': 'once' } }
    const answers = await Promise.all([resend(made.id, options), resend(made.id, options), resend(made.id, options)])
    t.strictSame(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    t.equal(await mailsOf(service, made.id), 1)
    t.equal(
      (await resend(made.id, { headers: { 'idempotency-key': 'twice' } })).status,
      429,
      'another key is another wish',
    )
  })

  await t.test('ten at once send one mail', async (t) => {
    const made = await invite('hana@partner.example')
    const answers = await Promise.all(Array.from({ length: 10 }, () => resend(made.id)))
    t.equal(answers.filter(({ status }) => status === 200).length, 1)
    t.equal(answers.filter(({ status }) => status === 429).length, 9)
    t.equal(await mailsOf(service, made.id), 1)
  })
})

t.test('withdrawing an invitation', async (t) => {
  const service = await startService(t)
  const revoke = (id: string) => service.api('POST', `/invitations/${id}/revoke`)

  await t.test('ends every pending one of the guest, keeps the guest, and can be repeated', async (t) => {
    const [first, second] = [await service.invite('ana@partner.example'), await service.invite('ana@partner.example')]
    const other = await service.invite('bo@partner.example')
    t.equal((await revoke(first.id)).status, 204)
    t.equal((await revoke(first.id)).status, 204)
    t.equal((await revoke(second.id)).status, 204)
    for (const { id } of [first, second]) {
      const { body } = await service.api('GET', `/invitations/${id}`)
      t.equal(body.status, 'Revoked')
      t.strictSame(await history(service, id), ['invited', 'revoked'])
    }
    t.equal((await service.api('GET', `/invitations/${other.id}`)).body.status, 'PendingAcceptance')
    t.match((await service.api('GET', `/users/${first.invitedUser.id}?$select=externalUserState`)).body, {
      externalUserState: 'PendingAcceptance',
    })
    t.match(
      await service.rows(
        "select count(*)::int as n from audit_events where activity_display_name = 'Revoke external user invite'",
      ),
      [{ n: 1 }],
    )
    const page = await new Guest().get(second.inviteRedeemUrl)
    t.equal(page.status, 410)
    t.equal(page.name, 'revoked')
  })

  await t.test('is refused after acceptance, and changes nothing then', async (t) => {
    const made = await service.invite('cy@partner.example')
    await new Guest().accept(service, made.inviteRedeemUrl, 'cy@partner.example')
    const answer = await revoke(made.id)
    t.equal(answer.status, 400)
    t.equal(answer.body.error.innerError.code, 'invitationCompleted')
    t.equal((await service.api('GET', `/invitations/${made.id}`)).body.status, 'Completed')
    const resent = await service.api('POST', `/invitations/${made.id}/resend`)
    t.equal(resent.status, 400)
    t.equal(resent.body.error.innerError.code, 'invitationCompleted')
  })

  await t.test('of an expired one leaves it expired', async (t) => {
    const made = await service.invite('dee@partner.example', {
      expiresDateTime: new Date(service.services.clock().getTime() + 60_000).toISOString(),
    })
    service.advance(61_000)
    t.equal((await revoke(made.id)).status, 204)
  })

  await t.test('an unknown one is not found', async (t) => {
    t.equal((await revoke(service.tenantId)).status, 404)
    t.equal((await revoke('ana')).status, 404)
  })

  await t.test('needs the right to invite', async (t) => {
    const made = await service.invite('finn@partner.example')
    const token = await service.appToken(['User.Read.All'])
    for (const verb of ['revoke', 'resend'])
      t.equal((await service.api('POST', `/invitations/${made.id}/${verb}`, undefined, { token })).status, 403, verb)
    t.equal((await service.api('GET', `/invitations/${made.id}`)).body.status, 'PendingAcceptance')
  })
})
