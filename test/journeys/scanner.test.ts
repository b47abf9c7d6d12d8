import type { Page } from 'playwright-core'
import t from 'tap'
import { desktop, modes, phoneWithoutScripts, startJourneys } from '../support/browser.js'
import { codesIn } from '../support/guest.js'

/** Mail gateways open links before people do, and some press what they find. The guest must notice nothing. */
const { service, landing, visitor, invite } = await startJourneys(t)

const historyOf = async (id: string) => {
  const { body } = await service.api('GET', `/invitations/${id}`)
  return { status: body.status, events: body.history.map(({ event }: { event: string }) => event) }
}
const untouched = { status: 'PendingAcceptance', events: ['invited'] }

for (const [index, mode] of [desktop, phoneWithoutScripts].entries()) {
  t.test(`${mode.name}: a link that a scanner fetched with GET and HEAD is as good as new`, async (t) => {
    const address = `fetched${index}@partner.example`
    const { id, link } = await invite(address)
    for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
      const response = await fetch(link, { method })
      t.equal(response.status, 200, method)
      await response.text()
    }
    t.strictSame(await historyOf(id), untouched)
    t.strictSame(await service.mails(address), [])

    const guest = await visitor(t, mode)
    t.equal((await guest.signIn(link, address)).name, 'consent')
    t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: a scanner that presses every button can send a code, and accepts nothing`, async (t) => {
    service.stopClock(t)
    const address = `pressed${index}@partner.example`
    const { id, link } = await invite(address)
    const visits = landing.visits.length
    const scanner = await visitor(t, modes[0])
    t.same(await pressEverything(scanner.page, link), ['start', 'code', 'limited'])
    t.strictSame(await historyOf(id), untouched)
    t.equal(landing.visits.length, visits)
    const [sent, ...more] = await service.waitForMails(address)
    t.strictSame([codesIn(sent ? [sent] : []).length, more.length], [1, 0], 'one code, within the limit')

    service.advance(31_000)
    const guest = await visitor(t, mode)
    t.match(await guest.open(link), { status: 200, name: 'start' }, 'the code of the scanner is nothing to the guest')
    const { code } = await guest.askForCode(address)
    t.equal((await guest.enter(code)).name, 'consent')
    t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)
    t.strictSame(guest.complaints, [])
  })
}

/** Submits each form that the link leads to, fields filled with something; answers with the pages that were met. */
async function pressEverything(page: Page, link: string): Promise<string[]> {
  const met = new Set<string>()
  const pressed = new Set<string>()
  for (let turn = 0; turn < 20; turn++) {
    await page.goto(link)
    const name = (await page.locator('main').getAttribute('data-page')) ?? ''
    met.add(name)
    const buttons = await page.locator('form[method=post] button').all()
    let isNew = false
    for (const [index, button] of buttons.entries()) {
      const key = `${name} ${index}`
      if (pressed.has(key)) continue
      pressed.add(key)
      isNew = true
      for (const field of await page.locator('input:not([type=hidden])').all()) await field.fill('12345678')
      await Promise.all([page.waitForNavigation(), button.click()])
      met.add((await page.locator('main').getAttribute('data-page')) ?? '')
      break
    }
    if (!isNew) break
  }
  return [...met]
}
