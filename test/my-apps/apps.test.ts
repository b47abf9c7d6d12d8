import t from 'tap'
import { startService, type TestService } from '../support/service.js'
import { assignedApp, guestOf, Person, tilesOf } from './world.js'

let service: TestService
t.before(async () => {
  service = await startService(t)
})

const WIKI = 'https://wiki.example/'

async function group(displayName: string, members: string[]): Promise<string> {
  const { status, body, text } = await service.api('POST', '/groups', {
    displayName,
    mailEnabled: false,
    mailNickname: displayName,
    securityEnabled: true,
    'members@odata.bind': members.map((id) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`),
  })
  if (status !== 201) throw new Error(text)
  return body.id
}

t.test('the bare address of the server leads to My Apps', async (t) => {
  const answer = await fetch(service.baseUrl, { redirect: 'manual' })
  t.match({ status: answer.status, location: answer.headers.get('location') }, { status: 303, location: '/myapps' })
})

t.test('shows what is assigned to somebody, once, and nothing else', async (t) => {
  const ana = await guestOf(service, 'ana@partner.example')
  const bob = await guestOf(service, 'bob@partner.example')
  const direct = await group('direct', [ana.id])
  const outer = await group('outer', [direct])
  const wiki = await assignedApp(service, ana.id, { displayName: 'Wiki' })
  await service.api('POST', `/servicePrincipals/${wiki.principalId}/appRoleAssignedTo`, {
    principalId: direct,
    resourceId: wiki.principalId,
    appRoleId: '00000000-0000-0000-0000-000000000000',
  })
  await assignedApp(service, direct, { displayName: 'By group' })
  await assignedApp(service, outer, { displayName: 'By a group of groups' })
  await assignedApp(service, bob.id, { displayName: 'Of another' })
  await assignedApp(service, undefined, { displayName: 'Asks for no assignment' })
  await assignedApp(service, ana.id, { displayName: 'Hidden', principal: { tags: ['HideApp'] } })
  await assignedApp(service, ana.id, { displayName: 'Disabled', principal: { accountEnabled: false } })
  await assignedApp(service, ana.id, { displayName: 'Without address', web: {} })
  await assignedApp(service, ana.id, { displayName: 'Plain http' })
  await service.rows(
    `update applications set web = '{"homePageUrl": "http://wiki.example/"}' where display_name = 'Plain http'`,
  )
  const login = await assignedApp(service, ana.id, {
    displayName: 'log in',
    principal: { loginUrl: 'https://login.example/' },
  })

  const person = await new Person(service).signIn('/myapps', ana.mail)
  t.match(person, { status: 200, name: 'my-apps' })
  t.strictSame(tilesOf(person), ['By group', 'log in', 'Wiki'])
  t.equal(
    (await person.open(`/myapps/open/${login.principalId}`)).url,
    'https://login.example/',
    'before the home page',
  )
  t.equal((await person.open(`/myapps/open/${wiki.principalId}?tenant=${service.tenantId}`)).url, WIKI)

  await service.api('DELETE', `/groups/${direct}/members/${ana.id}/$ref`)
  t.strictSame(tilesOf(await person.open('/myapps')), ['log in', 'Wiki'], 'at once')
  await service.api('PATCH', `/servicePrincipals/${wiki.principalId}`, { accountEnabled: false })
  t.match(await person.open(`/myapps/open/${wiki.principalId}`), { status: 404, name: 'error' })
  t.match(person.page, 'has not assigned it to you')
})

t.test('finds by name and description, without case, in the page itself', async (t) => {
  const eva = await guestOf(service, 'eva@partner.example')
  await assignedApp(service, eva.id, { displayName: 'Supplier portal', description: 'Orders and INVOICES' })
  await assignedApp(service, eva.id, { displayName: 'Time sheets' })
  const person = await new Person(service).signIn('/myapps', eva.mail)
  t.strictSame(tilesOf(await person.open('/myapps?q=invoice')), ['Supplier portal'])
  t.strictSame(tilesOf(await person.open('/myapps?q=SHEET')), ['Time sheets'])
  t.match(person.page, /1 app with “SHEET”/)
  t.match(person.page, /<input[^>]*name="q"[^>]*value="SHEET"/)
  t.strictSame(tilesOf(await person.open('/myapps?q=%25')), [], 'no pattern')
  t.match(person.page, /None of your apps has “%”/)
  await person.open(`/myapps?q=${encodeURIComponent('"><script>alert(1)</script>')}`)
  t.notMatch(person.page, '<script>')
  const nobody = await new Person(service).signIn('/myapps', (await guestOf(service, 'new@partner.example')).mail)
  t.match(nobody.page, 'no app has been shared with you')
})

t.test('many apps come in pages that stay small', async (t) => {
  const many = await guestOf(service, 'many@partner.example')
  const displayName = `${'"'.repeat(118)}é`
  await service.rows(`insert into applications (tenant_id, id, app_id, service_principal_id, display_name, web,
      principal_profile, created_date_time)
    select '${service.tenantId}', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), lpad(n::text, 3, '0') || '${displayName}',
      '{"homePageUrl": "https://wiki.example/"}', jsonb_build_object('description', '${'&"'.repeat(200)}'), now()
    from generate_series(1, 1000) n`)
  await service.rows(`insert into app_role_assignments (tenant_id, id, resource_id, principal_id, principal_type,
      app_role_id, created_date_time)
    select tenant_id, gen_random_uuid(), service_principal_id, '${many.id}', 'User', '00000000-0000-0000-0000-000000000000', now()
    from applications where display_name like '%é'`)
  const person = await new Person(service).signIn('/myapps', many.mail)
  t.equal(tilesOf(person).length, 36)
  t.ok(
    Buffer.byteLength(person.page) < 60_000,
    `${Buffer.byteLength(person.page)} bytes at the longest names there are`,
  )
  t.match(person.page, 'Page 1 of 27')
  await person.open('/myapps?page=27')
  t.equal(tilesOf(person).length, 14, '950 are the most')
  t.notMatch(person.page, 'rel="next"')
  t.match((await person.open('/myapps?page=999')).page, 'Page 27 of 27')
  t.match(tilesOf(await person.open('/myapps?q=017'))[0], /^017/)
})

t.test('a logo is shown from our own origin, as what it is', async (t) => {
  const lea = await guestOf(service, 'lea@partner.example')
  const made = await assignedApp(service, lea.id, { displayName: 'With logo' })
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const token = await service.appToken(['Application.ReadWrite.All'])
  const put = await fetch(`${service.baseUrl}/v1.0/applications/${made.id}/logo`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
    body: png,
  })
  t.equal(put.status, 204)
  const person = await new Person(service).signIn('/myapps', lea.mail)
  const [, path = ''] = /class="tile".*?<img src="([^"]+)"/.exec(person.page) ?? []
  const image = await fetch(service.baseUrl + path)
  t.match(image.headers.get('content-type'), 'image/png')
  t.equal(image.headers.get('x-content-type-options'), 'nosniff')
  t.match(image.headers.get('content-security-policy'), 'sandbox')
  t.strictSame(Buffer.from(await image.arrayBuffer()), png)
})

t.test('members have their apps too, and are told what they are', async (t) => {
  await assignedApp(service, service.adminId, { displayName: 'Admin tools' })
  const person = await new Person(service).signIn('/myapps', 'admin@contoso.example')
  t.strictSame(tilesOf(person), ['Admin tools'])
  t.notMatch(person.page, 'as a guest')
  t.notMatch(person.page, '/myaccount/leave')
})

t.test('a guest who has still to accept is led there first, and comes back', async (t) => {
  const { invitedUser } = await service.invite('pat@partner.example')
  await assignedApp(service, invitedUser.id, { displayName: 'For Pat' })
  const person = await new Person(service).signIn('/myapps', 'pat@partner.example')
  t.match(person, { status: 200, name: 'consent' })
  await person.submit({ choice: 'accept' })
  t.match(person, { status: 200, name: 'my-apps' })
  t.strictSame(tilesOf(person), ['For Pat'])
})

t.test('which organization is meant is asked where the address does not say', async (t) => {
  const person = new Person(service)
  t.match(await person.open('/myapps'), { name: 'sign-in' }, 'the only one there is')
  const other = await service.otherTenant('fabrikam.example')
  const stranger = new Person(service)
  t.match(await stranger.open('/myapps'), { status: 200, name: 'organization' })
  t.match(await stranger.open('/myapps?tenant=nowhere.example'), { status: 404, name: 'organization' })
  t.match(stranger.page, 'No organization here has this domain')
  for (const junk of ["';--", 'a/b', '%00', 'x'.repeat(5_000)]) {
    t.match(await stranger.open(`/myapps?tenant=${encodeURIComponent(junk)}`), { status: 404, name: 'organization' })
  }
  t.match(await stranger.open('/myapps?tenant=FABRIKAM.example'), { name: 'sign-in' })
  t.match(stranger.page, 'fabrikam.example')
  t.match(await stranger.open('/myaccount'), { name: 'sign-in' }, 'the last one is remembered')
  t.match(stranger.page, 'fabrikam.example')
  await service.rows(`update tenants set enabled = false where id = '${other.tenantId}'`)
  service.services.tenants.forget(other.tenantId)
  t.match(await stranger.open('/myapps?tenant=fabrikam.example'), { status: 404, name: 'organization' })
})

t.test('signing out ends the session, not only the cookie', async (t) => {
  const zoe = await guestOf(service, 'zoe@partner.example')
  const person = await new Person(service).signIn(`/myapps?tenant=${service.tenantId}`, zoe.mail)
  const cookies = new Map(person.browser.cookies)
  await person.submit({}, `/myapps/sign-out?tenant=${service.tenantId}`)
  t.match(person, { status: 200, name: 'signed-out' })
  for (const [name, value] of cookies) person.browser.cookies.set(name, value)
  t.match(await person.open(`/myapps?tenant=${service.tenantId}`), { name: 'sign-in' })
})
