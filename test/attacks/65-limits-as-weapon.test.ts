import t from 'tap'
import { Browser, pageName, relyingParty, start } from '../provider/relying-party.js'
import { absolute, follow, partnerHome } from '../sign-in/home.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { askCode, invited, seen, statusOf } from './scene.js'

t.test('whoever uses up the limits of a guest does not stop the guest who has a code', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const browser = new Guest()
  const code = await askCode(service, ana, browser)

  // The attacker knows the address only, asks wherever codes can be asked for, and guesses.
  const blocks = `${service.baseUrl}/signin/blocks?tenant=${service.tenantId}`
  const answers = new Set<string>()
  for (let turn = 0; turn < 12; turn++) {
    const attacker = new Guest()
    await attacker.get(blocks)
    const page = await attacker.post(blocks, { email: ana.address })
    answers.add(seen(page))
    for (let guess = 0; guess < 7; guess++) await attacker.post(blocks, { code: `0000000${guess}` })
    service.advance(31_000)
  }
  t.ok(answers.has('429 limited'), 'the limits are used up indeed')

  const limited = await browser.post(ana.link, { action: 'send' })
  t.equal(seen(limited), '429 limited', 'the guest gets no second code now')
  t.ok(Number(limited.headers.get('retry-after')) > 0, 'is told when')
  t.match(limited.html, /name="code"/, 'and can still type the first one there')
  t.equal((await browser.post(ana.link, { code })).status, 303)
  await browser.get(ana.link)
  t.equal((await browser.post(ana.link, { choice: 'accept' })).location, 'https://app.example/welcome')
  t.equal(await statusOf(service, ana), 'Completed')
})

t.test('codes that others ask for with the same link do not replace the one in this browser', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const browser = new Guest()
  const code = await askCode(service, ana, browser)
  service.advance(31_000)
  const other = new Guest()
  await other.get(ana.link)
  t.equal((await other.post(ana.link, { action: 'send' })).status, 303)
  for (let guess = 0; guess < 6; guess++) await other.post(ana.link, { code: `0000000${guess}` })
  t.equal((await browser.post(ana.link, { code })).status, 303)
})

t.test('sign-ins that a stranger begins and never goes on with fill no table, and stop nobody else', async (t) => {
  const records = new Map<string, string[]>()
  const env = { VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8,::1' }
  const service = await startService(t, { env, resolveTxt: async (name) => records.get(name) ?? [] })
  const { tenantId } = service
  const begin = (url: string, from: string) =>
    fetch(url, { redirect: 'manual', headers: { 'x-forwarded-for': from } }).then(({ status }) => status)
  const count = async (sql: string) => Number((await service.rows(`select count(*) from ${sql}`))[0]?.['count'])

  await t.test('at an application', async (t) => {
    const rp = await relyingParty(service)
    const { url } = await start(rp.config)
    // Somebody at another network, and somebody at the stranger's own who came before all that.
    const [other, before] = [new Browser(service.baseUrl), new Browser(service.baseUrl)]
    const asked = await other.follow(url.href)
    await service.rows("update provider_state set network = '192.0.2.7'")
    const early = await before.follow((await start(rp.config)).url.href)
    t.same(
      [asked, early].map(({ page }) => pageName(page)),
      ['sign-in', 'sign-in'],
    )
    // As many as it may have already, without the waiting: one more and the oldest goes.
    const own = "network = '203.0.113.9'"
    t.equal(await begin(url.href, '203.0.113.9'), 303)
    t.equal(await count(`provider_state where ${own}`), 1)
    await service.rows(
      `update provider_state set network = '203.0.113.9', uid = 'early' where network <> '192.0.2.7' and not (${own})`,
    )
    await service.rows(`insert into provider_state (tenant_id, model, id, payload, expires_at, network)
      select tenant_id, model, 'x' || n, payload, expires_at + n * interval '1 microsecond', network
      from provider_state, generate_series(1, 998) n where ${own} and uid is distinct from 'early'`)
    t.equal(await count(`provider_state where ${own}`), 1_000)
    for (let n = 0; n < 3; n++) t.equal(await begin(url.href, '203.0.113.9'), 303, 'and still nobody is refused')
    t.equal(await count(`provider_state where ${own}`), 1_000)
    t.equal(pageName((await other.follow(asked.url)).page), 'sign-in', 'no other network loses anything')
    const late = await before.follow(early.url)
    t.match([pageName(late.page), late.status], ['error', 403], 'and whoever began first there begins again')

    // Many networks: as many as one likes, with IPv6.
    await service.rows(`insert into provider_state (tenant_id, model, id, payload, expires_at, network)
      select '${tenantId}', 'Interaction', 'y' || n, '{}', now() + interval '1 hour', '2001:db8::' || n || '/64'
      from generate_series(1, 400) n`)
    await service.rows(`select provider_bound_begun('${tenantId}', 600)`)
    t.equal(await count('provider_state where network is not null'), 600)
    t.equal(await count("provider_state where id like 'y%'"), 400, 'those of whom it has most go')
    t.equal(pageName((await other.follow(asked.url)).page), 'sign-in')
    await service.rows(`select provider_bound_begun('${tenantId}', 600)`)
    t.equal(await count('provider_state where network is not null'), 600)
  })

  // A network has bounds of its own (76-sign-up.test.ts); here are many of them.
  await t.test('on the way home, from however many networks', async (t) => {
    const home = await partnerHome(t, service, records)
    const { inviteRedeemUrl: link } = await service.invite('ana@partner.example')
    home.signsInAs = { sub: 'ana', email: 'ana@partner.example', email_verified: true }
    const guest = new Guest()
    await guest.get(link)
    const left = absolute(service, await guest.post(link, { action: 'continue' }))
    await service.rows(`insert into sign_in_flows (tenant_id, id, browser_hash, purpose, home, secrets_sealed, status,
        network, created_date_time, expires_date_time)
      select tenant_id, sha256(n::text::bytea), browser_hash, purpose, home, secrets_sealed, status,
        '2001:db8::' || n / 2 || '/64', created_date_time, expires_date_time + n * interval '1 millisecond'
      from sign_in_flows, generate_series(0, 799) n`)
    await service.rows(`select sign_in_flows_bound('${tenantId}', 401)`)
    t.equal(await count('sign_in_flows'), 401)
    t.equal(
      await count("(select network from sign_in_flows where network like '2001%' group by 1) n"),
      400,
      'one of each',
    )
    t.equal((await follow(guest, left)).name, 'consent', 'and the guest’s own, although it is the oldest')
    await service.rows(`select sign_in_flows_bound('${tenantId}', 401)`)
    t.equal(await count('sign_in_flows where network is not null'), 400)
  })
})
