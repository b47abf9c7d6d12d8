import t from 'tap'
import { passcodeOf, purgeEnded } from '../../src/sign-in/index.js'
import { Guest } from '../support/guest.js'
import { lastingToken } from '../support/people.js'
import { startService, type TestService } from '../support/service.js'

const MINUTE_MS = 60_000

/** Invites by a token that outlives what these tests do to the clock; answers with the link. */
async function linkTo(service: TestService, address: string): Promise<string> {
  const body = { invitedUserEmailAddress: address, inviteRedirectUrl: 'https://app.example', expiresDateTime: null }
  const answer = await service.api('POST', '/invitations', body, { token: await lastingToken(service) })
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body.inviteRedeemUrl
}

/** The newest code for an address, as the mail would hold it. */
async function codeFor(service: TestService, address: string): Promise<string> {
  const [row] = await service.rows(
    `select id from passcodes where address_folded = '${address}' order by id desc limit 1`,
  )
  return passcodeOf(service.services.keys, service.tenantId, row?.['id'])
}

const wrong = (code: string) => (code === '00000000' ? '00000001' : '00000000')

t.test('limits on sending codes', async (t) => {
  // Each browser comes from an address of its own, as behind a trusted proxy.
  const service = await startService(t, { workers: false, env: { VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8,::1/128' } })
  let clients = 0
  const nextClient = () => {
    clients += 1
    return { 'x-forwarded-for': `10.1.${Math.floor(clients / 200)}.${(clients % 200) + 1}` }
  }
  const codes = async (address: string) =>
    (await service.rows(`select count(*)::int as n from passcodes where address_folded = '${address}'`))[0]?.['n']

  await t.test('one to an address in thirty seconds, whichever browser or link asks', async (t) => {
    const [one, two] = [await linkTo(service, 'ana@partner.example'), await linkTo(service, 'ana@partner.example')]
    const [first, second] = [new Guest(), new Guest()]
    await first.get(one)
    await second.get(two)
    t.equal((await first.post(one, { action: 'send' }, nextClient())).status, 303)
    const limited = await second.post(two, { action: 'send' }, nextClient())
    t.equal(limited.status, 429)
    t.equal(limited.name, 'limited')
    const wait = Number(limited.headers.get('retry-after'))
    t.ok(wait > 20 && wait <= 30, `Retry-After ${wait}`)
    t.equal(await codes('ana@partner.example'), 1)
    service.advance(wait * 1_000)
    t.equal((await second.post(two, { action: 'send' }, nextClient())).status, 303)
  })

  await t.test('five in fifteen minutes, twenty a day; a live code can still be typed', async (t) => {
    const address = 'bo@partner.example'
    const link = await linkTo(service, address)
    const guest = new Guest()
    await guest.get(link)
    const ask = () => guest.post(link, { action: 'send' }, nextClient())
    for (let n = 0; n < 5; n++) {
      t.equal((await ask()).status, 303, `mail ${n + 1}`)
      service.advance(31_000)
    }
    const window = await ask()
    t.equal(window.status, 429)
    const wait = Number(window.headers.get('retry-after'))
    t.ok(
      wait > 12 * 60 && wait <= 15 * 60,
      `Retry-After ${wait}: until the first of the five is a quarter of an hour old`,
    )
    service.advance(wait * 1_000)
    t.equal((await ask()).status, 303)
    for (let n = 6; n < 20; n++) {
      service.advance(4 * MINUTE_MS)
      t.equal((await ask()).status, 303, `mail ${n + 1}`)
    }
    service.advance(16 * MINUTE_MS)
    const day = await ask()
    t.equal(day.status, 429)
    t.ok(Number(day.headers.get('retry-after')) > 20 * 3_600)
    t.equal(await codes(address), 20)
    const proved = await guest.post(link, { code: await codeFor(service, address) })
    t.equal(proved.status, 303, 'the limit stops sending, not the code that was sent')
    t.equal((await guest.get(link)).name, 'consent')
  })

  await t.test('sixty an hour from one client, whatever the addresses', async (t) => {
    const links = await Promise.all(
      Array.from({ length: 61 }, async (_, n) => await linkTo(service, `c${n}@partner.example`)),
    )
    const from = { 'x-forwarded-for': '198.51.100.7' }
    for (const [n, link] of links.slice(0, 60).entries()) {
      const guest = new Guest()
      await guest.get(link)
      const { status } = await guest.post(link, { action: 'send' }, from)
      if (status !== 303) t.fail(`request ${n + 1} answered ${status}`)
    }
    const last = new Guest()
    await last.get(links[60] ?? '')
    const limited = await last.post(links[60] ?? '', { action: 'send' }, from)
    t.equal(limited.status, 429)
    t.ok(Number(limited.headers.get('retry-after')) > 3_000)
    t.equal(
      (await last.post(links[60] ?? '', { action: 'send' }, nextClient())).status,
      303,
      'another client is not in the way',
    )
  })
})

t.test('limits on trying codes', async (t) => {
  const service = await startService(t, { workers: false })
  async function started(address: string) {
    const link: string = await linkTo(service, address)
    const guest = new Guest()
    await guest.get(link)
    await guest.post(link, { action: 'send' })
    await guest.get(link)
    return { link, guest, code: await codeFor(service, address) }
  }

  await t.test('five tries, and then not even the right code', async (t) => {
    const { link, guest, code } = await started('ana@partner.example')
    for (const left of [4, 3, 2, 1]) {
      const page = await guest.post(link, { code: wrong(code) })
      t.equal(page.status, 422)
      t.match(page.html, String(left), `${left} left`)
    }
    t.equal((await guest.post(link, { code: wrong(code) })).status, 422)
    const right = await guest.post(link, { code })
    t.equal(right.status, 422)
    t.match(await service.rows('select count(*)::int as n from sessions'), [{ n: 0 }])
  })

  await t.test('what cannot be a code costs no try', async (t) => {
    const { link, guest, code } = await started('bo@partner.example')
    for (let n = 0; n < 8; n++) t.equal((await guest.post(link, { code: 'letters' })).status, 422)
    t.equal((await guest.post(link, { code })).status, 303)
  })

  await t.test('twenty guesses at once count as five', async (t) => {
    const { link, guest, code } = await started('cy@partner.example')
    await Promise.all(Array.from({ length: 20 }, () => guest.post(link, { code: wrong(code) })))
    t.match(await service.rows("select tries_left from passcodes where address_folded = 'cy@partner.example'"), [
      { tries_left: 0 },
    ])
    t.equal((await guest.post(link, { code })).status, 422)
  })

  await t.test('the right code at once in two tabs signs in once', async (t) => {
    const { link, guest, code } = await started('dee@partner.example')
    const answers = await Promise.all([guest.post(link, { code }), guest.post(link, { code })])
    t.strictSame(answers.map(({ status }) => status).sort(), [303, 422])
    t.match(
      await service.rows("select count(*)::int as n from sessions where address_folded = 'dee@partner.example'"),
      [{ n: 1 }],
    )
  })

  await t.test('a code is over after thirty minutes, once used, and when a newer one was sent', async (t) => {
    const late = await started('e1@partner.example')
    service.advance(30 * MINUTE_MS)
    t.equal((await late.guest.post(late.link, { code: late.code })).status, 422)
    const old = await started('e2@partner.example')
    service.advance(31_000)
    await old.guest.post(old.link, { action: 'send' })
    t.equal((await old.guest.post(old.link, { code: old.code })).status, 422)
    t.equal((await old.guest.post(old.link, { code: await codeFor(service, 'e2@partner.example') })).status, 303)
  })

  await t.test('a code opens nothing in another browser, for another link, or elsewhere', async (t) => {
    const { link, code } = await started('f1@partner.example')
    const stranger = new Guest()
    await stranger.get(link)
    t.equal((await stranger.post(link, { code })).status, 422, 'another browser')
    const victim = await started('f2@partner.example')
    t.equal((await victim.guest.post(victim.link, { code })).status, 422, 'another guest')
    const { guest } = victim
    const blocks = `${service.baseUrl}/signin/blocks?tenant=${service.tenantId}`
    await guest.get(blocks)
    t.not((await guest.post(blocks, { code: victim.code })).status, 303, 'the page of blocks')
  })
})

t.test('what is over is forgotten, what limits need is kept', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId } = service
  const link = await linkTo(service, 'ana@partner.example')
  const guest = new Guest()
  await guest.get(link)
  await guest.post(link, { action: 'send' })
  await guest.post(link, { code: await codeFor(service, 'ana@partner.example') })
  const purge = () => purgeEnded(services.database.sql, tenantId, services.clock(), 1_000)
  const counts = async () => [
    (await service.rows('select count(*)::int as n from sessions'))[0]?.['n'],
    (await service.rows('select count(*)::int as n from passcodes'))[0]?.['n'],
  ]
  t.equal(await purge(), 0)
  service.advance(24 * 60 * MINUTE_MS + 1_000)
  t.equal((await guest.get(link)).name, 'start', 'the session is over before anybody tidies up')
  t.equal(await purge(), 1)
  t.strictSame(await counts(), [0, 1])
  service.advance(24 * 60 * MINUTE_MS)
  t.equal(await purge(), 1)
  t.strictSame(await counts(), [0, 0])
})
