import t from 'tap'
import { Guest } from '../support/guest.js'
import type { SamlHome } from '../support/saml-home.js'
import { startService, type TestService } from '../support/service.js'
import { atHome, bringBack, postForm, samlPartner, viaSaml } from './saml.js'

const LANDING = 'https://app.example/welcome'
const records = new Map<string, string[]>()
let service: TestService
let home: SamlHome & { id: string }
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await samlPartner(t, service, records)
})

t.test('a guest redeems at a SAML partner, whose assertion comes from another site', async (t) => {
  const { inviteRedeemUrl: link, invitedUser } = await service.invite('ana@partner.example')
  const guest = new Guest()
  const form = await atHome(service, guest, link)
  t.strictSame(home.verified, [true], 'the home found our request signed')
  const posted = await postForm(form)
  t.equal(posted.status, 303)
  t.match(posted.headers.get('location'), /^\/signin\/saml\/[^/]+\/continue\?flow=/)
  t.same(posted.headers.getSetCookie(), [], 'nothing was decided without our cookies')
  const consent = await bringBackTo(guest, posted)
  t.match(consent, { name: 'consent' })
  t.equal((await guest.post(link, { choice: 'accept' })).location, LANDING)
  const { body } = await service.api('GET', `/users/${invitedUser.id}?$select=identities`)
  t.equal(body.identities[0].issuer, home.issuer)
  const again = await viaSaml(service, new Guest(), link)
  t.equal(again.url, LANDING)

  t.test('e-mail changed at the partner moves nothing', async (t) => {
    home.signsInAs = { nameId: 'ana', email: 'a.b@partner.example' }
    t.equal((await viaSaml(service, new Guest(), link)).url, LANDING)
    home.signsInAs = { nameId: 'successor', email: 'ana@partner.example' }
    t.match(await viaSaml(service, new Guest(), link), { name: 'wrong-account' })
    home.signsInAs = { nameId: 'ana', email: 'ana@partner.example' }
  })
})

async function bringBackTo(guest: Guest, posted: Response) {
  const page = await guest.get(new URL(posted.headers.get('location') ?? '', service.baseUrl).href)
  return guest.get(new URL(page.location ?? '', service.baseUrl).href)
}

t.test('a partner that changes keys is asked for the new ones, and the guest notices nothing', async (t) => {
  await home.rotateKeys()
  service.advance(120_000)
  home.signsInAs = { nameId: 'bo', email: 'bo@partner.example' }
  const { inviteRedeemUrl: link } = await service.invite('bo@partner.example')
  t.match(await viaSaml(service, new Guest(), link), { name: 'consent' })
  const { body } = await service.api('GET', `/directory/federationConfigurations/${home.id}`)
  t.equal(body.signingCertificate, home.certificate)
  const audits = await service.rows(
    `select 1 from audit_events where initiated_by->>'displayName' = 'Certificate roll-over'`,
  )
  t.equal(audits.length, 1)
})

t.test('metadata of the organization tells a partner all it needs', async (t) => {
  const answer = await fetch(`${service.baseUrl}/signin/saml/${service.tenantId}/metadata`)
  t.match(answer.headers.get('content-type'), /^application\/samlmetadata\+xml/)
  const xml = await answer.text()
  t.match(xml, `entityID="${service.baseUrl}/signin/saml/${service.tenantId}/metadata"`)
  t.match(xml, 'AuthnRequestsSigned="true"')
  t.match(xml, 'WantAssertionsSigned="true"')
  t.match(xml, `Location="${service.baseUrl}/signin/saml/${service.tenantId}/acs"`)
  t.match(xml, /<(?:\w+:)?X509Certificate>/)
  t.equal((await fetch(`${service.baseUrl}/signin/saml/01900000-0000-7000-8000-000000000001/metadata`)).status, 404)
})

t.test('the key that signs requests is sealed', async (t) => {
  const rows = await service.rows('select private_key_sealed, certificate from saml_keys')
  t.equal(rows.length, 1)
  t.notMatch(String(rows[0]?.['private_key_sealed']), /PRIVATE KEY/)
})

t.test('a page without an answer, or with one nobody waits for', async (t) => {
  const acs = `${service.baseUrl}/signin/saml/${service.tenantId}/acs`
  for (const fields of [
    {},
    { SAMLResponse: 'x' },
    { SAMLResponse: 'x', RelayState: 'A'.repeat(43) },
    { RelayState: '' },
  ]) {
    const answer = await fetch(acs, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
    t.equal(answer.status, 400)
    t.match(await answer.text(), /data-page="error"/)
  }
  const { inviteRedeemUrl: link } = await service.invite('cy@partner.example')
  home.signsInAs = { nameId: 'cy', email: 'cy@partner.example' }
  const guest = new Guest()
  const form = await atHome(service, guest, link)
  t.match(await bringBack(service, guest, form), { name: 'consent' })
  t.match(await bringBack(service, guest, form), { status: 400 }, 'posted once more')
})
