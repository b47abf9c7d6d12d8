import t from 'tap'
import { ANA, DIRECTORIES, partnerHome, press, socialHome, viaHome } from '../sign-in/home.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'

// Descope 2023 (nOAuth), Semperis 2025: an address that anybody may write into a directory of their own signed them in
// as whoever has it. An unverified, absent or editable address links nobody to anything.
t.test('a directory of Microsoft that writes an address of somebody else', async (t) => {
  const service = await startService(t, { workers: false })
  const home = await socialHome(t, service, 'Microsoft')
  const [directory] = Object.keys(DIRECTORIES)
  const { inviteRedeemUrl: link } = await service.invite('ana@proseware.example')
  const claims: [string, Record<string, unknown>][] = [
    ['nothing said of the domain', { email: 'ana@proseware.example' }],
    ['verified by the directory itself', { email: 'ana@proseware.example', email_verified: true }],
    ['the owner of the domain is somebody else', { email: 'ana@proseware.example', xms_edov: false }],
    ['no address', { xms_edov: true }],
    ['an empty one', { email: '', xms_edov: true }],
  ]
  for (const [title, told] of claims) {
    home.signsInAs = { sub: `intruder in ${directory}`, ...told }
    const guest = new Guest()
    await guest.get(link)
    const page = await press(service, guest, link, { choice: 'microsoft' })
    t.match(page, { status: 403, name: 'error' }, title)
    t.match(page.html, /data-step="unverified"/, title)
  }
  t.equal((await service.rows('select 1 from sessions')).length, 0)
  t.equal((await service.rows("select 1 from users where external_user_state = 'Accepted'")).length, 0)
})

t.test('a partner that speaks for its domain speaks for no other, and for nobody it has not checked', async (t) => {
  const records = new Map<string, string[]>()
  const service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  const home = await partnerHome(t, service, records)
  const { inviteRedeemUrl: link } = await service.invite('ana@partner.example')
  for (const told of [
    { email: 'ana@partner.example', email_verified: false },
    { email: 'ana@partner.example', email_verified: undefined },
    { email: undefined },
    { email: 'admin@contoso.example' },
  ]) {
    home.signsInAs = { ...ANA, ...told }
    const page = await viaHome(service, new Guest(), link)
    t.match(page.html, /data-step="unverified"/, JSON.stringify(told))
  }
  home.signsInAs = { ...ANA, email: 'bo@partner.example' }
  t.match(await viaHome(service, new Guest(), link), { name: 'wrong-account' })
  t.equal((await service.rows('select 1 from sessions')).length, 0)
})
