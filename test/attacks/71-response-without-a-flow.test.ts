import t from 'tap'
import { follow } from '../sign-in/home.js'
import { atHome, bringBack, postForm, samlPartner } from '../sign-in/saml.js'
import { Guest } from '../support/guest.js'
import type { Posted, SamlHome } from '../support/saml-home.js'
import { startService, type TestService } from '../support/service.js'

// A SAML response posted into a browser that never started the flow: the login of somebody else, planted.
const records = new Map<string, string[]>()
let service: TestService
let home: SamlHome & { id: string }
t.before(async () => {
  service = await startService(t, {
    workers: false,
    env: { VESTIBULE_TRUSTED_PROXIES: '127.0.0.1, ::1' },
    resolveTxt: async (name) => records.get(name) ?? [],
  })
  home = await samlPartner(t, service, records)
})
const NO_PAGE = { status: 0, name: undefined, html: '', headers: new Headers(), csrf: undefined }
const continueOf = ({ RelayState }: Posted) =>
  new URL(`/signin/saml/${service.tenantId}/continue?flow=${RelayState}`, service.baseUrl).href
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

// Whoever begins flows can post an answer to each, which is kept unread until a browser comes for it.
t.test('a stranger who posts more than can wait', async (t) => {
  const stranger = { 'x-forwarded-for': '192.0.2.7' }
  const { inviteRedeemUrl: link } = await service.invite('dot@partner.example')
  home.signsInAs = { nameId: 'dot', email: 'dot@partner.example' }
  const junk = 'A'.repeat(240_000)
  const begun: { browser: Guest; form: Posted; posted: Response }[] = []
  const post = async (SAMLResponse: string) => {
    const browser = new Guest()
    const form = await atHome(service, browser, link)
    const posted = await postForm({ ...form, SAMLResponse }, stranger)
    begun.push({ browser, form, posted })
    service.advance(1_000)
    return posted
  }
  const comeFor = ({ browser, form }: { browser: Guest; form: Posted }) =>
    follow(browser, { ...NO_PAGE, location: continueOf(form) })
  const waiting = async (where = 'true') => {
    const [row] =
      await service.rows(`select count(*)::int as flows, coalesce(sum(octet_length(answer)), 0)::int as bytes,
      coalesce(sum(answer_bytes), 0)::int as counted from sign_in_flows where answer is not null and ${where}`)
    return row ?? {}
  }
  await service.rows('update sign_in_flows set answer = null, answer_bytes = 0, answer_network = null returning 1')

  for (let count = 0; count < 20; count++) t.equal((await post(junk)).status, 303)
  t.strictSame(await waiting(), { flows: 17, bytes: 17 * 240_000, counted: 17 * 240_000 }, 'no more than 4 MB')
  const [first, last] = [begun[0], begun.at(-1)]
  if (!first || !last) throw new Error('nothing was posted')
  const gone = await comeFor(first)
  t.match(gone, { status: 400, name: 'error' }, 'the oldest is over')
  t.match(gone.html, /again/, 'and the page says what to do')
  t.match(await comeFor(last), { status: 502 }, 'the newest was kept, and is worth nothing')
  t.equal((await waiting())['flows'], 16)

  t.strictSame(
    (await Promise.all(Array.from({ length: 45 }, () => post('A')))).map(({ status }) => status).sort(),
    [...Array(40).fill(303), ...Array(5).fill(429)],
    'sixty an hour from a network, also at once',
  )
  const limited = await post('A')
  t.equal(limited.status, 429)
  t.match(await limited.text(), /data-page="limited"/)
  const wait = Number(limited.headers.get('retry-after'))
  t.ok(wait > 3_400 && wait <= 3_600, `${wait} s`)
  t.match(await bringBack(service, new Guest(), await atHome(service, new Guest(), link)), { status: 400 })
  const elsewhere = new Guest()
  t.match(await bringBack(service, elsewhere, await atHome(service, elsewhere, link)), { name: 'consent' })
  service.advance(3_600_000)
  t.equal((await post('A')).status, 303, 'an hour later')

  await t.test('from many networks crowds nobody else out', async (t) => {
    await service.rows(`insert into sign_in_flows (tenant_id, id, browser_hash, purpose, home, secrets_sealed, status, answer,
        answer_bytes, answer_network, answered_date_time, created_date_time, expires_date_time)
      select tenant_id, decode(md5(n || ' ' || m), 'hex'), browser_hash, purpose, home, secrets_sealed, 'answered', 'A',
        1000000, '10.0.' || n || '.1', created_date_time + m * interval '1 second', created_date_time,
        expires_date_time + interval '1 day'
      from generate_series(1, 20) n, generate_series(1, 4) m, (
        select * from sign_in_flows order by created_date_time desc limit 1) f returning 1`)
    const guest = new Guest()
    const form = await atHome(service, guest, link)
    t.equal((await postForm(form)).status, 303)
    t.ok((await waiting())['counted'] <= 67_108_864)
    t.match(await follow(guest, { ...NO_PAGE, location: continueOf(form) }), { name: 'consent' })
    const heaviest = await service.rows(
      'select 1 from sign_in_flows where answer_bytes > 0 group by answer_network having sum(answer_bytes) > 3000000',
    )
    t.ok(heaviest.length > 0 && heaviest.length < 20, 'those who had most have lost the oldest')
  })
})
