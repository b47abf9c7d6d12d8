import t from 'tap'
import { guestOf, Person } from '../my-apps/world.js'
import { Guest, type Page } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, newestCode, signedIn } from './scene.js'

t.test('no page can be framed, scripted or made to post elsewhere', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const browser = await signedIn(service, ana)
  const { baseUrl, tenantId } = service
  const mallory = new Guest()
  await changesNothing(t, service, async () => {
    const pages: Page[] = [
      await browser.get(ana.link),
      await mallory.get(ana.link),
      await mallory.get(`${ana.link}x`),
      await mallory.get(`${baseUrl}/signin/blocks?tenant=${tenantId}`),
      await mallory.get(ana.link.replace('/redeem?', '/redeem/declined?')),
      await browser.post(ana.link, { csrf: 'x', choice: 'accept' }),
      await mallory.get(`${baseUrl}/dev/mailbox`),
      await mallory.get(`${baseUrl}/no/such/page`, { accept: 'text/html' }),
    ]
    for (const { name, status, headers, html } of pages) {
      const page = `${status} ${name ?? 'a page'}`
      const policy = headers.get('content-security-policy') ?? ''
      t.match(policy, /frame-ancestors 'none'/, page)
      t.match(policy, /default-src 'none'/, page)
      t.match(policy, /base-uri 'none'/, page)
      t.match(policy, /form-action 'self'/, page)
      t.notMatch(policy, /script-src|unsafe-inline|unsafe-eval/, page)
      t.equal(headers.get('x-frame-options'), 'DENY', page)
      t.equal(headers.get('x-content-type-options'), 'nosniff', page)
      t.notMatch(html, /<script|\son[a-z]+=/i, page)
    }
    t.equal(pages[0]?.name, 'consent', 'the consent page is among them')
  })
  t.match(await newestCode(service, ana.address), /^\d{8}$/)
})

t.test('nor can the pages of those who are signed in, where a click would leave', async (t) => {
  const service = await startService(t)
  const ana = await guestOf(service, 'ana@partner.example')
  const person = await new Person(service).signIn('/myapps', ana.mail)
  for (const path of [
    '/myapps',
    '/myaccount',
    '/myaccount/leave',
    '/myapps/manage',
    '/myapps?tenant=nowhere.example',
  ]) {
    const { headers } = await person.browser.request(service.baseUrl + path)
    const policy = headers.get('content-security-policy') ?? ''
    t.match(policy, /default-src 'none'.*form-action 'self'; frame-ancestors 'none'; base-uri 'none'/, path)
    t.notMatch(policy, /script-src|unsafe-inline/, path)
    t.equal(headers.get('x-frame-options'), 'DENY', path)
    t.equal(headers.get('cache-control'), 'no-store', path)
  }
})
