import t from 'tap'
import { atHome, bringBack, postForm, samlPartner } from '../sign-in/saml.js'
import { Guest } from '../support/guest.js'
import type { SamlHome } from '../support/saml-home.js'
import { startService, type TestService } from '../support/service.js'

// A SAML response posted into a browser that never started the flow: the login of somebody else, planted.
const records = new Map<string, string[]>()
let service: TestService
let home: SamlHome & { id: string }
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await samlPartner(t, service, records)
})
const sessions = async () => (await service.rows('select 1 from sessions')).length

t.test('a response without a flow', async (t) => {
  const { inviteRedeemUrl: link } = await service.invite('ana@partner.example')
  const guest = new Guest()
  const form = await atHome(service, guest, link)
  t.equal((await postForm({ ...form, RelayState: '' })).status, 400)
  t.equal((await postForm({ ...form, RelayState: 'https://evil.example/' })).status, 400, 'and no redirect to it')
  t.equal(await sessions(), 0)
})

t.test("an attacker's response posted into the victim's browser", async (t) => {
  const { inviteRedeemUrl: link } = await service.invite('attacker@partner.example')
  home.signsInAs = { nameId: 'attacker', email: 'attacker@partner.example' }
  const attacker = new Guest()
  const form = await atHome(service, attacker, link)
  const victim = new Guest()
  const { inviteRedeemUrl } = await service.invite('victim@partner.example')
  await victim.get(inviteRedeemUrl)
  t.match(await bringBack(service, victim, form), { status: 400, name: 'error' })
  t.equal(await sessions(), 0)
})
