import t, { type Test } from 'tap'
import { atHome, bringBack, postForm, samlPartner, viaSaml } from '../sign-in/saml.js'
import { Guest, type Page } from '../support/guest.js'
import type { SamlHome } from '../support/saml-home.js'
import { startService, type TestService } from '../support/service.js'

// What an OpenID home does to a guest when it is down, slow, rotates keys or has a wrong clock is in
// `test/sign-in/home-trouble.test.ts`, with a SAML home's clock. Here is the rest of a SAML home: it never talks to us but
// through the browser, except for its metadata.
const records = new Map<string, string[]>()
let service: TestService
let home: SamlHome & { id: string }
let link: string
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await samlPartner(t, service, records)
  link = (await service.invite('ana@partner.example')).inviteRedeemUrl
})
t.beforeEach(() => {
  home.down = false
  // A partner is asked for its keys once a minute.
  service.advance(61_000)
})

/** The page says what happened and has a way on, which leads in once the trouble is over. */
async function saysWhatToDo(t: Test, guest: Guest, page: Page, step: string, status: number) {
  t.match(page, { status, name: 'error' }, step)
  t.match(page.html, new RegExp(`data-step="${step}"`))
  t.match(page.html, /name="action" value="again"/)
  home.down = false
  service.advance(61_000)
  const left = await guest.post(link, { action: 'again' })
  const form = JSON.parse((await guest.get(left.location ?? '')).html)
  t.match(await bringBack(service, guest, form), { name: 'consent' }, 'one click later')
}

t.test('the home is down: the guest meets its error, and our link is as good as before', async (t) => {
  home.down = true
  const guest = new Guest()
  await guest.get(link)
  const left = await guest.post(link, { action: 'continue' })
  t.equal(left.status, 303)
  t.equal((await guest.get(left.location ?? '')).status, 503, 'that page is the home’s')
  const back = await guest.get(link)
  t.match(back, { status: 200, name: 'start' })
  home.down = false
  t.match(await viaSaml(service, guest, link), { name: 'consent' })
})

t.test('the home is so slow that the sign-in is over', async (t) => {
  const guest = new Guest()
  const form = await atHome(service, guest, link)
  service.advance(21 * 60_000)
  const late = await postForm(form)
  t.equal(late.status, 400)
  t.match(await late.text(), /data-page="error"/)
  t.match(await guest.get(link), { status: 200, name: 'start' }, 'the link begins anew')
  t.match(await viaSaml(service, guest, link), { name: 'consent' })
})

t.test('it rotates its keys while a guest is there, and the guest notices nothing', async (t) => {
  const guest = new Guest()
  await guest.get(link)
  const left = await guest.post(link, { action: 'continue' })
  await home.rotateKeys()
  const form = JSON.parse((await guest.get(left.location ?? '')).html)
  t.match(await bringBack(service, guest, form), { name: 'consent' })
})

t.test('it rotates them and its metadata cannot be read', async (t) => {
  const guest = new Guest()
  await guest.get(link)
  const left = await guest.post(link, { action: 'continue' })
  await home.rotateKeys()
  const form = JSON.parse((await guest.get(left.location ?? '')).html)
  home.down = true
  const page = await bringBack(service, guest, form)
  await saysWhatToDo(t, guest, page, 'refused', 502)
})
