import t from 'tap'
import { startService } from '../support/service.js'
import { secureListener } from './instance.js'
import { changesNothing, invited, send, signedIn } from './scene.js'

t.test('on https only cookies that no other host can set count', async (t) => {
  const service = await startService(t, { workers: false })
  const secure = await secureListener(t, service)
  const ana = await invited(service, 'ana@partner.example')
  const link = ana.link.replace(service.baseUrl, secure)

  const first = await send(link)
  t.equal(first.status, 200)
  const cookies = [first.headers['set-cookie'] ?? []].flat()
  t.ok(cookies.length > 0)
  for (const cookie of cookies) {
    t.match(cookie, /^__Host-/, 'the name is one that only this host, over https, may set')
    t.match(cookie, /; Secure/)
    t.match(cookie, /; HttpOnly/)
    t.match(cookie, /; SameSite=Lax/)
    t.match(cookie, /; Path=\/(?:;|$)/)
    t.notMatch(cookie, /; Domain=/i)
  }
  const browser = await signedIn(service, ana)
  await changesNothing(t, service, async () => {
    const tossed = `vs=${browser.cookies.get('vs')}; vb=${browser.cookies.get('vb')}`
    const page = await send(link, { headers: { cookie: tossed } })
    t.match(page.text, /data-page="start"/, 'names without the prefix are not read')
    const forms = { cookie: tossed, 'content-type': 'application/x-www-form-urlencoded' }
    const csrf = (await browser.get(ana.link)).csrf ?? ''
    const body = new URLSearchParams({ csrf, choice: 'accept' }).toString()
    t.equal((await send(link, { method: 'POST', headers: forms, body })).status, 403)
  })
})

t.test('of two cookies of one name none opens another session', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const mallory = await signedIn(service, await invited(service, 'mallory@partner.example'))
  const cookie = (guest: typeof mallory) => `vs=${guest.cookies.get('vs')}; vb=${guest.cookies.get('vb')}`
  const browser = await signedIn(service, ana)
  await changesNothing(t, service, async () => {
    for (const both of [`${cookie(mallory)}; ${cookie(browser)}`, `${cookie(browser)}; ${cookie(mallory)}`]) {
      const csrf = (await mallory.get(ana.link)).csrf ?? ''
      const page = await send(ana.link, {
        method: 'POST',
        headers: { cookie: both, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ csrf, choice: 'accept' }).toString(),
      })
      t.notOk(page.headers.location, 'nothing is accepted with a form of one and a cookie of the other')
    }
  })
})
