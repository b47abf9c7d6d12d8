import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { askCode, changesNothing, invited, rowsOf, seen } from './scene.js'

t.test('a code is tried five times, however many try at once', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const browser = new Guest()
  const code = await askCode(service, ana, browser)
  const guesses = Array.from({ length: 60 }, (_, index) => String(10_000_000 + index)).filter((guess) => guess !== code)
  const pages = await Promise.all(guesses.map((guess) => browser.post(ana.link, { code: guess })))
  t.ok(pages.every(({ status }) => status === 422))
  t.strictSame(await rowsOf(service, 'select tries_left from passcodes'), [{ tries_left: 0 }])
  await changesNothing(t, service, async () => {
    await browser.get(ana.link)
    t.equal(seen(await browser.post(ana.link, { code })), '422 code', 'the right one comes too late')
  })
})

t.test('spread over browsers, links, pages and client addresses, a day gives twenty codes of five tries', async (t) => {
  // The only peer is believed, so that each request can come from a network of its own.
  const service = await startService(t, { workers: false, env: { VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8, ::1' } })
  const links = []
  for (let index = 0; index < 4; index++) links.push((await invited(service, 'ana@partner.example')).link)
  links.push(`${service.baseUrl}/signin/blocks?tenant=${service.tenantId}`)
  let tries = 0
  let sent = 0
  // Past the lifetime of tokens, which this attacker does not need.
  for (let round = 0; round < 45; round++) {
    const link = links[round % links.length] ?? ''
    const browser = new Guest()
    const from = { 'x-forwarded-for': `10.${round}.0.1` }
    await browser.get(link, from)
    const asked = link.includes('/blocks') ? { email: 'Ana@Partner.example' } : { action: 'send' }
    const page = await browser.post(link, asked as Record<string, string>, from)
    if (page.status === 303) {
      sent += 1
      await browser.get(link, from)
      for (let guess = 0; guess < 6; guess++) {
        const { html, status } = await browser.post(link, { code: String(20_000_000 + guess) }, from)
        if (status === 422 && !/data-page="limited"/.test(html)) tries += 1
      }
    } else t.equal(page.status, 429)
    // Three an hour, for 15 hours.
    service.advance(1_200_000)
  }
  t.equal(sent, 20, 'twenty codes in a day')
  const [row] = await rowsOf(service, 'select sum(5 - tries_left)::int as counted from passcodes')
  t.equal(row?.['counted'], 100, 'a hundred tries in a hundred million')
  t.comment(`${tries} tries were sent`)
  t.strictSame(await rowsOf(service, 'select * from sessions'), [])
})

t.test('one client address asks for codes of many people sixty times an hour', async (t) => {
  const service = await startService(t, { workers: false })
  const links = await Promise.all(
    Array.from({ length: 70 }, (_, index) => invited(service, `guest${index}@partner.example`)),
  )
  const answers: number[] = []
  for (const { link } of links) {
    const browser = new Guest()
    await browser.get(link)
    answers.push((await browser.post(link, { action: 'send' })).status)
  }
  t.strictSame([...new Set(answers.slice(0, 60))], [303])
  t.strictSame([...new Set(answers.slice(60))], [429])
})
