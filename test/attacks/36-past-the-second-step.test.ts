import t, { type Test } from 'tap'
import { type App, appFrom, askForSecondStep, setUpApp, stepOf } from '../support/authenticator.js'
import { Guest } from '../support/guest.js'
import { startService, type TestService } from '../support/service.js'
import { accepted, changesNothing, invited, rowsOf, seen, signedIn } from './scene.js'

async function start(t: Test): Promise<TestService> {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  return service
}

// Seen to fail without `sign_in_proves_enough` in the statement that accepts: this process presumes that consent is due.
t.test('the answer to a consent page that was never shown does not skip the second step', async (t) => {
  const service = await start(t)
  const ana = await invited(service, 'ana@partner.example')
  const guest = await signedIn(service, ana)
  await changesNothing(t, service, async () => {
    for (const choice of ['accept', 'decline']) t.equal(stepOf(await guest.post(ana.link, { choice })), 'mfa enrol')
  })
  t.equal((await service.api('GET', `/invitations/${ana.id}`)).body.status, 'PendingAcceptance')
})

t.test('a session from before the switch was on is asked at its next step', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const guest = await signedIn(service, ana)
  await askForSecondStep(service)
  t.equal(stepOf(await guest.post(ana.link, { choice: 'accept' })), 'mfa enrol')
})

t.test('nor does the link of an accepted invitation lead on', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const guest = await accepted(service, ana)
  await askForSecondStep(service)
  const page = await guest.get(ana.link)
  t.equal(`${stepOf(page)} ${page.location}`, 'mfa enrol null')
})

t.test('who holds only the link sets nothing up', async (t) => {
  const service = await start(t)
  const ana = await invited(service, 'ana@partner.example')
  const victim = await signedIn(service, ana)
  const app = appFrom((await victim.get(ana.link)).html)
  const code = app.codeAt(service.services.clock())

  const thief = new Guest()
  await thief.get(ana.link)
  await changesNothing(t, service, async () => {
    t.equal(seen(await thief.post(ana.link, { code })), '422 code', 'even with a code of the very key')
    t.equal(seen(await thief.post(ana.link, { action: 'kept' })), '200 start')
    t.notMatch((await thief.get(`${ana.link}&with=softwareOath`)).html, 'otpauth:')
  })
})

t.test('who controls the mailbox later does not replace the authenticator', async (t) => {
  const service = await start(t)
  const ana = await invited(service, 'ana@partner.example')
  const early = await signedIn(service, ana)
  const stale = appFrom((await early.get(ana.link)).html)
  service.advance(31_000)
  await setUpApp(service, await signedIn(service, ana), ana.link)

  service.advance(60_000)
  const thief = await signedIn(service, ana)
  const page = await thief.get(`${ana.link}&with=fido2`)
  t.equal(stepOf(page), 'mfa challenge')
  t.notMatch(page.html, 'otpauth:')
  // A browser that was offered a key before there was an app.
  await early.get(ana.link)
  const late = await early.post(ana.link, { code: stale.codeAt(service.services.clock()) })
  t.equal(`${late.status} ${stepOf(late)}`, '422 mfa challenge')
  t.strictSame(await rowsOf(service, 'select count(*)::int as methods from authentication_methods'), [{ methods: 1 }])
})

t.test('two browsers of one mailbox that set up at once: one does', async (t) => {
  const service = await start(t)
  const ana = await invited(service, 'ana@partner.example')
  const browsers: Guest[] = []
  for (let index = 0; index < 3; index++) {
    browsers.push(await signedIn(service, ana))
    service.advance(31_000)
  }
  const apps: App[] = []
  for (const browser of browsers) apps.push(appFrom((await browser.get(ana.link)).html))
  await Promise.all(
    browsers.map((browser, index) =>
      browser.post(ana.link, { code: apps[index]?.codeAt(service.services.clock()) ?? '' }),
    ),
  )
  t.strictSame(await rowsOf(service, 'select count(*)::int as methods from authentication_methods'), [{ methods: 1 }])
  t.strictSame(await rowsOf(service, "select count(*)::int as passed from sessions where 'mfa' = any (amr)"), [
    { passed: 1 },
  ])
})

t.test('a reset of the redemption takes the authenticator of whoever was there before', async (t) => {
  const service = await start(t)
  const ana = await invited(service, 'ana@partner.example')
  await setUpApp(service, await signedIn(service, ana), ana.link)
  service.advance(31_000)
  const again = await service.invite('ana@partner.example', { resetRedemption: true, invitedUser: { id: ana.userId } })
  const successor = await signedIn(service, { ...ana, link: again.inviteRedeemUrl })
  t.equal(stepOf(await successor.get(again.inviteRedeemUrl)), 'mfa enrol')
  for (const table of ['authentication_methods', 'recovery_codes']) {
    t.strictSame(await rowsOf(service, `select * from ${table}`), [], table)
  }
})
