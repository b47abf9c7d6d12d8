import t, { type Test } from 'tap'
import { Guest, type Page } from '../support/guest.js'
import { type OidcHome, startOidcHome } from '../support/oidc-home.js'
import { startService, type TestService } from '../support/service.js'
import { ANA, partnerHome, press, viaHome } from './home.js'
import { samlPartner, viaSaml } from './saml.js'

const records = new Map<string, string[]>()
let service: TestService
let home: OidcHome & { id: string }
let link: string
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await partnerHome(t, service, records)
  link = (await service.invite('ana@partner.example')).inviteRedeemUrl
})
t.beforeEach(() => {
  home.signsInAs = ANA
  home.before = undefined
  home.alter = undefined
})

/** The page says what happened and has a way on. */
function saysWhatToDo(t: Test, page: Page, step: string, status: number) {
  t.match(page, { status, name: 'error' }, step)
  t.match(page.html, new RegExp(`data-step="${step}"`))
  t.match(page.html, /name="action" value="again"/)
  t.match(page.html, /[0-9A-Z]{4}-[0-9A-Z]{4}/, 'a reference for support')
}

/** One click on "Try again" leads in once the trouble is over. */
async function recovers(t: Test, guest: Guest) {
  home.before = undefined
  home.alter = undefined
  home.signsInAs = ANA
  t.match(await press(service, guest, link, { action: 'again' }), { name: 'consent' })
}

const stop =
  (part: string, status: number): NonNullable<OidcHome['before']> =>
  (request, response) => {
    if (!request.url?.includes(part)) return false
    response.writeHead(status).end()
    return true
  }

t.test('the home is down', async (t) => {
  for (const part of ['/.well-known/', '/token', '/jwks']) {
    // Metadata is believed for a while, so it is another provider that has not been read yet.
    if (part === '/.well-known/') continue
    const guest = new Guest()
    home.before = stop(part, 503)
    const page = await viaHome(service, guest, link)
    saysWhatToDo(t, page, 'unreachable', 503)
    t.equal(page.headers.get('retry-after'), '60')
    await recovers(t, guest)
  }
})

t.test('it is down before anybody has read its metadata', async (t) => {
  const fresh = await partnerHome(t, service, records, 'fresh.example')
  const { inviteRedeemUrl } = await service.invite('ana@fresh.example')
  fresh.before = stop('/.well-known/', 500)
  const guest = new Guest()
  await guest.get(inviteRedeemUrl)
  const page = await guest.post(inviteRedeemUrl, { action: 'continue' })
  saysWhatToDo(t, page, 'unreachable', 503)
})

t.test('it is too slow', async (t) => {
  home.before = async (request) => {
    if (request.url !== '/token') return false
    await new Promise((resolve) => setTimeout(resolve, 9_000))
    return false
  }
  const guest = new Guest()
  saysWhatToDo(t, await viaHome(service, guest, link), 'unreachable', 503)
  await recovers(t, guest)
})

t.test('it rotates its keys in mid-flow', async (t) => {
  const guest = new Guest()
  t.match(await viaHome(service, guest, link), { name: 'consent' }, 'with the first key')
  home.before = async (request) => {
    if (request.url === '/token') await home.rotateKeys()
    return false
  }
  t.match(await viaHome(service, new Guest(), link), { name: 'consent' }, 'with one that nobody has seen')
})

t.test('its clock is five minutes off', async (t) => {
  const shifted =
    (minutes: number): NonNullable<OidcHome['alter']> =>
    (claims) => ({
      ...claims,
      iat: Number(claims['iat']) + minutes * 60,
      exp: Number(claims['exp']) + minutes * 60,
      nbf: Number(claims['iat']) + minutes * 60,
    })
  const late = new Guest()
  home.alter = shifted(5)
  saysWhatToDo(t, await viaHome(service, late, link), 'clock', 502)
  await recovers(t, late)
  home.alter = shifted(1)
  t.match(await viaHome(service, new Guest(), link), { name: 'consent' }, 'a minute is nothing')
  home.alter = (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1_000) - 300 })
  saysWhatToDo(t, await viaHome(service, new Guest(), link), 'clock', 502)
})

t.test('the person says no there', async (t) => {
  home.signsInAs = undefined
  const guest = new Guest()
  saysWhatToDo(t, await viaHome(service, guest, link), 'cancelled', 200)
  await recovers(t, guest)
})

t.test('the home does not know us', async (t) => {
  await service.api('PATCH', `/identity/identityProviders/${home.id}`, { clientSecret: 'mistyped' })
  const guest = new Guest()
  saysWhatToDo(t, await viaHome(service, guest, link), 'misconfigured', 502)
  await service.api('PATCH', `/identity/identityProviders/${home.id}`, { clientSecret: 'a secret between the two' })
  await recovers(t, guest)
})

t.test('the provider is taken away in mid-flow', async (t) => {
  const gone = await partnerHome(t, service, records, 'gone.example')
  gone.signsInAs = { ...ANA, email: 'ana@gone.example' }
  gone.before = async (request) => {
    if (request.url?.startsWith('/interaction/')) await service.api('DELETE', `/identity/identityProviders/${gone.id}`)
    return false
  }
  const { inviteRedeemUrl } = await service.invite('ana@gone.example')
  saysWhatToDo(t, await viaHome(service, new Guest(), inviteRedeemUrl), 'misconfigured', 502)
  t.match(await new Guest().get(inviteRedeemUrl), { name: 'start' }, 'and the way of today is offered')
})

// What begins at one issuer ends there: the secret of the other is none of its business, nor is what it says believed now.
t.test('the provider is another issuer in mid-flow', async (t) => {
  const old = await partnerHome(t, service, records, 'moved.example')
  const next = await startOidcHome(t, { redirectTo: `${service.baseUrl}/signin/oidc/` })
  old.signsInAs = { ...ANA, email: 'ana@moved.example' }
  next.signsInAs = old.signsInAs
  let asked = 0
  old.before = async (request) => {
    if (request.url === '/token') asked += 1
    if (!request.url?.startsWith('/interaction/')) return false
    records.set('moved.example', [`DirectFedAuthUrl=${next.issuer}`])
    const wellKnownEndpoint = `${next.issuer}/.well-known/openid-configuration`
    const moved = { issuer: next.issuer, wellKnownEndpoint }
    const { status, text } = await service.api('PATCH', `/identity/identityProviders/${old.id}`, moved)
    t.equal(status, 204, text)
    return false
  }
  const { inviteRedeemUrl } = await service.invite('ana@moved.example')
  const guest = new Guest()
  saysWhatToDo(t, await viaHome(service, guest, inviteRedeemUrl), 'refused', 502)
  t.equal(asked, 0)
  t.match(
    await press(service, guest, inviteRedeemUrl, { action: 'again' }),
    { name: 'consent' },
    'the new one is asked',
  )
})

// The provider was there when the browser came back; it is asked for once more by the statement that signs in.
t.test('the provider is deleted while its token is fetched', async (t) => {
  const deleted = await partnerHome(t, service, records, 'deleted.example')
  deleted.signsInAs = { ...ANA, email: 'ana@deleted.example' }
  deleted.before = async (request) => {
    if (request.url === '/token') {
      const { status, text } = await service.api('DELETE', `/identity/identityProviders/${deleted.id}`)
      t.equal(status, 204, text)
    }
    return false
  }
  const { inviteRedeemUrl, invitedUser } = await service.invite('ana@deleted.example')
  saysWhatToDo(t, await viaHome(service, new Guest(), inviteRedeemUrl), 'misconfigured', 502)
  t.same(await service.rows(`select 1 from sessions where user_id = '${invitedUser.id}'`), [])
})

// As `domains` are when the answer comes, not when the guest left.
t.test('the provider loses the domain in mid-flow', async (t) => {
  const narrowed = await partnerHome(t, service, records, 'narrowed.example')
  narrowed.signsInAs = { ...ANA, email: 'ana@narrowed.example' }
  narrowed.before = async (request) => {
    if (request.url?.startsWith('/interaction/'))
      await service.api('PATCH', `/identity/identityProviders/${narrowed.id}`, { domains: [] })
    return false
  }
  const { inviteRedeemUrl } = await service.invite('ana@narrowed.example')
  saysWhatToDo(t, await viaHome(service, new Guest(), inviteRedeemUrl), 'unverified', 403)
})

t.test('a SAML partner whose clock is five minutes off', async (t) => {
  const saml = await samlPartner(t, service, records, 'saml.example')
  const { inviteRedeemUrl } = await service.invite('ana@saml.example')
  saml.signsInAs = { nameId: 'ana', email: 'ana@saml.example' }
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000)
  saml.tell = () => ({ notBefore: at(5), notOnOrAfter: at(10) })
  const guest = new Guest()
  saysWhatToDo(t, await viaSaml(service, guest, inviteRedeemUrl), 'clock', 502)
  saml.tell = () => ({ notBefore: at(1), notOnOrAfter: at(6) })
  t.match(await viaSaml(service, guest, inviteRedeemUrl), { name: 'consent' }, 'a minute is nothing')
})
