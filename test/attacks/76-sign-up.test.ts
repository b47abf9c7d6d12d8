import { EventEmitter, once } from 'node:events'
import type postgres from 'postgres'
import t, { type Test } from 'tap'
import { passcodeOf, purgeFlows } from '../../src/sign-in/index.js'
import { ANA, follow, partnerHome } from '../sign-in/home.js'
import { startConnector } from '../support/connector.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { until } from '../support/until.js'
import { makeFlow, usersOf, Visitor } from '../user-flows/sign-up/flow.js'

// What strangers try at a door that is open to strangers: cases 9, 18, 22, 29, 30, 34, 36, 43, 45, 51, 53, 54, 58 and 63.
const records = new Map<string, string[]>()
const service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
const partner = await partnerHome(t, service, records)
const providers = ['EmailOtpSignup-OAUTH', 'AADSignup-OAUTH', partner.id]
const path = await makeFlow(service, {
  providers,
  questions: [{ id: 'displayName' }, { id: 'city', isOptional: true }],
})
const url = service.baseUrl + path

async function codeOf(address: string): Promise<string> {
  const [row] = await service.rows(
    `select id from passcodes where address_folded = '${address}' order by id desc limit 1`,
  )
  if (!row) throw new Error(`no code was made for ${address}`)
  return passcodeOf(service.services.keys, service.tenantId, row['id'])
}
const nobody = async (t: Test, address: string) => t.strictSame(await usersOf(service, address), [])

/** A visitor who has proved an address. */
async function proved(address: string, at = path): Promise<Visitor> {
  const visitor = new Visitor(service, at)
  await visitor.open()
  await visitor.send({ email: address })
  await visitor.open()
  await visitor.send({ code: await codeOf(address) })
  await visitor.open()
  return visitor
}

t.test('45: known and unknown addresses get the same answer, to the letter', async (t) => {
  await (await proved('known@elsewhere.example')).answer({ displayName: 'Known' })
  t.equal((await usersOf(service, 'known@elsewhere.example')).length, 1)
  await service.invite('invited@elsewhere.example')
  service.advance(31_000)
  const answers = []
  for (const email of ['known@elsewhere.example', 'other@elsewhere.example', 'invited@elsewhere.example']) {
    const visitor = new Visitor(service, path)
    await visitor.open()
    const sent = await visitor.send({ email })
    const page = await visitor.open()
    const wrong = await visitor.send({ code: '00000000' })
    const blurred = (html: string) =>
      html.replaceAll(/nonce="[^"]*"|name="csrf" value="[^"]*"/g, '').replaceAll(/.•••@elsewhere\.example/g, '')
    answers.push({ sent: sent.status, to: sent.location, page: blurred(page.html), wrong: blurred(wrong.html) })
  }
  for (const answer of answers) t.strictSame(answer, answers[0])
})

t.test('63: a code is no way around the home of a domain', async (t) => {
  const visitor = new Visitor(service, path)
  await visitor.open()
  for (const fields of [
    { email: 'ana@partner.example' },
    { email: 'ana@partner.example', choice: 'code' },
    { action: 'send', email: 'ana@partner.example' },
  ]) {
    await visitor.send(fields)
    await visitor.open()
  }
  t.equal((await service.rows("select 1 from passcodes where address_folded = 'ana@partner.example'")).length, 0)
})

t.test('22: an address that a home tells and does not own makes nobody', async (t) => {
  partner.signsInAs = { ...ANA, sub: 'eva', email: 'victim@elsewhere.example' }
  const visitor = new Visitor(service, path)
  await visitor.open()
  const left = await visitor.send({ provider: partner.id })
  const page = await follow(visitor, { ...left, location: left.location })
  t.match(page.html, 'data-step="address"')
  t.match((await visitor.answer({ displayName: 'Eva' })).html, 'data-step="address"')
  await nobody(t, 'victim@elsewhere.example')
})

t.test('30: a handle planted in a browser before the proof opens nothing after it', async (t) => {
  const attacker = new Visitor(service, path)
  await attacker.open()
  const victim = new Visitor(service, path)
  victim.cookies.set('vb', attacker.cookies.get('vb') ?? '')
  await victim.open()
  await victim.send({ email: 'victim@elsewhere.example' })
  await victim.open()
  await victim.send({ code: await codeOf('victim@elsewhere.example') })
  t.equal((await victim.open()).name, 'sign-up')
  t.not((await attacker.open()).name, 'sign-up', 'the form of the victim is not shown')
  t.notMatch((await attacker.open()).html, 'victim@elsewhere.example')
  await attacker.answer({ displayName: 'Attacker' })
  await nobody(t, 'victim@elsewhere.example')
  t.equal((await victim.answer({ displayName: 'Victim' })).status, 303)
  t.match(await usersOf(service, 'victim@elsewhere.example'), [{ display_name: 'Victim' }])
  t.equal((await attacker.get(`${service.baseUrl}/myapps?tenant=${service.tenantId}`)).name !== 'my-apps', true)
})

t.test('51: forms of other sites and other browsers do nothing', async (t) => {
  const visitor = await proved('cy@elsewhere.example')
  const stranger = new Visitor(service, path)
  await stranger.open()
  for (const csrf of ['', 'x', stranger.cookies.get('vb') ?? '']) {
    t.equal((await visitor.post(url, { csrf, action: 'answer', displayName: 'Cy' })).status, 403)
    t.equal((await visitor.post(url, { csrf, action: 'restart' })).status, 403)
  }
  await nobody(t, 'cy@elsewhere.example')
  await visitor.open()
  t.equal((await visitor.answer({ displayName: 'Cy' })).status, 303, 'and nothing was lost')
})

t.test('9 and 54: a code is worth nothing twice, elsewhere, or by guessing', async (t) => {
  const other = await makeFlow(service, { providers })
  const visitor = new Visitor(service, path)
  await visitor.open()
  await visitor.send({ email: 'di@elsewhere.example' })
  const code = await codeOf('di@elsewhere.example')
  const thief = new Visitor(service, path)
  await thief.open()
  await thief.send({ email: 'thief@elsewhere.example' })
  await thief.open()
  t.equal((await thief.send({ code })).status, 422, 'in another browser')
  await visitor.get(service.baseUrl + other)
  await visitor.post(service.baseUrl + other, { code })
  t.notMatch((await visitor.get(service.baseUrl + other)).html, 'di@elsewhere.example', 'in another flow')
  await visitor.open()
  for (let tries = 0; tries < 5; tries++) await visitor.send({ code: '00000000' })
  t.equal((await visitor.send({ code })).status, 422, 'after five that were wrong')
  await nobody(t, 'di@elsewhere.example')
})

t.test('18 and 58: nothing that is posted says who somebody is', async (t) => {
  const visitor = await proved('ed@elsewhere.example')
  const done = await visitor.answer({
    displayName: 'Ed',
    email: 'boss@contoso.example',
    mail: 'boss@contoso.example',
    userType: 'Member',
    'proof.address': 'boss@contoso.example',
    __proto__: 'x',
    constructor: 'x',
    accountEnabled: 'false',
  })
  t.equal(done.status, 303)
  t.match(await usersOf(service, 'ed@elsewhere.example'), [
    { mail: 'ed@elsewhere.example', user_type: 'Guest', account_enabled: true, external_user_state: null },
  ])
  const nul = await proved('nul@elsewhere.example')
  t.equal((await nul.answer({ displayName: 'N\u0000ul', city: '\ud800' })).status, 303)
  t.match(await usersOf(service, 'nul@elsewhere.example'), [{ display_name: 'N ul' }])
})

t.test('29 and 36: the list of domains holds at this door, for look-alikes too', async (t) => {
  await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'allowList', domains: ['good.example'] })
  const visitor = await proved('x@evil-good.example')
  t.equal((await visitor.open()).name, 'blocked')
  t.equal((await visitor.answer({ displayName: 'X' })).status, 403)
  await nobody(t, 'x@evil-good.example')
  await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'any', domains: [] })
})

t.test('43: what a connector or an administrator wrote is text', async (t) => {
  const connector = await startConnector(t)
  connector.answer({ body: { version: '1.0.0', action: 'ShowBlockPage', userMessage: '<script>alert(1)</script>' } })
  const { body } = await service.api('POST', '/identity/apiConnectors', {
    displayName: 'Evil',
    targetUrl: connector.url,
    authenticationConfiguration: {
      '@odata.type': '#microsoft.graph.basicAuthentication',
      username: 'vestibule',
      password: 'open sesame',
    },
  })
  const evil = await makeFlow(service, { first: body.id })
  const visitor = await proved('flo@elsewhere.example', evil)
  const page = await visitor.open()
  t.match([page.status, page.name], [403, 'blocked'])
  t.match(page.html, '&lt;script>')
  t.notMatch(page.html, '<script')
})

t.test('53: no page of it is framed, and none runs a script that is not asked for', async (t) => {
  const page = await new Guest().get(url)
  t.match(page.headers.get('content-security-policy'), /default-src 'none'.*frame-ancestors 'none'/)
  t.notMatch(page.headers.get('content-security-policy'), 'script-src')
  t.equal(page.headers.get('referrer-policy'), 'no-referrer')
})

t.test('departures: what is begun at homes and led nowhere has bounds, of a browser and of a network', async (t) => {
  const departures = async (where: string) => {
    const [row] = await service.rows(`select count(*)::int from sign_in_flows where ${where}`)
    return row?.['count']
  }
  const leave = async (visitor = new Visitor(service, path)) => {
    await visitor.open()
    return visitor.send({ provider: partner.id })
  }
  await service.rows('delete from sign_in_flows returning 1')
  const wavering = new Visitor(service, path)
  const left = []
  for (let times = 0; times < 8; times++) {
    left.push(await leave(wavering))
    service.advance(1_000)
  }
  t.strictSame(new Set(left.map(({ status }) => status)), new Set([303]))
  t.equal(await departures('true'), 5, 'one browser that goes back and picks again is five rows at most')
  partner.signsInAs = { ...ANA, sub: 'wavering', email: 'wavering@partner.example' }
  const [first, last] = [left.at(0), left.at(-1)]
  if (!first || !last) throw new Error('nobody left')
  t.match(await follow(wavering, { ...first, location: first.location }), { status: 400, name: 'error' })
  const arriving = new Visitor(service, path)
  const way = await leave(arriving)
  const waiting = "network = '127.0.0.1'"
  t.equal(await departures(waiting), 6)

  await service.rows(`insert into sign_in_flows (tenant_id, id, browser_hash, network, purpose, home, secrets_sealed, status,
      created_date_time, expires_date_time)
    select tenant_id, sha256(n::text::bytea), sha256(n::text::bytea), network, purpose, home, secrets_sealed, 'started',
      created_date_time, expires_date_time
    from generate_series(1, 994) n, (select * from sign_in_flows order by created_date_time desc limit 1) f returning 1`)
  const full = await leave()
  t.match([full.status, full.name], [429, 'limited'])
  t.match(full.html, /Try again at/)
  const wait = Number(full.headers.get('retry-after'))
  t.ok(wait > 3_400 && wait <= 3_600, `${wait} s`)
  t.equal(await departures('true'), 1_000, 'and nothing is kept of it')
  t.equal((await new Visitor(service, path).open()).status, 200, 'reading the page is free')
  const { inviteRedeemUrl } = await service.invite('cas@partner.example')
  const guest = new Guest()
  await guest.get(inviteRedeemUrl)
  const invited = await guest.post(inviteRedeemUrl, { action: 'continue' })
  t.match([invited.status, invited.name], [429, 'limited'], 'links lead to homes, too')

  const arrived = await follow(arriving, { ...way, location: way.location })
  t.equal(arrived.name, 'sign-up', 'whoever is at their home comes back')
  t.equal(await departures(waiting), 999, 'and counts no longer')
  const burst = await Promise.all(Array.from({ length: 4 }, () => leave()))
  t.strictSame(burst.map(({ status }) => status).sort(), [303, 429, 429, 429], 'exact, also at once')

  service.advance(2 * 3_600_000)
  t.equal((await leave()).status, 303, 'an hour later')
  const { database, clock } = service.services
  await database.withTenant(service.tenantId, (scope) => purgeFlows(scope, clock(), 10_000))
  t.equal(await departures(waiting), 1, 'nothing is kept for longer of what nobody came back to')
})

t.test('robots: the field that nobody sees, and the limits of a network and a flow', async (t) => {
  const robot = new Visitor(service, path)
  await robot.open()
  const sent = await robot.send({ email: 'robot@elsewhere.example', company_url: 'https://spam.example' })
  t.equal(sent.status, 303, 'it looks as if it had worked')
  t.equal((await service.rows("select 1 from passcodes where address_folded = 'robot@elsewhere.example'")).length, 0)

  await service.rows(`update tenants set version = version + 1, settings = '{"signUpsPerFlowAndHour": 2}'`)
  service.services.tenants.forget()
  const small = await makeFlow(service, {})
  const begin = async () => {
    const visitor = new Visitor(service, small)
    await visitor.open()
    return visitor.send({ email: `r${Math.trunc(performance.now() * 1_000)}@elsewhere.example` })
  }
  t.strictSame([(await begin()).status, (await begin()).status], [303, 303])
  const full = await begin()
  t.match([full.status, full.name, Number(full.headers.get('retry-after')) > 3_000], [429, 'limited', true])
  service.advance(3_600_000)
  t.equal((await begin()).status, 303)

  await t.test('a browser that begins again and again counts each time', async (t) => {
    service.advance(3_600_000)
    const again = await proved('again1@elsewhere.example', small)
    await again.send({ action: 'restart' })
    await again.open()
    await again.send({ action: 'restart' })
    await again.open()
    t.equal((await again.send({ email: 'again2@elsewhere.example' })).status, 303)
    await again.open()
    await again.send({ action: 'restart' })
    await again.open()
    t.equal(
      (await again.send({ email: 'again2@elsewhere.example' })).status,
      429,
      'the limit of codes, not of sign-ups',
    )
    t.notMatch((await again.send({ email: 'again3@elsewhere.example' })).name, 'limited', 'it has proved nobody yet')
    await again.open()
    await again.send({ code: await codeOf('again3@elsewhere.example') })
    await again.open()
    t.equal((await again.answer({})).status, 303)
    await again.open()
    await again.send({ action: 'restart' })
    await again.open()
    const third = await again.send({ email: 'again4@elsewhere.example' })
    t.match([third.status, third.name], [429, 'limited'])
    t.equal(
      (
        await service.rows(
          `select 1 from sign_up_runs where flow_id = '${small.split('/').at(-1)}' and proof is not null`,
        )
      ).length,
      0,
      'and nobody is told of in what is left to be counted',
    )
  })

  await t.test('a flow is never fuller than it may be, however many begin at once', async (t) => {
    service.advance(3_600_000)
    const { sql } = service.services.database
    const now = service.services.clock().toISOString()
    const [{ most: connections = 0 } = {}] = await sql<{ most: number }[]>`
      select current_setting('max_connections')::int as most`
    const begun = async (on: postgres.ISql, name: string, most: number): Promise<string> => {
      const browser = service.services.newId()
      const [row] = await on<{ outcome: string }[]>`
        select sign_up_begin(${service.tenantId}, ${now}, ${browser}, ${name}, sha256(uuid_send(${browser}::uuid)), null,
          ${browser}, ${now}::timestamptz + interval '4 hours', 60, ${most}, null, null)->>'outcome' as outcome`
      return row?.outcome ?? ''
    }
    /** What two do of whom the first has not committed when the second comes; and whether the second waited. */
    const race = async (name: string, most: number) => {
      const commit = new EventEmitter()
      const begins = new EventEmitter()
      const first = sql.begin(async (transaction) => {
        const committed = once(commit, 'now')
        begins.emit('begun', await begun(transaction, name, most))
        await committed
      })
      const [outcome] = await once(begins, 'begun')
      const second = begun(sql, name, most)
      let isOver = false
      void second.finally(() => {
        isOver = true
      })
      let waited = false
      await until(async () => {
        const waiting = await sql`select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%sign_up_begin%'`
        waited = waiting.length > 0
        return waited || isOver
      }, 'the second waits or is through')
      commit.emit('now')
      await first
      return { outcome, second: await second, waited }
    }
    t.strictSame(await race('B2X_1_Nearly', 1), { outcome: 'begun', second: 'signUpsLimited', waited: true })
    t.strictSame(
      await race('B2X_1_Far', connections + 2),
      { outcome: 'begun', second: 'begun', waited: false },
      'far from it nobody waits for anybody',
    )
    t.strictSame(
      await race('B2X_1_Far', connections + 2),
      { outcome: 'begun', second: 'begun', waited: true },
      'near it those who did not wait are waited for',
    )
    for (let n = 5; n <= connections + 2; n++) await begun(sql, 'B2X_1_Far', connections + 2)
    t.strictSame(await Promise.all(Array.from({ length: 4 }, () => begun(sql, 'B2X_1_Far', connections + 2))), [
      'signUpsLimited',
      'signUpsLimited',
      'signUpsLimited',
      'signUpsLimited',
    ])
    t.equal((await service.rows(`select 1 from sign_up_runs where flow_id = 'B2X_1_Far'`)).length, connections + 2)
  })

  await service.rows(`update tenants set version = version + 1,
    settings = '{"signUpsPerNetworkAndHour": 3, "signUpChallenge": true}'`)
  service.services.tenants.forget()
  const burst = await Promise.all(Array.from({ length: 8 }, begin))
  t.strictSame(
    burst.map(({ status }) => status).sort(),
    [303, 303, 303, 429, 429, 429, 429, 429],
    'exact under a burst',
  )
})

t.test('34: nothing goes on in an organization that is switched off', async (t) => {
  await service.rows(`update tenants set enabled = false, version = version + 1`)
  service.services.tenants.forget()
  t.equal((await new Guest().get(url)).status, 404)
})
