import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'

t.test('an organization does not learn of another', async (t) => {
  const service = await startService(t)
  const other = await service.otherTenant('fabrikam.example')
  const theirs = { token: other.token }
  const wish = { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example' }
  const ours = await service.invite('ana@partner.example')
  const counts = async (tenant: string) =>
    Promise.all(
      ['users', 'invitations', 'audit_events', 'invitation_mails'].map(
        async (table) => (await service.rows(`select count(*)::int as n from ${table}`, tenant))[0]?.['n'],
      ),
    )

  await t.test('invitations: not found, whatever is tried', async (t) => {
    const before = await counts(service.tenantId)
    const path = `/invitations/${ours.id}`
    t.equal((await service.api('GET', path, undefined, theirs)).status, 404)
    t.equal((await service.api('POST', `${path}/resend`, undefined, theirs)).status, 404)
    t.equal((await service.api('POST', `${path}/revoke`, undefined, theirs)).status, 404)
    t.strictSame((await service.api('GET', '/invitations', undefined, theirs)).body.value, [])
    const filter = encodeURIComponent(`id eq '${ours.id}'`)
    t.strictSame((await service.api('GET', `/invitations?$filter=${filter}`, undefined, theirs)).body.value, [])
    t.equal((await service.api('GET', path)).body.status, 'PendingAcceptance')
    t.strictSame(await counts(service.tenantId), before)
  })

  await t.test('users: not found, whatever is tried', async (t) => {
    for (const id of [ours.invitedUser.id, 'ana_partner.example%23EXT%23@contoso.example']) {
      t.equal((await service.api('GET', `/users/${id}`, undefined, theirs)).status, 404)
      t.equal((await service.api('PATCH', `/users/${id}`, { jobTitle: 'x' }, theirs)).status, 404)
      t.equal((await service.api('DELETE', `/users/${id}`, undefined, theirs)).status, 404)
    }
    const { body } = await service.api('GET', '/users', undefined, theirs)
    t.strictSame(
      body.value.map(({ mail }: { mail: string }) => mail),
      ['admin@fabrikam.example'],
    )
  })

  await t.test('another organization’s user cannot be named in an invitation', async (t) => {
    for (const change of [
      { invitedUser: { id: ours.invitedUser.id } },
      { invitedUser: { id: ours.invitedUser.id }, resetRedemption: true },
    ])
      t.equal((await service.api('POST', '/invitations', { ...wish, ...change }, theirs)).status, 404)
    const sponsored = await service.api(
      'POST',
      '/invitations',
      { ...wish, invitedUserSponsors: [{ id: service.adminId }] },
      theirs,
    )
    t.equal(sponsored.status, 400)
    t.equal(sponsored.body.error.innerError.code, 'unknownSponsor')
    t.match(await service.rows(`select ticket_version from invitations where id = '${ours.id}'`), [
      { ticket_version: 1 },
    ])
  })

  await t.test('policies are each organization’s own', async (t) => {
    await service.api('PATCH', '/policies/authorizationPolicy', { allowInvitesFrom: 'none' }, theirs)
    await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'blockList', domains: ['x.example'] }, theirs)
    t.equal(
      (await service.api('GET', '/policies/authorizationPolicy')).body.allowInvitesFrom,
      'adminsGuestInvitersAndAllMembers',
    )
    t.equal((await service.api('GET', '/policies/invitationDomainPolicy')).body.mode, 'any')
    t.equal((await service.api('POST', '/invitations', wish)).status, 201)
    t.equal((await service.api('POST', '/invitations', wish, theirs)).status, 403)
    await service.api('PATCH', '/policies/authorizationPolicy', { allowInvitesFrom: 'everyone' }, theirs)
  })

  await t.test('one address is a guest of each, known to neither by the other', async (t) => {
    const there = await service.api('POST', '/invitations', wish, theirs)
    t.equal(there.status, 201)
    t.not(there.body.invitedUser.id, ours.invitedUser.id)
    const browser = new Guest()
    await browser.accept(service, ours.inviteRedeemUrl, 'ana@partner.example')
    const page = await browser.get(there.body.inviteRedeemUrl)
    t.equal(page.name, 'start', 'a session of one organization is none in the other')
    t.match((await service.api('GET', `/invitations/${there.body.id}`, undefined, theirs)).body, {
      status: 'PendingAcceptance',
    })
  })

  await t.test('a link whose tenant is exchanged finds nothing', async (t) => {
    const link = ours.inviteRedeemUrl.replace(service.tenantId, other.tenantId)
    t.equal((await new Guest().get(link)).status, 404)
  })

  await t.test('a block of one organization does not stop the other', async (t) => {
    const address = 'bo@partner.example'
    const asked = await service.invite(address, { sendInvitationMessage: true })
    t.ok(asked)
    const [mail] = await service.waitForMails(address)
    const block = mail?.links.find((url) => url.includes('/signin/block?')) ?? ''
    const browser = new Guest()
    await browser.get(block)
    t.equal((await browser.post(block, { action: 'block', confirm: 'yes' })).status, 200)
    const sending = { ...wish, invitedUserEmailAddress: address, sendInvitationMessage: true }
    t.match((await service.api('POST', '/invitations', sending)).body.delivery, { reason: 'recipientBlocked' })
    t.notOk('delivery' in (await service.api('POST', '/invitations', sending, theirs)).body)
  })

  await t.test('a page token of one is worth nothing in the other', async (t) => {
    await service.invite('c1@partner.example')
    const { body } = await service.api('GET', '/invitations?$top=1')
    const query = new URL(body['@odata.nextLink']).search
    t.equal(
      (await service.api('GET', `/invitations${query}`, undefined, theirs)).body.error.code,
      'Directory_ExpiredPageToken',
    )
  })

  await t.test('a disabled organization is closed: callers, links and mails', async (t) => {
    const { orm } = service.services.database
    const { updateTenant } = await import('../../src/tenants/index.js')
    await updateTenant(orm, service.tenantId, { enabled: false })
    service.services.tenants.forget(service.tenantId)
    t.equal((await service.api('GET', '/invitations')).status, 401)
    const page = await new Guest().get(ours.inviteRedeemUrl)
    t.equal(page.status, 403)
    t.equal(page.name, 'blocked')
    t.equal((await service.api('GET', '/invitations', undefined, theirs)).status, 200)
  })
})
