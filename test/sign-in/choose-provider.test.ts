import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { absolute, follow, press, socialHome, viaHome } from './home.js'

const LANDING = 'https://app.example/welcome'

t.test('Google vouches for gmail, and for a Workspace domain that manages the account', async (t) => {
  const service = await startService(t, { workers: false })
  const home = await socialHome(t, service, 'Google', { domains: ['workspace.example'] })
  const arrive = async (invited: string, claims: Record<string, unknown>) => {
    const { inviteRedeemUrl: link } = await service.invite(invited)
    home.signsInAs = { sub: `sub-of-${invited}`, ...claims }
    return viaHome(service, new Guest(), link)
  }
  const verified = { email_verified: true }
  t.match(await arrive('ana@gmail.com', { email: 'ana@gmail.com', ...verified }), { name: 'consent' })
  const workspace = { email: 'bo@workspace.example', hd: 'workspace.example', ...verified }
  t.match(await arrive('bo@workspace.example', workspace), { name: 'consent' })
  const foreign = { email: 'cy@workspace.example', ...verified }
  t.match((await arrive('cy@workspace.example', foreign)).html, /data-step="unverified"/)
  const unverified = { email: 'di@gmail.com', email_verified: false }
  t.match((await arrive('di@gmail.com', unverified)).html, /data-step="unverified"/)
})

t.test('with two possible homes the guest chooses, without a script', async (t) => {
  const service = await startService(t)
  const home = await socialHome(t, service, 'Microsoft')
  const { inviteRedeemUrl: link } = await service.invite('ana@proseware.example')
  const guest = new Guest()
  const start = await guest.get(link)
  t.match(start, { status: 200, name: 'start' })
  t.match(start.html, /value="choose"/)
  const choice = await press(service, guest, link, { action: 'choose' })
  t.match(choice, { status: 200, name: 'choose-provider' })
  t.match(choice.html, /value="microsoft"[\s\S]*value="code"/)

  t.test('the home that fits the domain is the one that is asked', async (t) => {
    home.signsInAs = { sub: 'ana', email: 'ana@proseware.example', xms_edov: true }
    const page = await press(service, guest, link, { choice: 'microsoft' })
    t.match(page, { name: 'consent' })
    t.ok(home.requests.includes('GET /11111111-1111-4111-8111-111111111111/v2.0/auth'), 'in its own directory')
    t.equal((await guest.post(link, { choice: 'accept' })).location, LANDING)
    const browser = new Guest()
    t.match((await browser.get(link)).html, /value="continue"/, 'and from now on there is no choice')
  })

  t.test('who belongs to no directory has a personal account', async (t) => {
    const { inviteRedeemUrl } = await service.invite('bo@partner.example')
    home.signsInAs = { sub: 'bo', email: 'bo@partner.example', xms_edov: true }
    const browser = new Guest()
    await browser.get(inviteRedeemUrl)
    t.match(await press(service, browser, inviteRedeemUrl, { choice: 'microsoft' }), { name: 'consent' })
    t.ok(home.requests.includes('GET /9188040d-6c67-4c5b-b112-36a304b66dad/v2.0/auth'))
  })

  t.test('a code is the other way', async (t) => {
    const { inviteRedeemUrl } = await service.invite('cy@partner.example')
    const browser = new Guest()
    await browser.get(inviteRedeemUrl)
    const sent = await follow(browser, absolute(service, await browser.post(inviteRedeemUrl, { choice: 'code' })))
    t.match(sent, { status: 200, name: 'code' })
    const [mail] = await service.waitForMails('cy@partner.example', 1)
    const code = /^\d{8}$/m.exec(mail?.text ?? '')?.[0] ?? ''
    t.match(await press(service, browser, inviteRedeemUrl, { code }), { name: 'consent' })
  })
})

t.test('when no way is open, the page says what to do', async (t) => {
  const service = await startService(t, { workers: false })
  for (const id of ['EmailOtpSignup-OAUTH', 'EmailPassword-OAUTH']) {
    t.equal((await service.api('DELETE', `/identity/identityProviders/${id}`)).status, 204)
  }
  const { inviteRedeemUrl: link } = await service.invite('ana@partner.example')
  const guest = new Guest()
  const page = await guest.get(link)
  t.match(page, { status: 403, name: 'blocked' })
  t.match(page.html, /no way for you to sign in/)
  t.match(await guest.post(link, { action: 'send' }), { status: 403 })
  t.equal((await service.rows('select 1 from passcodes')).length, 0)
  const on = { '@odata.type': '#microsoft.graph.builtInIdentityProvider', identityProviderType: 'EmailOTP' }
  t.equal((await service.api('POST', '/identity/identityProviders', on)).status, 201)
  t.match(await guest.get(link), { status: 200, name: 'start' })
})

t.test('every setting of codes, accounts here and the fallback ends on a page that says what to do', async (t) => {
  const service = await startService(t, { workers: false })
  const providers = '/identity/identityProviders'
  const turn = (type: string, id: string, isOn: boolean) =>
    isOn
      ? service.api('POST', providers, {
          '@odata.type': '#microsoft.graph.builtInIdentityProvider',
          identityProviderType: type,
        })
      : service.api('DELETE', `${providers}/${id}`)
  const microsoft = {
    '@odata.type': '#microsoft.graph.socialIdentityProvider',
    identityProviderType: 'Microsoft',
    clientId: 'vestibule',
    clientSecret: 'a secret between the two',
  }
  const fallback = (fallbackIdentityProvider: string) =>
    service.api('PATCH', '/policies/crossTenantAccessPolicy/default', {
      invitationRedemptionIdentityProviderConfiguration: { fallbackIdentityProvider },
    })
  const { inviteRedeemUrl: link } = await service.invite('ana@partner.example')
  const pages: Record<string, string> = {}
  for (const hasMicrosoft of [false, true]) {
    if (hasMicrosoft) t.equal((await service.api('POST', providers, microsoft)).status, 201)
    for (const codes of [true, false]) {
      for (const accounts of [true, false]) {
        await turn('EmailPassword', 'EmailPassword-OAUTH', accounts)
        await turn('EmailOTP', 'EmailOtpSignup-OAUTH', codes)
        for (const name of ['defaultConfiguredIdp', 'emailOneTimePasscode', 'microsoftAccount']) {
          // A fallback that is not there cannot be chosen.
          if ((await fallback(name)).status !== 204) continue
          const page = await new Guest().get(link)
          const button = /class="btn main" name="action" value="(\w+)"/.exec(page.html)?.[1]
          const key = [hasMicrosoft && 'Microsoft', codes && 'codes', accounts && 'accounts', name].filter(Boolean)
          pages[key.join(' ')] = `${page.status} ${page.name} ${button ?? page.html.includes('What you can do')}`
        }
        await fallback('defaultConfiguredIdp')
      }
    }
  }
  const [code, choose, home, none] = ['200 start send', '200 start choose', '200 start continue', '403 blocked true']
  t.strictSame(pages, {
    'codes accounts defaultConfiguredIdp': code,
    'codes accounts emailOneTimePasscode': code,
    'codes defaultConfiguredIdp': code,
    'codes emailOneTimePasscode': code,
    'accounts defaultConfiguredIdp': home,
    defaultConfiguredIdp: none,
    'Microsoft codes accounts defaultConfiguredIdp': choose,
    'Microsoft codes accounts emailOneTimePasscode': code,
    'Microsoft codes accounts microsoftAccount': home,
    'Microsoft codes defaultConfiguredIdp': choose,
    'Microsoft codes emailOneTimePasscode': code,
    'Microsoft codes microsoftAccount': home,
    'Microsoft accounts defaultConfiguredIdp': home,
    'Microsoft accounts microsoftAccount': home,
    'Microsoft defaultConfiguredIdp': home,
    'Microsoft microsoftAccount': home,
  })
})
