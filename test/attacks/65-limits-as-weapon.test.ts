import t from 'tap'
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
