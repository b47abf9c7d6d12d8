import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, newestCode, rowsOf, seen, signedIn } from './scene.js'

// Seen to fail with `isCsrfToken` (src/sign-in/browser.ts) always true: a page of another site declined, accepted and
// asked for codes in the guest's name.
t.test('a form on another site does nothing in the browser of a guest', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const browser = await signedIn(service, ana)
  const mallory = new Guest()
  const foreign = (await mallory.get(ana.link)).csrf ?? ''
  const blocks = `${service.baseUrl}/signin/blocks?tenant=${service.tenantId}`
  await changesNothing(t, service, async () => {
    for (const csrf of ['', 'x', foreign, 'A'.repeat(43)]) {
      for (const fields of [
        { choice: 'accept' },
        { choice: 'decline' },
        { action: 'send' },
        { code: '12345678' },
        { action: 'switch' },
      ]) {
        const page = await browser.post(ana.link, { ...(fields as Record<string, string>), csrf })
        t.equal(seen(page), '403 error', `${csrf.slice(0, 3)} ${JSON.stringify(fields)}`)
      }
      t.equal(seen(await browser.post(blocks, { email: 'ana@partner.example', csrf })), '403 error')
    }
    // As HTML forms can send them: another media type, no body.
    for (const type of ['text/plain', 'multipart/form-data; boundary=x']) {
      const response = await fetch(ana.link, {
        method: 'POST',
        headers: { 'content-type': type, cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; ') },
        body: 'choice=accept',
        redirect: 'manual',
      })
      t.ok(response.status >= 400 && response.status < 500, `${type}: ${response.status}`)
    }
  })
})

t.test("an attacker's session, planted in the guest's browser, accepts nothing for the attacker", async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const mallory = await signedIn(service, await invited(service, 'mallory@partner.example'))
  const victim = new Guest()
  for (const [name, value] of mallory.cookies) victim.cookies.set(name, value)

  const page = await victim.get(ana.link)
  t.equal(seen(page), '200 wrong-account', 'the guest is told who is signed in here')
  t.match(page.html, /mallory@partner\.example/)
  await changesNothing(t, service, async () => {
    t.equal(seen(await victim.post(ana.link, { choice: 'accept' })), '200 wrong-account')
  })
  // The guest switches and goes on; the session is a new one, and Mallory's is over.
  t.equal((await victim.post(ana.link, { action: 'switch' })).status, 303)
  await victim.get(ana.link)
  await victim.post(ana.link, { code: await newestCode(service, ana.address) })
  await victim.get(ana.link)
  t.equal((await victim.post(ana.link, { choice: 'accept' })).status, 303)
  t.strictSame(await rowsOf(service, 'select user_id, issuer_assigned_id from user_identities'), [
    { user_id: ana.userId, issuer_assigned_id: ana.address },
  ])
  t.equal(seen(await mallory.get(ana.link)), '200 start', 'Mallory is signed out and got nothing')
})
