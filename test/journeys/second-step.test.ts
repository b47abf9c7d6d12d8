import t from 'tap'
import { appFrom, askForSecondStep, recoveryCodesIn } from '../support/authenticator.js'
import { modes, startJourneys, type Visitor } from '../support/browser.js'

/** The second step in a real browser: an app with and without scripts, a passkey with a device that Chromium plays. */
const { service, visitor, invite, landing } = await startJourneys(t, { domain: 'fabrikam.example' })
await askForSecondStep(service)

for (const mode of modes) {
  t.test(`an authenticator app, ${mode.name}`, async (t) => {
    const address = `app-${modes.indexOf(mode)}@proseware.example`
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    t.equal((await guest.signIn(link, address)).name, 'mfa')
    const app = appFrom(await guest.page.content())
    await guest.enter(app.codeAt(service.services.clock()))
    t.equal(recoveryCodesIn(await guest.text()).length, 10)
    t.equal((await guest.press('I have kept them')).name, 'consent')
    t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)

    const later = await visitor(t, mode)
    service.advance(60_000)
    t.equal((await later.signIn(link, address)).name, 'mfa')
    // The last step is answered with a redirect to us and one to the landing site: the page must allow both.
    t.equal((await later.enter(app.codeAt(service.services.clock()))).url, `${landing.url}/welcome`)
    t.strictSame([...guest.complaints, ...later.complaints], [])
  })
}

async function withDevice({ page }: Visitor): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  })
}

t.test('a passkey', async (t) => {
  const address = 'passkey@proseware.example'
  const { link, userId } = await invite(address)
  const guest = await visitor(t)
  await withDevice(guest)
  await guest.signIn(link, address)
  await guest.press('Use a passkey', 'link')
  t.notMatch(await guest.text(), 'scripts are off')
  await guest.press('Create a passkey')
  t.equal((await guest.press('I have kept them')).name, 'consent')
  t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)

  await service.api('POST', `/users/${userId}/revokeSignInSessions`)
  service.advance(60_000)
  t.equal((await guest.signIn(link, address)).name, 'mfa')
  t.equal((await guest.press('Use passkey')).url, `${landing.url}/welcome`)
  t.strictSame(guest.complaints, [])
})

t.test('a device that says no leaves the person where they are, with another way', async (t) => {
  const address = 'refusing@proseware.example'
  const { link } = await invite(address)
  const guest = await visitor(t)
  await guest.signIn(link, address)
  await guest.press('Use a passkey', 'link')
  await guest.page.evaluate(() => {
    navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await guest.page.getByRole('button', { name: 'Create a passkey' }).click()
  await guest.page.getByRole('alert').waitFor()
  t.match(await guest.text(), 'The passkey was not confirmed')
  t.equal((await guest.press('Use an authenticator app', 'link')).name, 'mfa')
  t.strictSame(guest.complaints, [])
})

t.test('a passkey page without scripts says so and leads to the app', async (t) => {
  const address = 'scriptless@proseware.example'
  const { link } = await invite(address)
  const guest = await visitor(t, modes[3])
  await guest.signIn(link, address)
  await guest.press('Use a passkey', 'link')
  t.match(await guest.text(), 'scripts are off')
  t.equal(await guest.page.getByRole('button', { name: 'Create a passkey' }).count(), 0)
  t.equal((await guest.press('Use an authenticator app', 'link')).name, 'mfa')
})
