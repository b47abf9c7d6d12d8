import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { updateTenant } from '../../src/tenants/index.js'
import { Guest } from '../support/guest.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

const ELEVEN = [
  'businessPhones',
  'displayName',
  'givenName',
  'id',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
]

t.test('reading users', async (t) => {
  const service = await startService(t)
  const guests: { id: string; upn: string }[] = []
  for (let n = 0; n < 5; n++) {
    const { invitedUser } = await service.invite(`guest${n}@partner.example`, { invitedUserDisplayName: `Guest ${n}` })
    guests.push({ id: invitedUser.id, upn: `guest${n}_partner.example#EXT#@contoso.example` })
  }
  const [first] = guests
  const get = (path: string, options = {}) => service.api('GET', path, undefined, options)
  const found = async (filter: string, headers = {}) => {
    const { status, body, text } = await get(`/users?$filter=${encodeURIComponent(filter)}`, { headers })
    if (status !== 200) throw new Error(text)
    return body.value.map(({ mail }: { mail: string }) => mail)
  }

  await t.test('one by id, by name, and by name in another case', async (t) => {
    const byId = await get(`/users/${first?.id}`)
    t.equal(byId.status, 200)
    t.strictSame(
      Object.keys(byId.body)
        .filter((name) => !name.startsWith('@'))
        .sort(),
      ELEVEN,
    )
    t.match(byId.body, { displayName: 'Guest 0', mail: 'guest0@partner.example', userPrincipalName: first?.upn })
    for (const path of [
      `/users/${first?.id.toUpperCase()}`,
      '/users/guest0_partner.example%23EXT%23@contoso.example',
      '/users/GUEST0_partner.example%23ext%23%40contoso.example',
    ])
      t.equal((await get(path)).body.id, first?.id, path)
  })

  await t.test('a name whose # is not escaped ends at the fragment, and is not found', async (t) => {
    t.equal((await get('/users/guest0_partner.example')).status, 404)
  })

  await t.test('unknown users are not found', async (t) => {
    for (const id of [service.tenantId, 'nobody@contoso.example', "x'--", '%25', 'a'.repeat(300)]) {
      const { status, body } = await get(`/users/${encodeURIComponent(id)}`)
      t.equal(status, 404, id.slice(0, 40))
      t.equal(body.error.code, 'Request_ResourceNotFound')
    }
  })

  await t.test('$select gives just what was asked for', async (t) => {
    const { body } = await get(
      `/users/${first?.id}?$select=id,userType,externalUserState,creationType,otherMails,proxyAddresses,accountEnabled,identities,mailNickname`,
    )
    const { '@odata.context': context, ...properties } = body
    t.match(context, '#users(id,userType')
    t.strictSame(properties, {
      id: first?.id,
      userType: 'Guest',
      externalUserState: 'PendingAcceptance',
      creationType: 'Invitation',
      otherMails: ['guest0@partner.example'],
      proxyAddresses: ['SMTP:guest0@partner.example'],
      accountEnabled: true,
      identities: [{ signInType: 'userPrincipalName', issuer: 'contoso.example', issuerAssignedId: first?.upn }],
      mailNickname: 'guest0_partner.example#EXT#',
    })
    t.equal((await get(`/users/${first?.id}?$select=nonsense`)).status, 400)
  })

  await t.test('after acceptance the identity is the mailbox', async (t) => {
    const made = await service.invite('accepted@partner.example')
    await new Guest().accept(service, made.inviteRedeemUrl, 'accepted@partner.example')
    const { body } = await get(`/users/${made.invitedUser.id}?$select=externalUserState,identities`)
    t.equal(body.externalUserState, 'Accepted')
    t.match(body.identities, [
      { signInType: 'federated', issuer: 'mail', issuerAssignedId: null },
      { signInType: 'userPrincipalName', issuer: 'contoso.example' },
    ])
  })

  await t.test('filters', async (t) => {
    t.strictSame(await found("mail eq 'GUEST1@partner.example'"), ['guest1@partner.example'])
    t.strictSame(await found("mail in ('guest1@partner.example','guest2@partner.example')"), [
      'guest1@partner.example',
      'guest2@partner.example',
    ])
    t.strictSame(await found("userType eq 'Member'"), ['admin@contoso.example'])
    t.equal((await found("userType eq 'Guest'")).length, 6)
    t.strictSame(await found("externalUserState eq 'Accepted'"), ['accepted@partner.example'])
    t.equal((await found("externalUserState eq 'PendingAcceptance' and userType eq 'Guest'")).length, 5)
    t.strictSame(await found('externalUserState eq null'), ['admin@contoso.example'])
    t.strictSame(await found("creationType eq 'Invitation' and mail eq 'guest3@partner.example'"), [
      'guest3@partner.example',
    ])
    t.strictSame(await found(`userPrincipalName eq '${first?.upn}'`), ['guest0@partner.example'])
    t.strictSame(await found(`id eq '${first?.id}'`), ['guest0@partner.example'])
    t.strictSame(await found('accountEnabled eq false'), [])
    t.strictSame(await found("mail eq 'o''neil@partner.example'"), [])
    t.strictSame(await found(`createdDateTime ge ${new Date(Date.now() + 86_400_000).toISOString()}`), [])
    await service.api('PATCH', `/users/${first?.id}`, { otherMails: ['Zero@Home.example', 'guest0@partner.example'] })
    t.strictSame(await found("otherMails/any(m:m eq 'zero@home.example')"), ['guest0@partner.example'])
  })

  await t.test('what Graph filters only in advanced queries', async (t) => {
    const negative = encodeURIComponent("userType ne 'Guest'")
    const plain = await get(`/users?$filter=${negative}`)
    t.equal(plain.status, 400)
    const advanced = await get(`/users?$filter=${negative}&$count=true`, { headers: { consistencylevel: 'eventual' } })
    t.equal(advanced.status, 200)
    t.strictSame(
      advanced.body.value.map(({ mail }: { mail: string }) => mail),
      ['admin@contoso.example'],
    )
    for (const filter of [
      "jobTitle eq 'x'",
      "endsWith(mail,'example')",
      "nonsense eq 'x'",
      'mail eq 3',
      "id eq 'x'",
      'mail',
    ])
      t.equal((await get(`/users?$filter=${encodeURIComponent(filter)}`)).status, 400, filter)
  })

  await t.test('pages hold everybody once, whatever else is asked', async (t) => {
    const seen: string[] = []
    let next: string | undefined =
      `${service.baseUrl}/v1.0/users?$top=2&$select=id,mail&$filter=${encodeURIComponent("userType eq 'Guest'")}`
    let pages = 0
    while (next) {
      const { body }: { body: any } = await get(next.slice(`${service.baseUrl}/v1.0`.length))
      for (const user of body.value) t.strictSame(Object.keys(user).sort(), ['id', 'mail'])
      seen.push(...body.value.map(({ id }: { id: string }) => id))
      next = body['@odata.nextLink']
      pages += 1
    }
    t.equal(pages, 3)
    t.equal(seen.length, 6)
    t.equal(new Set(seen).size, 6)
  })

  await t.test('who may read', async (t) => {
    const member = await person(service, 'mia')
    const guest = await person(service, 'gil', { userType: 'Guest' })
    const privileged = await person(service, 'pia', { userType: 'Guest', role: ROLES.guestInviter })
    const as = async (id: string) => ({ token: await service.userToken(id, ['User.Read.All']) })
    t.equal((await get(`/users/${first?.id}`, await as(member))).status, 200)
    t.equal((await get('/users', await as(member))).status, 200)
    t.equal((await get(`/users/${guest}`, await as(guest))).status, 200, 'a guest reads themselves')
    t.equal((await get(`/users/${first?.id}`, await as(guest))).status, 404, 'and nobody else')
    t.equal((await get('/users', await as(guest))).status, 403)
    t.equal((await get('/users', await as(privileged))).status, 200, 'a role counts at any level')
    t.equal((await get('/users', { token: await service.appToken(['User.Invite.All']) })).status, 403)
    t.equal((await get('/users', { token: null })).status, 401)
  })
})

t.test('changing users', async (t) => {
  const service = await startService(t, { workers: false })
  const patch = (id: string, body: unknown, options = {}) => service.api('PATCH', `/users/${id}`, body, options)
  const { invitedUser } = await service.invite('ana@partner.example')
  const ana: string = invitedUser.id
  const every = Object.keys((await service.rows("select * from users where user_type = 'Guest'"))[0] ?? {})
  t.ok(every.length > 30)

  await t.test('each plain property is kept, and null clears what may be empty', async (t) => {
    const profile = {
      displayName: 'Ana Bell',
      givenName: 'Ana',
      surname: 'Bell',
      jobTitle: 'Auditor',
      mobilePhone: '+1 555 0100',
      businessPhones: ['+1 555 0101'],
      officeLocation: '4/123',
      preferredLanguage: 'fr-CA',
      companyName: 'Partner',
      department: 'Audit',
      employeeId: 'E-17',
      city: 'Lyon',
      state: 'ARA',
      country: 'France',
      postalCode: '69001',
      streetAddress: '1 Rue X',
      usageLocation: 'FR',
      otherMails: ['ana@home.example'],
      userType: 'Member',
      accountEnabled: true,
    }
    const answer = await patch(ana, profile)
    t.equal(answer.status, 204)
    t.equal(answer.text, '')
    const select = Object.keys(profile).join()
    const { '@odata.context': _, ...seen } = (await service.api('GET', `/users/${ana}?$select=${select}`)).body
    t.strictSame(seen, profile)

    const nullable = Object.keys(profile).filter(
      (name) => !['displayName', 'businessPhones', 'otherMails', 'userType', 'accountEnabled'].includes(name),
    )
    t.equal((await patch(ana, Object.fromEntries(nullable.map((name) => [name, null])))).status, 204)
    const cleared = (await service.api('GET', `/users/${ana}?$select=${nullable.join()}`)).body
    for (const name of nullable) t.equal(cleared[name], null, name)
    t.equal((await patch(ana, { businessPhones: [], userType: 'Guest' })).status, 204)
  })

  await t.test('read-only properties and annotations are ignored', async (t) => {
    const before = await service.rows(`select * from users where id = '${ana}'`)
    t.equal(
      (
        await patch(ana, {
          id: service.tenantId,
          externalUserState: 'Accepted',
          userPrincipalName: 'x@contoso.example',
          '@odata.type': 'x',
          creationType: null,
        })
      ).status,
      204,
    )
    t.strictSame(await service.rows(`select * from users where id = '${ana}'`), before)
  })

  await t.test('every refusal, and nothing changes', async (t) => {
    await service.invite('bo@partner.example')
    await patch(ana, { mail: 'ana@partner.example', otherMails: ['ana@home.example'] })
    const before = await service.rows('select * from users order by id')
    const cases: [change: object, code: string, target: string | undefined][] = [
      [{ mail: 'ana' }, 'malformedAddress', 'mail'],
      [{ mail: 'BO@partner.example' }, 'addressTaken', 'mail'],
      [{ mail: 'ana@contoso.example' }, 'verifiedDomain', 'mail'],
      [{ otherMails: ['ok@home.example', 'bo@partner.example'] }, 'addressTaken', 'otherMails'],
      [{ otherMails: ['x'] }, 'malformedAddress', 'otherMails'],
      [{ displayName: '' }, 'invalidValue', 'displayName'],
      [{ displayName: 'x'.repeat(257) }, 'invalidValue', 'displayName'],
      [{ jobTitle: 3 }, 'invalidValue', 'jobTitle'],
      [{ userType: 'Robot' }, 'invalidValue', 'userType'],
      [{ accountEnabled: 'yes' }, 'invalidValue', 'accountEnabled'],
      [{ usageLocation: 'France' }, 'invalidValue', 'usageLocation'],
      [{ preferredLanguage: 'x'.repeat(40) }, 'invalidValue', 'preferredLanguage'],
      [{ businessPhones: ['1', '2'] }, 'invalidValue', 'businessPhones'],
      [{ jobTitel: 'x' }, 'unknownProperty', 'jobTitel'],
      [{ jobTitle: 'good', mail: 'bad' }, 'malformedAddress', 'mail'],
    ]
    for (const [change, code, target] of cases) {
      const { status, body } = await patch(ana, change)
      t.equal(status, 400, JSON.stringify(change).slice(0, 60))
      t.equal(body.error.innerError.code, code, JSON.stringify(change).slice(0, 60))
      t.equal(body.error.target, target)
    }
    t.strictSame(await service.rows('select * from users order by id'), before)
    t.equal((await patch(service.tenantId, { jobTitle: 'x' })).status, 404)
    t.equal((await patch('nobody@contoso.example', { jobTitle: 'x' })).status, 404)
  })

  await t.test('two users who reach for one address at once: one gets it, the other is told', async (t) => {
    const bo = (await service.invite('bo@partner.example')).invitedUser.id
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all([
        patch(ana, { mail: `r${round}@home.example` }),
        patch(bo, { mail: `r${round}@home.example` }),
      ])
      t.strictSame(answers.map(({ status }) => status).sort(), [204, 400], `round ${round}`)
    }
  })

  await t.test('by name', async (t) => {
    t.equal((await patch('bo_partner.example%23EXT%23@contoso.example', { jobTitle: 'Buyer' })).status, 204)
  })

  await t.test('disabling ends what is open, and is written down', async (t) => {
    const id = await person(service, 'dora')
    const token = await service.userToken(id, ['User.Read.All'])
    t.equal((await service.api('GET', '/users', undefined, { token })).status, 200)
    await service.rows(
      `insert into sessions values ('${service.tenantId}', '\\x01', '${id}', 'd', 'd', 'm', now(), now() + interval '1 day')`,
    )
    t.equal((await patch(id, { accountEnabled: false })).status, 204)
    t.equal((await service.api('GET', '/users', undefined, { token })).status, 401)
    t.equal((await service.rows(`select * from sessions where user_id = '${id}'`)).length, 0)
    t.match(await service.rows(`select * from audit_events where target_id = '${id}'`), [
      { activity_display_name: 'Update user', additional_details: { properties: ['accountEnabled'] } },
    ])
  })

  await t.test('who may change whom', async (t) => {
    const target = await person(service, 'tom')
    const helper = await person(service, 'hal', { role: ROLES.helpdeskAdministrator })
    const users = await person(service, 'uma', { role: ROLES.userAdministrator })
    const as = async (id: string) => ({ token: await service.userToken(id, ['User.ReadWrite.All']) })
    t.equal((await patch(target, { jobTitle: 'x' }, await as(target))).status, 403, 'a plain member')
    t.equal((await patch(target, { jobTitle: 'x' }, await as(helper))).status, 403)
    t.equal((await patch(target, { jobTitle: 'x' }, await as(users))).status, 204)
    t.equal(
      (await patch(service.adminId, { jobTitle: 'x' }, await as(users))).status,
      204,
      'plain properties of an administrator',
    )
    for (const change of [
      { accountEnabled: false },
      { mail: 'x@home.example' },
      { otherMails: ['x@home.example'] },
      { userType: 'Guest' },
    ]) {
      const name = Object.keys(change).join()
      t.equal(
        (await patch(service.adminId, change, await as(users))).status,
        403,
        `${name} of an administrator by another`,
      )
      t.equal((await patch(service.adminId, change)).status, 403, `${name} of an administrator by an application`)
    }
    t.equal((await patch(service.adminId, { mail: 'boss@home.example' }, await as(service.adminId))).status, 204)
    t.equal((await patch(target, { jobTitle: 'x' }, { token: await service.appToken(['User.Read.All']) })).status, 403)
  })
})

t.test('deleting users', async (t) => {
  const service = await startService(t)
  const remove = (id: string, options = {}) => service.api('DELETE', `/users/${id}`, undefined, options)

  await t.test('a deleted guest is gone at once: unread, unlisted, links dead, signed out', async (t) => {
    const made = await service.invite('ana@partner.example')
    const again = await service.invite('ana@partner.example')
    const id: string = made.invitedUser.id
    const browser = new Guest()
    await browser.signIn(service, made.inviteRedeemUrl, 'ana@partner.example')
    const answer = await remove(id)
    t.equal(answer.status, 204)
    t.equal(answer.text, '')
    t.equal((await service.api('GET', `/users/${id}`)).status, 404)
    t.equal((await service.api('GET', '/users/ana_partner.example%23EXT%23@contoso.example')).status, 404)
    t.strictSame(
      (await service.api('GET', `/users?$filter=${encodeURIComponent("mail eq 'ana@partner.example'")}`)).body.value,
      [],
    )
    for (const link of [made.inviteRedeemUrl, again.inviteRedeemUrl]) {
      t.equal((await browser.get(link)).status, 410)
      t.equal((await browser.post(link, { choice: 'accept' })).status, 410)
    }
    t.equal((await service.rows(`select * from sessions where user_id = '${id}'`)).length, 0)
    t.equal((await service.api('GET', `/invitations/${made.id}`)).body.status, 'Revoked')
    t.equal((await remove(id)).status, 404, 'deleting twice')
    t.equal((await service.api('PATCH', `/users/${id}`, { jobTitle: 'x' })).status, 404)
    t.match(
      await service.rows(
        `select user_principal_name, deleted_date_time is not null as deleted from users where id = '${id}'`,
      ),
      [{ user_principal_name: `${id.replaceAll('-', '')}ana_partner.example#EXT#@contoso.example`, deleted: true }],
    )
  })

  await t.test('inviting the address again makes a new guest, and the old links stay dead', async (t) => {
    const first = await service.invite('bo@partner.example')
    await remove(first.invitedUser.id)
    const second = await service.invite('bo@partner.example')
    t.not(second.invitedUser.id, first.invitedUser.id)
    t.equal(
      (await service.api('GET', `/users/${second.invitedUser.id}`)).body.userPrincipalName,
      'bo_partner.example#EXT#@contoso.example',
    )
    const landed = await new Guest().accept(service, second.inviteRedeemUrl, 'bo@partner.example')
    t.equal(landed.status, 303)
    t.equal((await new Guest().get(first.inviteRedeemUrl)).status, 410)
  })

  await t.test('who may delete whom', async (t) => {
    const users = await person(service, 'uma', { role: ROLES.userAdministrator })
    const member = await person(service, 'mia')
    const as = async (id: string) => ({ token: await service.userToken(id, ['User.ReadWrite.All']) })
    t.equal((await remove(member, await as(member))).status, 403)
    t.equal((await remove(service.adminId)).status, 403, 'an application deletes no administrator')
    t.equal((await remove(service.adminId, await as(users))).status, 403)
    t.equal((await remove(member, await as(users))).status, 204)
    t.equal((await remove(users, await as(service.adminId))).status, 204)
  })
})

t.test('guests who never accepted', async (t) => {
  const { removeNeverRedeemed } = await import('../../src/directory/index.js')
  const { reactions } = await import('../../src/app.js')
  const service = await startService(t, { workers: false })
  const { services, tenantId } = service
  const run = () => removeNeverRedeemed({ ...services, ...reactions })
  const old = await service.invite('old@partner.example')
  const accepted = await service.invite('accepted@partner.example')
  await service.rows(`update users set external_user_state = 'Accepted' where id = '${accepted.invitedUser.id}'`)
  const reset = await service.invite('reset@partner.example')
  await service.rows(`update invitations set status = 'completed', redeemed_date_time = now() where id = '${reset.id}'`)
  const invitedAgain = await service.invite('again@partner.example')
  await service.rows(
    "update users set created_date_time = created_date_time - interval '8 days', external_user_state_change_date_time = external_user_state_change_date_time - interval '8 days'",
  )
  await service.rows("update invitations set created_date_time = created_date_time - interval '8 days'")
  await service.invite('again@partner.example')
  const resetLately = await service.invite('lately@partner.example')
  await service.rows(
    `update users set created_date_time = created_date_time - interval '8 days' where id = '${resetLately.invitedUser.id}'`,
  )
  const young = await service.invite('young@partner.example')

  t.equal(await run(), 0, 'off unless the organization set it')
  await updateTenant(services.database.orm, tenantId, { settings: { removeNeverRedeemedAfterDays: 7 } })
  services.tenants.forget(tenantId)
  t.equal(await run(), 1)
  t.equal((await service.api('GET', `/users/${old.invitedUser.id}`)).status, 404)
  t.equal((await service.api('GET', `/users/${accepted.invitedUser.id}`)).status, 200)
  t.equal((await service.api('GET', `/users/${young.invitedUser.id}`)).status, 200)
  for (const kept of [reset, invitedAgain, resetLately])
    t.equal((await service.api('GET', `/users/${kept.invitedUser.id}`)).status, 200, kept.invitedUserEmailAddress)
  t.equal((await service.api('GET', `/users/${service.adminId}`)).status, 200)
  t.equal((await service.api('GET', `/invitations/${old.id}`)).body.status, 'Revoked')
  t.match(await service.rows("select initiated_by from audit_events where activity_display_name = 'Delete user'"), [
    { initiated_by: { kind: 'service' } },
  ])
  t.equal(await run(), 0, 'a second run finds nothing')

  // More than one portion, with some in front that stay: those behind them are reached.
  const stay = await Promise.all(Array.from({ length: 110 }, (_, n) => service.invite(`stay${n}@partner.example`)))
  const go = await Promise.all(Array.from({ length: 5 }, (_, n) => service.invite(`go${n}@partner.example`)))
  await service.rows(
    "update users set created_date_time = created_date_time - interval '9 days', external_user_state_change_date_time = external_user_state_change_date_time - interval '9 days' where mail ~ '^(stay|go)'",
  )
  await service.rows(
    `update invitations set created_date_time = created_date_time - interval '9 days' where id in (${go.map(({ id }) => `'${id}'`)})`,
  )
  t.equal(stay.length, 110)
  t.equal(await run(), go.length)
})
