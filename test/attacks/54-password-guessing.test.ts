import t, { type Test } from 'tap'
import { Browser, csrfIn, relyingParty, start } from '../provider/relying-party.js'
import { acceptedByPassword, accountPage, PASSWORD, proved, withoutPasscodes } from '../sign-in/local-accounts/local.js'
import { Guest } from '../support/guest.js'
import type { TestService } from '../support/service.js'
import { invited, rowsOf, seen } from './scene.js'

t.setTimeout(900_000)
const PROXY = { env: { VESTIBULE_TRUSTED_PROXIES: '127.0.0.1, ::1' } }
const from = (network: string) => ({ 'x-forwarded-for': network })
const isLimited = ({ status }: { status: number }) => status === 429

// Seen to fail with the first window taken out of `sign_in_password_begin` (src/sign-in/local-accounts/functions.sql).
// That tries see each other is shown in test/races/password-tries.test.ts.
t.test('a burst of guesses has five of them looked at, whatever browsers and links it comes by', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  const second = await invited(service, 'ana@partner.example')
  const browsers = await Promise.all(
    [ana, second, ana].map(async (who) => {
      const guest = new Guest()
      await guest.get(accountPage(who))
      return { guest, page: accountPage(who) }
    }),
  )
  const pages = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const browser = browsers[index % 3]
      return browser?.guest.post(browser.page, { password: `a likely password ${index}` })
    }),
  )
  t.strictSame(pages.map((page) => page && seen(page)).sort(), [
    ...Array.from({ length: 5 }, () => '422 account'),
    ...Array.from({ length: 25 }, () => '429 limited'),
  ])
  t.ok(Number(pages.find((page) => page?.status === 429)?.headers.get('retry-after')) > 800)
  const [victim] = browsers
  t.equal((await victim?.guest.post(victim.page, { password: PASSWORD }))?.status, 429, 'nor is the right one')
  service.advance(15 * 60_000 + 1_000)
  t.equal((await victim?.guest.post(victim.page, { password: PASSWORD }))?.status, 303)
})

// Seen to fail with the second and the third window taken out of `sign_in_password_begin`.
t.test('guesses from many networks are counted for the address: twenty an hour, a hundred a day', async (t) => {
  const service = await withoutPasscodes(t, PROXY)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  const guest = new Guest()
  await guest.get(accountPage(ana))
  const guess = (index: number) =>
    guest.post(accountPage(ana), { password: `a likely password ${index}` }, from(`203.0.${index}.7`))
  const pages = []
  for (let index = 0; index < 22; index++) pages.push(await guess(index))
  t.equal(pages.filter(isLimited).length, 2)
  const times = `select now() + interval '2 hours' - interval '10 minutes' * g from generate_series(0, 99) g`
  await service.rows(`insert into password_tries (tenant_id, id, address_folded, client_address, created_date_time)
    select '${service.tenantId}', gen_random_uuid(), 'ana@partner.example', 'elsewhere', t from (${times}) as x (t)`)
  service.advance(4 * 3_600_000)
  t.ok(isLimited(await guess(30)), 'a hundred within a day')

  await t.test('which locks nobody out: the mailbox is a way on at once', async (t) => {
    const victim = new Guest()
    const limited = await victim.get(accountPage(ana)).then(() => victim.post(accountPage(ana), { password: PASSWORD }))
    t.equal(seen(limited), '429 limited')
    t.match(limited.html, 'value="send"')
    await proved(service, ana, victim)
    const anew = 'seven loud geese swim'
    t.equal((await victim.post(accountPage(ana), { password: anew, again: anew })).status, 303)
    t.equal((await victim.get(ana.link)).location, 'https://app.example/welcome')
    const told = await rowsOf(service, "select topic from outbox where topic = 'security.mail'")
    t.equal(told.length, 1, 'and whose password was changed is told by mail')
  })
})

/** One page of an application's sign-in, where any address can be typed. */
async function signInPage(t: Test, service: TestService) {
  const rp = await relyingParty(service)
  const browser = new Browser(service.baseUrl)
  const asked = await browser.follow((await start(rp.config)).url.href)
  t.ok(asked.url.includes('/signin/app/'), asked.url)
  return (account: string, password: string | undefined, credential = '') =>
    browser.follow(asked.url, {
      csrf: csrfIn(asked.page),
      account,
      ...(password === undefined ? { credential } : { password }),
    })
}

// Seen to fail with the last window taken out of `sign_in_password_begin`.
t.test('one password tried on many addresses is stopped for the network, whoever of them exists', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  const attempt = await signInPage(t, service)
  const statuses = []
  for (let index = 0; index < 32; index++) {
    statuses.push((await attempt(`guest${index}@partner.example`, 'Spring2026! Spring2026!')).status)
  }
  t.strictSame(statuses, [...Array.from({ length: 30 }, () => 422), 429, 429])
  t.equal((await attempt(ana.address, PASSWORD)).status, 429, 'also of somebody who exists')
  t.strictSame(await rowsOf(service, 'select count(*)::int as n from password_tries'), [{ n: 30 }])

  await t.test('and writes no more to the sign-in log than was counted', async (t) => {
    const count =
      "select outcome, count(*)::int as n from sign_ins where outcome in ('limited', 'wrongPassword') group by 1 order by 1"
    for (let index = 0; index < 40; index++) await attempt(`more${index}@partner.example`, 'Spring2026! Spring2026!')
    t.strictSame(await rowsOf(service, count), [
      { outcome: 'limited', n: 30 },
      { outcome: 'wrongPassword', n: 30 },
    ])
  })

  await t.test('nor do passkeys that fail, for addresses that anybody can type', async (t) => {
    service.advance(3_600_001)
    const lines = () => rowsOf(service, "select count(*)::int as n from sign_ins where outcome = 'wrongPasskey'")
    for (let index = 0; index < 33; index++) {
      const shown = await attempt(`key${index}@partner.example`, undefined, '{}')
      t.equal(shown.status, 422, 'each is answered alike')
    }
    t.strictSame(await lines(), [{ n: 30 }])
  })
})
