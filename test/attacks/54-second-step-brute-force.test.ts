import t from 'tap'
import { askForSecondStep, setUpApp, stepOf } from '../support/authenticator.js'
import type { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { invited, rowsOf, signedIn } from './scene.js'

t.test('codes are guessed five times in a quarter of an hour, over all browsers, links and ways', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const { app, recoveryCodes } = await setUpApp(service, await signedIn(service, ana), ana.link)
  const second = await invited(service, 'ana@partner.example')
  const links = [ana.link, second.link, `${ana.link}&with=recoveryCode`]
  const browsers: Guest[] = []
  for (let index = 0; index < 3; index++) {
    service.advance(31_000)
    const browser = await signedIn(service, index === 1 ? second : ana)
    await browser.get(links[index] ?? '')
    browsers.push(browser)
  }
  const right = app.codeAt(service.services.clock())
  const wrong = Array.from({ length: 30 }, (_, index) => String(100_000 + index)).filter((code) => code !== right)
  const pages = await Promise.all(
    wrong.map((code, index) => {
      const at = index % 3
      return browsers[at]?.post(links[at] ?? '', { code: at === 2 ? `AAAAA-AA${code.slice(-3)}` : code })
    }),
  )
  t.equal(pages.filter((page) => page?.status === 422).length, 4)
  t.equal(pages.filter((page) => page?.status === 429).length, wrong.length - 4)
  t.ok(Number(pages.find((page) => page?.status === 429)?.headers.get('retry-after')) > 800)
  t.strictSame(await rowsOf(service, 'select count(*)::int as failures from second_step_failures'), [{ failures: 5 }])

  const [victim] = browsers
  const late = await victim?.post(ana.link, { code: right })
  t.equal(`${late?.status} ${late?.name}`, '429 limited', 'the right one waits, too')
  const page = await victim?.get(ana.link)
  t.equal(`${page?.status} ${page?.name}`, '429 limited')
  const other = await browsers[2]?.post(links[2] ?? '', { code: recoveryCodes[0] ?? '' })
  t.equal(other?.status, 429, 'and so does a recovery code')
  t.match(
    await rowsOf(service, "select target_id from audit_events where activity_display_name like 'Second step refused%'"),
    [{ target_id: ana.userId }],
  )

  service.advance(15 * 60_000)
  t.equal(stepOf((await victim?.get(ana.link)) as never), 'mfa challenge')
  const code = app.codeAt(service.services.clock())
  t.equal((await victim?.post(ana.link, { code }))?.status, 303, 'after a while it passes')
})

t.test('a day gives twenty guesses', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  await setUpApp(service, await signedIn(service, ana), ana.link)
  service.advance(31_000)
  const thief = await signedIn(service, ana)
  let counted = 0
  for (let round = 0; round < 40; round++) {
    await thief.get(ana.link)
    const page = await thief.post(ana.link, { code: String(200_000 + round) })
    if (page.status === 422) counted += 1
    service.advance(5 * 60_000)
  }
  const [row] = await rowsOf(service, 'select count(*)::int as failures from second_step_failures')
  t.equal(row?.['failures'], 20)
  t.ok(counted <= 20)
})
