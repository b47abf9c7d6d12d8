import t from 'tap'
import { newestCode } from '../attacks/scene.js'
import { relyingParty, start } from '../provider/relying-party.js'
import { PASSWORD, switchPasscodes } from '../sign-in/local-accounts/local.js'
import { modes, startJourneys, type Visitor } from '../support/browser.js'
import { look } from '../support/look.js'

/**
 * An account at the organization itself in a real browser, with codes by e-mail switched off: a password takes no script,
 * a passkey is of a device that Chromium plays. Each page is looked at as in `appearance.test.ts`.
 */
const { service, visitor, invite, landing } = await startJourneys(t, { domain: 'fabrikam.example' })
await switchPasscodes(service, false)

async function choosePassword(guest: Visitor, password: string) {
  await guest.page.fill('#password', password)
  await guest.page.fill('#again', password)
  return guest.press('Save password')
}

async function signIn(guest: Visitor, password: string) {
  await guest.page.fill('#password', password)
  return guest.press('Sign in')
}

for (const mode of modes) {
  t.test(`a password, ${mode.name}`, async (t) => {
    const address = `guest-${modes.indexOf(mode)}@proseware.example`
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    t.equal((await guest.open(link)).name, 'start')
    t.equal((await guest.press('Continue')).name, 'account')
    t.match(await guest.text(), 'we check once that the mailbox is yours')
    const { code } = await guest.askForCode(address)
    t.equal((await guest.enter(code)).name, 'account')
    if (!mode.javaScriptEnabled) t.equal(await guest.page.getByRole('button', { name: 'Create a passkey' }).count(), 0)
    t.equal((await choosePassword(guest, 'short')).status, 422)
    t.equal((await choosePassword(guest, PASSWORD)).name, 'consent')
    t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)

    const later = await visitor(t, mode)
    await later.open(link)
    await later.press('Continue')
    t.equal((await signIn(later, 'nine quiet cows graze')).status, 422)
    t.match(await later.text(), 'do not go together')
    t.equal((await signIn(later, PASSWORD)).url, `${landing.url}/welcome`)
    t.strictSame([...guest.complaints, ...later.complaints], [])
  })
}

t.test('a wrong password too often, and on by the mailbox', async (t) => {
  const address = 'forgetful@proseware.example'
  const { link, userId } = await invite(address)
  const guest = await visitor(t)
  await guest.open(link)
  await look(t, guest, 'local-start')
  await guest.press('Continue')
  await look(t, guest, 'local-intro')
  const first = await guest.askForCode(address)
  await guest.enter(first.code)
  await look(t, guest, 'local-choose')
  await choosePassword(guest, 'proseware.example')
  await look(t, guest, 'local-choose-wrong')
  await choosePassword(guest, PASSWORD)
  await guest.press('Accept')
  await service.api('POST', `/users/${userId}/revokeSignInSessions`)
  service.advance(60_000)

  await guest.open(link)
  await look(t, guest, 'local-start-return')
  await guest.press('Continue')
  await look(t, guest, 'local-sign-in')
  for (let guess = 0; guess < 5; guess++) t.equal((await signIn(guest, `a likely one ${guess}`)).status, 422)
  await look(t, guest, 'local-sign-in-wrong')
  t.equal((await signIn(guest, PASSWORD)).status, 429)
  await look(t, guest, 'local-limited')
  const { code } = await guest.askForCode(address)
  await guest.enter(code)
  await look(t, guest, 'local-choose-anew')
  t.equal((await choosePassword(guest, 'seven loud geese swim')).url, `${landing.url}/welcome`)
  t.strictSame(guest.complaints, [])
})

t.test('a passkey', async (t) => {
  const address = 'passkey@proseware.example'
  const { link, userId } = await invite(address)
  const guest = await visitor(t)
  const devices = await guest.page.context().newCDPSession(guest.page)
  await devices.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  })
  await guest.open(link)
  await guest.press('Continue')
  const { code } = await guest.askForCode(address)
  await guest.enter(code)
  t.match(await guest.text(), 'Nothing to remember')
  t.equal((await guest.press('Create a passkey')).name, 'consent')
  t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)

  await service.api('POST', `/users/${userId}/revokeSignInSessions`)
  service.advance(60_000)
  await guest.open(link)
  await guest.press('Continue')
  t.equal((await guest.press('Use a passkey')).url, `${landing.url}/welcome`)
  t.strictSame(guest.complaints, [])
})

t.test('a device that says no leaves the person where they are, with the password beside it', async (t) => {
  const address = 'refusing@proseware.example'
  const { link } = await invite(address)
  const guest = await visitor(t)
  await guest.open(link)
  await guest.press('Continue')
  const { code } = await guest.askForCode(address)
  await guest.enter(code)
  await guest.page.evaluate(() => {
    navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await guest.page.getByRole('button', { name: 'Create a passkey' }).click()
  await guest.page.getByRole('alert').waitFor()
  t.match(await guest.text(), 'The passkey was not confirmed')
  t.equal((await choosePassword(guest, PASSWORD)).name, 'consent')
  t.strictSame(guest.complaints, [])
})

t.test('on the way to an application, in another language, right to left', async (t) => {
  const address = 'guest-0@proseware.example'
  const rp = await relyingParty(service, { web: { redirectUris: [`${landing.url}/cb`, 'https://rp.example/cb'] } })
  const { url } = await start(rp.config, { redirect_uri: `${landing.url}/cb` })
  const guest = await visitor(t, undefined, { locale: 'ar' })
  await guest.open(url.href)
  await guest.page.fill('#email', address)
  const asked = await guest.go(() => guest.page.press('#email', 'Enter'))
  t.equal(asked.name, 'account')
  await look(t, guest, 'ar-local-sign-in')
  await guest.page.fill('#password', PASSWORD)
  const done = await guest.go(() => guest.page.press('#password', 'Enter'))
  t.ok(done.url.startsWith(`${landing.url}/cb?code=`), done.url)

  const other = await visitor(t, undefined, { locale: 'de' })
  await other.open((await start(rp.config, { redirect_uri: `${landing.url}/cb` })).url.href)
  await other.page.fill('#email', 'nobody@proseware.example')
  await other.go(() => other.page.press('#email', 'Enter'))
  await other.go(() => other.page.locator('button[value=send]').click())
  await other.enter(await newestCode(service, 'nobody@proseware.example'))
  t.equal(await other.page.locator('main').getAttribute('data-page'), 'blocked', 'a proved mailbox that is nobody’s')
  t.strictSame([...guest.complaints, ...other.complaints], [])
})
