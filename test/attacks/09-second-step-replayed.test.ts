import t from 'tap'
import { askForSecondStep, setUpApp, stepOf } from '../support/authenticator.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, rowsOf, signedIn } from './scene.js'

// Seen to fail when neither `stepOf` nor `takeTimeStep` compares the step with the last one; either is enough.
t.test('a code of an app that was used, by whomever, opens nothing again', async (t) => {
  const service = await startService(t, { workers: false })
  service.stopClock(t)
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const { app } = await setUpApp(service, await signedIn(service, ana), ana.link)
  const { clock } = service.services

  service.advance(31_000)
  const thief = await signedIn(service, ana)
  await thief.get(ana.link)
  const setUpCode = app.codeAt(new Date(clock().getTime() - 31_000))
  t.equal((await thief.post(ana.link, { code: setUpCode })).status, 422, 'the code that set it up')

  service.advance(60_000)
  const victim = await signedIn(service, ana)
  await victim.get(ana.link)
  const code = app.codeAt(clock())
  const early = app.codeAt(new Date(clock().getTime() - 30_000))
  t.equal((await victim.post(ana.link, { code })).status, 303)
  await thief.get(ana.link)
  t.equal((await thief.post(ana.link, { code })).status, 422, 'the code that somebody looked at')
  t.equal((await thief.post(ana.link, { code: early })).status, 422, 'an older one that is still within its grace')
})

t.test('one code, sent twenty times at once by two browsers, passes once', async (t) => {
  const service = await startService(t, { workers: false })
  service.stopClock(t)
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const { app } = await setUpApp(service, await signedIn(service, ana), ana.link)
  service.advance(60_000)
  const browsers = [await signedIn(service, ana)]
  service.advance(31_000)
  browsers.push(await signedIn(service, ana))
  for (const browser of browsers) await browser.get(ana.link)
  const code = app.codeAt(service.services.clock())
  await Promise.all(
    Array.from({ length: 10 }, () => browsers.map((browser) => browser.post(ana.link, { code }))).flat(),
  )
  const [row] = await rowsOf(service, "select count(*)::int as passed from sessions where 'mfa' = any (amr)")
  // The browser that set the app up, and one of these.
  t.equal(row?.['passed'], 2)
})

t.test('a recovery code opens once, however many try it at once', async (t) => {
  const service = await startService(t, { workers: false })
  service.stopClock(t)
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const { recoveryCodes } = await setUpApp(service, await signedIn(service, ana), ana.link)
  const link = `${ana.link}&with=recoveryCode`
  const browsers = []
  for (let index = 0; index < 4; index++) {
    service.advance(31_000)
    const browser = await signedIn(service, ana)
    await browser.get(link)
    browsers.push(browser)
  }
  const [code = ''] = recoveryCodes
  const pages = await Promise.all(browsers.map((browser) => browser.post(link, { code })))
  t.strictSame(pages.map(({ status }) => status).sort(), [303, 422, 422, 422])
  const loser = browsers[pages.findIndex(({ status }) => status === 422)]
  t.equal(stepOf((await loser?.get(link)) ?? (pages[0] as never)), 'mfa challenge')
  t.equal((await loser?.post(link, { code }))?.status, 422)
})

t.test('recovery codes of somebody else open nothing', async (t) => {
  const service = await startService(t, { workers: false })
  service.stopClock(t)
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const ben = await invited(service, 'ben@partner.example')
  const { recoveryCodes } = await setUpApp(service, await signedIn(service, ana), ana.link)
  await setUpApp(service, await signedIn(service, ben), ben.link)
  service.advance(31_000)
  const thief = await signedIn(service, ben)
  const link = `${ben.link}&with=recoveryCode`
  await thief.get(link)
  await changesNothing(
    t,
    service,
    async () => t.equal((await thief.post(link, { code: recoveryCodes[0] ?? '' })).status, 422),
    ['second_step_failures'],
  )
})
