import t from 'tap'
import { invited, rowsOf, seen } from '../../attacks/scene.js'
import { askForSecondStep } from '../../support/authenticator.js'
import { Guest } from '../../support/guest.js'
import { challengeIn, Passkey } from '../../support/passkey.js'
import { acceptedByPassword, accountPage, PASSWORD, proved, stepOf, withoutPasscodes, withPassword } from './local.js'

t.setTimeout(900_000)
/** User present and verified, with a credential; the same without one. Devices that share passkeys count nothing. */
const VERIFIED_NEW = { flags: 0x45, counter: 0 }
const VERIFIED = { flags: 0x05, counter: 0 }

t.test('a passkey of a device that made sure who holds it is both steps', async (t) => {
  const service = await withoutPasscodes(t)
  await askForSecondStep(service)
  const origin = service.baseUrl
  const ana = await invited(service, 'ana@partner.example')
  const page = accountPage(ana)
  const guest = await proved(service, ana)
  const key = new Passkey()
  const choose = await guest.get(page)
  t.match(choose.html, 'data-passkey="create"')
  t.match(choose.html, '&quot;userVerification&quot;:&quot;required&quot;')

  const unverified = await guest.post(page, { credential: key.create(choose.html, origin) })
  t.equal(unverified.status, 422, 'a device that did not look is not enough')
  const made = await guest.post(page, { credential: key.create(unverified.html, origin, VERIFIED_NEW) })
  t.equal(made.status, 303)
  t.equal((await guest.get(ana.link)).name, 'consent', 'and no second step is asked for')
  t.match(await rowsOf(service, 'select amr, authentication_method from sessions'), [
    { amr: ['fido', 'mfa'], authentication_method: 'fido2' },
  ])
  t.equal((await guest.post(ana.link, { choice: 'accept' })).location, 'https://app.example/welcome')

  await t.test('it signs in again, each answer once, in the browser and for the link that asked', async (t) => {
    const later = new Guest()
    const asked = await later.get(page)
    t.equal(stepOf(asked), 'account sign-in')
    t.match(asked.html, '&quot;allowCredentials&quot;:[]', 'which passkeys there are is told to nobody')
    t.equal((await later.post(page, { credential: key.get(asked.html, origin) })).status, 422, 'not verified')
    const credential = key.get(asked.html, origin, VERIFIED)
    const cookies = new Map(later.cookies)
    const thief = new Guest()
    await thief.get(page)
    t.equal((await thief.post(page, { credential })).status, 422, 'in another browser')
    t.equal((await later.post(page, { credential })).status, 303)
    t.equal((await later.get(ana.link)).location, 'https://app.example/welcome')
    // Seen to fail without `useAssertion` in `signInWithPasskey`: the browser as it was before has the same challenge.
    const replay = new Guest()
    for (const [name, value] of cookies) replay.cookies.set(name, value)
    await replay.get(page)
    t.equal((await replay.post(page, { credential })).status, 422, 'the same answer again')
    const other = await invited(service, 'bo@partner.example')
    const elsewhere = await replay.get(accountPage(other))
    t.equal(stepOf(elsewhere), 'account intro')
    const moved = key.get(asked.html, origin, { ...VERIFIED, challenge: challengeIn(asked.html) })
    t.equal((await replay.post(accountPage(other), { credential: moved })).status, 422, 'for another link')
  })

  await t.test('lost, the mailbox gets a password, which is one step: the passkey stays the second', async (t) => {
    service.advance(60_000)
    const later = await proved(service, ana)
    const choose = await later.get(page)
    t.notMatch(choose.html, 'data-passkey', 'no second passkey by the mailbox alone')
    const sly = new Passkey()
    const challenge = challengeIn((await new Guest().get(page)).html)
    const credential = sly.create(choose.html, origin, { ...VERIFIED_NEW, challenge })
    t.equal((await later.post(page, { credential })).status, 422)
    t.equal((await later.post(page, { password: PASSWORD, again: PASSWORD })).status, 303)
    t.equal(seen(await later.get(ana.link)), '200 mfa')
    t.equal(stepOf(await later.get(ana.link)), 'mfa challenge')
  })
})

t.test('a password is one step, and a code to the mailbox is no second one after it', async (t) => {
  const service = await withoutPasscodes(t)
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const guest = await withPassword(service, ana)
  const due = await guest.get(ana.link)
  t.equal(stepOf(due), 'mfa enrol')
  t.notMatch(due.html, 'code by e-mail')
})

t.test('without a domain name browsers have no passkeys, and the page offers the password', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  const { port } = new URL(service.baseUrl)
  service.services.origins.set({ publicUrl: `http://127.0.0.1:${port}` })
  const page = await new Guest().get(accountPage(ana))
  t.equal(stepOf(page), 'account sign-in')
  t.notMatch(page.html, 'data-passkey')
})
