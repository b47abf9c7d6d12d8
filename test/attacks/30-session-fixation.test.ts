import { randomBytes } from 'node:crypto'
import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, seen, signedIn } from './scene.js'

// Seen to fail with `proveMailbox` keeping the session handle that the browser came with: the planted handle was
// signed in, in the attacker's browser, too.
t.test('a session that was planted before signing in is never signed in', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const planted = randomBytes(32).toString('base64url')
  const browser = new Guest()
  browser.cookies.set('vs', planted)
  await signedIn(service, ana, browser)
  const afterSignIn = browser.cookies.get('vs')
  t.ok(afterSignIn && afterSignIn !== planted, 'signing in makes a new handle')

  const attacker = new Guest()
  attacker.cookies.set('vs', planted)
  await changesNothing(t, service, async () => t.equal(seen(await attacker.get(ana.link)), '200 start'))

  await browser.post(ana.link, { choice: 'accept' })
  t.not(browser.cookies.get('vs'), afterSignIn, 'so does accepting')
  const old = new Guest()
  old.cookies.set('vs', afterSignIn ?? '')
  await changesNothing(t, service, async () => {
    t.equal(seen(await old.get(ana.link)), '200 start', 'and the one before is over')
  })
})

t.test('a browser handle that the attacker knows gives away neither form nor session', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const known = randomBytes(32).toString('base64url')
  const browser = new Guest()
  browser.cookies.set('vb', known)
  await signedIn(service, ana, browser)

  const attacker = new Guest()
  attacker.cookies.set('vb', known)
  await changesNothing(t, service, async () => {
    t.equal(seen(await attacker.get(ana.link)), '200 start', 'the session is not in that handle')
    const page = await attacker.post(ana.link, { choice: 'accept' })
    t.equal(page.location, null)
    // The form the attacker can get is not the one of the signed-in browser.
    const csrf = (await attacker.get(ana.link)).csrf ?? ''
    t.equal(seen(await browser.post(ana.link, { csrf, choice: 'accept' })), '403 error')
  })
})
