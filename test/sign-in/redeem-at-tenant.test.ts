import t from 'tap'
import { insertUser } from '../../src/directory/index.js'
import { newestCode } from '../provider/relying-party.js'
import { Guest } from '../support/guest.js'
import { startService, type TestService } from '../support/service.js'
import { absolute, press, viaHome } from './home.js'
import { PASSWORD, stepOf, switchPasscodes } from './local-accounts/local.js'

let service: TestService
let homeId: string
let homeToken: string
t.before(async () => {
  service = await startService(t)
  const home = await service.otherTenant('fabrikam.example')
  homeId = home.tenantId
  homeToken = home.token
})

async function addMember(name: string, wish: { userType?: 'Member' | 'Guest'; accountEnabled?: boolean } = {}) {
  const { services } = service
  const id = services.newId()
  await services.database.withTenant(homeId, (scope) =>
    insertUser(scope, {
      tenantId: homeId,
      id,
      userPrincipalName: `${name}@fabrikam.example`,
      displayName: name,
      mail: `${name}@fabrikam.example`,
      mailFolded: `${name}@fabrikam.example`,
      mailNickname: name,
      userType: 'Member',
      createdDateTime: services.clock(),
      ...wish,
    }),
  )
  return id
}

async function codeAt(guest: Guest, url: string, address: string) {
  const before = (await service.mails(address)).length
  await guest.post(url, { action: 'send' })
  const [mail] = await service.waitForMails(address, before + 1)
  await guest.get(url)
  return /^\d{8}$/m.exec(mail?.text ?? '')?.[0] ?? ''
}

t.test("a member of one organization redeems another's invitation at home", async (t) => {
  const id = await addMember('nils')
  const { inviteRedeemUrl: link, invitedUser } = await service.invite('nils@fabrikam.example')
  const guest = new Guest()
  const home = await viaHome(service, guest, link)
  t.match(home, { status: 200, name: 'sign-in' })
  t.match(home.html, /Sign in to .*fabrikam/i)
  const code = await codeAt(guest, home.url, 'nils@fabrikam.example')
  t.match(await guest.get(home.url), { name: 'code' })
  const wrong = await guest.post(home.url, { code: code === '00000000' ? '11111111' : '00000000' })
  t.match(wrong, { status: 422, name: 'code' })
  const back = absolute(service, await guest.post(home.url, { code }))
  t.equal(back.location, link)
  t.match(await guest.get(link), { name: 'consent' })
  t.match(await service.rows('select user_id, method, outcome from sign_ins order by id', homeId), [
    { user_id: id, method: 'emailOneTimePasscode', outcome: 'wrong' },
    { user_id: id, method: 'emailOneTimePasscode', outcome: 'ok' },
  ])
  t.match(await service.rows('select provider, user_id, method, outcome from sign_ins'), [
    { provider: homeId, user_id: invitedUser.id, method: 'federated', outcome: 'ok' },
  ])
  t.equal((await guest.post(link, { choice: 'accept' })).location, 'https://app.example/welcome')
  const { body } = await service.api('GET', `/users/${invitedUser.id}?$select=identities`)
  t.equal(body.identities[0].issuer, 'ExternalAzureAD')
  const [identity] = await service.rows(
    `select issuer_assigned_id from user_identities where user_id = '${invitedUser.id}'`,
  )
  t.equal(identity?.['issuer_assigned_id'], `${homeId}/${id}`)

  t.test('both ways: a member of the inviting organization is a guest of a third one', async (t) => {
    const other = await service.otherTenant('third.example')
    const { body: invitation } = await service.api(
      'POST',
      '/invitations',
      { invitedUserEmailAddress: 'admin@contoso.example', inviteRedirectUrl: 'https://app.example/welcome' },
      { token: other.token },
    )
    const browser = new Guest()
    const start = await viaHome(service, browser, invitation.inviteRedeemUrl)
    t.notMatch(start.html, /value="continue"/, 'nobody is signed in there')
    const code = await codeAt(browser, start.url, 'admin@contoso.example')
    t.equal((await browser.post(start.url, { code })).status, 303)
    t.match(await browser.get(invitation.inviteRedeemUrl), { name: 'consent' })
  })
})

t.test('who has a mailbox there and no account is told so', async (t) => {
  for (const [name, make] of [
    ['stranger', async () => {}],
    ['visitor', () => addMember('visitor', { userType: 'Guest' })],
    ['disabled', () => addMember('disabled', { accountEnabled: false })],
  ] as const) {
    await make()
    const address = `${name}@fabrikam.example`
    const { inviteRedeemUrl: link } = await service.invite(address)
    const guest = new Guest()
    const home = await viaHome(service, guest, link)
    const code = await codeAt(guest, home.url, address)
    const page = await press(service, guest, home.url, { code })
    t.match(page, { status: 403, name: 'error' }, name)
    t.match(page.html, /data-step="unknownThere"/, name)
    t.match(page.html, /value="again"/, name)
  }
})

t.test('no passcode of the inviting organization gets around the home', async (t) => {
  await addMember('pia')
  const { inviteRedeemUrl: link } = await service.invite('pia@fabrikam.example')
  const guest = new Guest()
  await guest.get(link)
  t.match(await guest.post(link, { action: 'send' }), { status: 200, name: 'start' })
  t.match(await guest.post(link, { code: '12345678' }), { status: 200, name: 'start' })
  t.equal((await service.rows("select 1 from passcodes where address_folded = 'pia@fabrikam.example'")).length, 0)
})

t.test('the page at home is for the browser that was sent there', async (t) => {
  await addMember('quinn')
  const { inviteRedeemUrl: link } = await service.invite('quinn@fabrikam.example')
  const guest = new Guest()
  const home = await viaHome(service, guest, link)
  const stranger = new Guest()
  t.match(await stranger.get(home.url), { status: 400, name: 'error' })
  await stranger.get(link)
  t.match(await stranger.post(home.url, { action: 'send' }), { status: 400, name: 'error' })
  const elsewhere = new URL(home.url)
  elsewhere.searchParams.set('tenant', service.tenantId)
  t.match(await guest.get(elsewhere.href), { status: 400 }, 'nor does another organization stand in for it')
})

t.test('a home that has switched codes off asks its members for what they have there', async (t) => {
  await addMember('rosa')
  await switchPasscodes(service, false, homeToken)
  const address = 'rosa@fabrikam.example'
  const { inviteRedeemUrl: link } = await service.invite(address)
  const guest = new Guest()
  const home = await viaHome(service, guest, link)
  t.match(home, { status: 200, name: 'sign-in' })

  await t.test('no mailbox is proved there, whatever is posted', async (t) => {
    t.match(await guest.post(home.url, { code: '12345678' }), { status: 200, name: 'sign-in' })
    t.equal((await service.rows(`select 1 from passcodes where address_folded = '${address}'`, homeId)).length, 0)
  })

  await t.test('their account there is a way, and leads back', async (t) => {
    let page = home
    const submit = async (fields: Record<string, string>) => {
      const next = await press(service, guest, page.url, fields)
      page = { ...next, url: next.url || page.url }
    }
    await submit({ action: 'send' })
    t.match(page, { status: 200, name: 'sign-in' }, 'the page of every sign-in there')
    await submit({ email: address })
    await submit({ account: address, action: 'send' })
    await submit({ code: await newestCode(service, address) })
    t.equal(stepOf(page), 'account choose')
    await submit({ account: address, password: PASSWORD, again: PASSWORD })
    t.equal(page.url, home.url)
    t.match(page.html, 'value="continue"')
    await submit({ action: 'continue' })
    t.match(page, { status: 200, name: 'consent' })
    const [session] = await service.rows(`select home_claims from sessions where address_folded = '${address}'`)
    t.strictSame(session?.['home_claims'], ['pwd', 'urn:vestibule:mailbox'])
  })

  await t.test('with accounts off, too, the guest is told, and by whom it can be mended', async (t) => {
    const off = '/identity/identityProviders/EmailPassword-OAUTH'
    const { status } = await service.api('DELETE', off, undefined, { token: homeToken })
    t.equal(status, 204)
    await addMember('sven')
    const { inviteRedeemUrl: link } = await service.invite('sven@fabrikam.example')
    const page = await viaHome(service, new Guest(), link)
    t.match(page, { status: 502, name: 'error' })
    t.match(page.html, /data-step="misconfigured"/)
  })
})
