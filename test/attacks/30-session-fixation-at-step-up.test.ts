import t from 'tap'
import { appFrom, askForSecondStep, setUpApp, stepOf } from '../support/authenticator.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, rowsOf, seen, signedIn } from './scene.js'

// Seen to fail with `attemptSecondStep` keeping the handle.
t.test('a handle from before the second step is worth nothing after it', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const victim = await signedIn(service, ana)
  const known = victim.cookies.get('vs') ?? ''
  const browserHandle = victim.cookies.get('vb') ?? ''
  await setUpApp(service, victim, ana.link)
  t.not(victim.cookies.get('vs'), known)

  const attacker = new Guest()
  attacker.cookies.set('vs', known)
  attacker.cookies.set('vb', browserHandle)
  const page = await attacker.get(ana.link)
  t.equal(seen(page), '200 start')
  await changesNothing(t, service, async () => {
    t.equal(seen(await attacker.post(ana.link, { choice: 'accept' })), '200 start')
  })
})

t.test('a form of one person’s second step does nothing in the session of another', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const mallory = await invited(service, 'mallory@partner.example')
  const attacker = await signedIn(service, mallory)
  const theirs = await attacker.get(mallory.link)
  const app = appFrom(theirs.html)
  const victim = await signedIn(service, ana)
  await victim.get(ana.link)
  await changesNothing(t, service, async () => {
    // Login CSRF: the victim's browser is made to submit the attacker's form, code and all.
    const fields = { csrf: theirs.csrf ?? '', code: app.codeAt(service.services.clock()) }
    t.equal(seen(await victim.post(mallory.link, fields)), '403 error')
    t.equal(seen(await victim.post(ana.link, fields)), '403 error')
  })
  await victim.get(ana.link)
  const wrong = await victim.post(ana.link, { code: app.codeAt(service.services.clock()) })
  t.equal(stepOf(wrong), 'mfa enrol', 'and the attacker’s app is not the one that was offered')
  t.equal(wrong.status, 422)
  t.strictSame(await rowsOf(service, 'select * from authentication_methods'), [])
})
