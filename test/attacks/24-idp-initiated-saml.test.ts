import t from 'tap'
import { atHome, bringBack, samlPartner } from '../sign-in/saml.js'
import { Guest } from '../support/guest.js'
import type { SamlHome } from '../support/saml-home.js'
import { startService, type TestService } from '../support/service.js'

// Keycloak CVE-2026-16442: a SAML response that nobody asked for got in.
const records = new Map<string, string[]>()
let service: TestService
let home: SamlHome & { id: string }
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await samlPartner(t, service, records)
})
const sessions = async () => (await service.rows('select 1 from sessions')).length

t.test('a response that answers no request, in a flow that waits for one', async (t) => {
  for (const inResponseTo of ['', '_of-another-request']) {
    const { inviteRedeemUrl: link } = await service.invite('ana@partner.example')
    home.tell = () => ({ inResponseTo })
    const page = await bringBack(service, new Guest(), { ...(await atHome(service, new Guest(), link)) })
    t.equal(page.status, 400, 'another browser')
    const guest = new Guest()
    t.match((await bringBack(service, guest, await atHome(service, guest, link))).html, /data-step="refused"/)
    home.tell = undefined
  }
  t.equal(await sessions(), 0)
})

t.test('an assertion of one flow in another one of the same browser', async (t) => {
  home.signsInAs = { nameId: 'ana', email: 'ana@partner.example' }
  const { inviteRedeemUrl: link } = await service.invite('ana@partner.example')
  const guest = new Guest()
  const first = await atHome(service, guest, link)
  const second = await atHome(service, guest, link)
  const mixed = await bringBack(service, guest, { ...second, SAMLResponse: first.SAMLResponse })
  t.match(mixed.html, /data-step="refused"/)
  t.equal(await sessions(), 0)
})
