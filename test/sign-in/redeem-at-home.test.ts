import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { ANA, forgetAtHome, partnerHome, press, viaHome } from './home.js'

const LANDING = 'https://app.example/welcome'

t.test('a guest of a partner redeems at the partner, and is known by issuer and subject from then on', async (t) => {
  const records = new Map<string, string[]>()
  const service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  const home = await partnerHome(t, service, records)
  home.signsInAs = ANA
  const { inviteRedeemUrl: link, invitedUser } = await service.invite('Ana@partner.example')

  const guest = new Guest()
  const start = await guest.get(link)
  t.match(start, { status: 200, name: 'start' })
  t.match(start.html, /First you sign in at.*Partner/)
  t.notMatch(start.html, /value="send"/, 'no code is offered')
  const consent = await viaHome(service, guest, link)
  t.match(consent, { status: 200, name: 'consent' })
  t.equal(consent.url, link)
  t.match(Object.fromEntries(home.asked ?? []), {
    response_type: 'code',
    code_challenge_method: 'S256',
    login_hint: 'Ana@partner.example',
  })
  const landed = await guest.post(link, { choice: 'accept' })
  t.equal(landed.location, LANDING)

  const { body } = await service.api('GET', `/users/${invitedUser.id}?$select=identities,externalUserState`)
  t.equal(body.externalUserState, 'Accepted')
  t.same(body.identities[0], { signInType: 'federated', issuer: home.issuer, issuerAssignedId: null })
  const rows = await service.rows(
    "select issuer, issuer_assigned_id from user_identities where issuer_assigned_id like 'ana%'",
  )
  t.same(
    rows.map((row) => ({ ...row })),
    [{ issuer: home.issuer, issuer_assigned_id: 'ana-at-partner' }],
  )

  t.test('the next time, the same account leads straight on, whatever its e-mail is by now', async (t) => {
    home.signsInAs = { ...ANA, email: 'ana.b@elsewhere.example', email_verified: false }
    const again = await viaHome(service, new Guest(), link)
    t.equal(again.url, LANDING)
  })

  t.test('another account of the partner does not, although it has the address now', async (t) => {
    home.signsInAs = { ...ANA, sub: 'successor' }
    const page = await viaHome(service, new Guest(), link)
    t.match(page, { status: 200, name: 'wrong-account' })
  })

  t.test('after a reset the other account is the guest', async (t) => {
    const reset = await service.invite('Ana@partner.example', {
      resetRedemption: true,
      invitedUser: { id: invitedUser.id },
    })
    home.signsInAs = { ...ANA, sub: 'successor' }
    const browser = new Guest()
    t.match(await viaHome(service, browser, reset.inviteRedeemUrl), { name: 'consent' })
    t.equal((await browser.post(reset.inviteRedeemUrl, { choice: 'accept' })).location, LANDING)
    home.signsInAs = ANA
    t.match(await viaHome(service, new Guest(), reset.inviteRedeemUrl), { name: 'wrong-account' })
  })
})

t.test('a wrong account is named beside the invited one, and one click switches', async (t) => {
  const records = new Map<string, string[]>()
  const service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  const home = await partnerHome(t, service, records)
  home.signsInAs = { ...ANA, sub: 'bo', email: 'bo@partner.example' }
  const { inviteRedeemUrl: link } = await service.invite('ana@partner.example')
  const guest = new Guest()
  const wrong = await viaHome(service, guest, link)
  t.match(wrong, { status: 200, name: 'wrong-account' })
  t.match(wrong.html, /ana@partner\.example[\s\S]*bo@partner\.example/)
  t.equal((await service.rows('select 1 from sessions')).length, 0, 'nobody is signed in')

  home.signsInAs = ANA
  forgetAtHome(guest)
  const action = /<form method="post" action="([^"]+)"/.exec(wrong.html)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const switched = await press(service, guest, new URL(action, service.baseUrl).href, { action: 'switch' })
  t.equal(home.asked?.get('prompt'), 'login', 'the home asks again who it is')
  t.match(switched, { name: 'consent', url: link })
})
