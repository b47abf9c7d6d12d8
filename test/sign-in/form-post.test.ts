import t, { type Test } from 'tap'
import { Guest } from '../support/guest.js'
import type { OidcHome } from '../support/oidc-home.js'
import { startService, type TestService } from '../support/service.js'
import { ANA, absolute, follow, partnerHome, press, viaHome } from './home.js'

const records = new Map<string, string[]>()
let service: TestService
let home: OidcHome & { id: string }
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await formHome(t)
})

/** A home that answers by a form only, as Apple does. */
async function formHome(t: Test) {
  const made = await partnerHome(t, service, records)
  const metadata = (await (await fetch(made.wellKnownEndpoint)).json()) as object
  made.before = (request, response) => {
    if (!request.url?.includes('/.well-known/')) return false
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ...metadata, response_modes_supported: ['form_post', 'fragment'] }))
    return true
  }
  made.signsInAs = ANA
  return made
}

const formOf = (html: string) => ({
  action: /action="([^"]+)"/.exec(html)?.[1] ?? '',
  fields: Object.fromEntries(
    Array.from(html.matchAll(/name="([^"]+)" value="([^"]*)"/g), ([, name = '', value = '']) => [name, value]),
  ),
})
/** From the home's site: without our cookies, which browsers keep back then. */
const post = ({ action, fields }: ReturnType<typeof formOf>) =>
  fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
const comeFor = (guest: Guest, posted: Response) => {
  const location = new URL(posted.headers.get('location') ?? '', service.baseUrl).href
  return guest.get(location).then((page) => follow(guest, absolute(service, page)))
}

t.test('a home that answers by a form only is asked for one, and the guest signs in there', async (t) => {
  const { inviteRedeemUrl: link } = await service.invite(ANA.email)
  const guest = new Guest()
  const form = formOf((await viaHome(service, guest, link)).html)
  t.equal(home.asked?.get('response_mode'), 'form_post')
  t.match(form.fields, { code: String, state: String })

  const posted = await post(form)
  t.equal(posted.status, 303)
  t.same(posted.headers.getSetCookie(), [], 'nothing was decided without our cookies')
  t.notMatch(posted.headers.get('location'), form.fields['code'] ?? 'no code', 'the code is in no address')
  const stolen = await comeFor(new Guest(), posted)
  t.match(stolen, { status: 400, name: 'error' }, 'another browser gets nothing by the link')
  t.match(await comeFor(guest, posted), { name: 'consent' })

  t.equal((await post(form)).status, 400, 'the form counts once')
})

t.test('what nobody waits for is not taken, whoever posts it', async (t) => {
  const { inviteRedeemUrl: link } = await service.invite('bo@partner.example')
  home.signsInAs = { ...ANA, sub: 'bo', email: 'bo@partner.example' }
  const victim = new Guest()
  const form = formOf((await viaHome(service, victim, link)).html)
  const action = form.action.replace(home.id, 'Google-OAUTH')
  const forged = await post({ action, fields: form.fields })
  t.match(await comeFor(victim, forged), { name: 'error' }, 'an answer at another home’s address (mix-up)')
  for (const fields of [{}, { state: 'x' }, { state: 'a'.repeat(43), code: 'c' }]) {
    const answer = await post({ action: form.action, fields: fields as Record<string, string> })
    t.equal(answer.status, 400, JSON.stringify(fields))
  }
})

t.test('a no by form is told as one', async (t) => {
  const { inviteRedeemUrl: link } = await service.invite('cy@partner.example')
  home.signsInAs = undefined
  const guest = new Guest()
  const form = formOf((await viaHome(service, guest, link)).html)
  t.match(form.fields, { error: 'access_denied' })
  const told = await comeFor(guest, await post(form))
  t.match(told, { name: 'error' })
  t.match(told.html, /data-step="cancelled"/)
  home.signsInAs = { ...ANA, sub: 'cy', email: 'cy@partner.example' }
  const again = await press(service, guest, link, { action: 'again' })
  t.match(await comeFor(guest, await post(formOf(again.html))), { name: 'consent' })
})
