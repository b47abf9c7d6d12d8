import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { USER } from '../contract/property-sets.js'
import { Guest } from '../support/guest.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

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
      USER,
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
      "jobTitle ne 'x'",
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
