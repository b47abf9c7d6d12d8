import t from 'tap'
import { acceptedGuest, Browser, CALLBACK, relyingParty, signIn, start } from '../provider/relying-party.js'
import { startService } from '../support/service.js'

// A code that reaches another address than a registered one is a stolen sign-in.
const TRICKS = [
  'https://evil.example/cb',
  'https://rp.example/cb/',
  'https://rp.example/cb?next=https://evil.example',
  'https://rp.example/cb#x',
  'https://rp.example/CB',
  'https://rp.example/cb/../evil',
  'https://rp.example/cb%2f..%2fevil',
  'https://rp.example:443/cb',
  'https://rp.example.evil.example/cb',
  'https://rp.example@evil.example/cb',
  'https://evil.example\\@rp.example/cb',
  'https://evil.example/?https://rp.example/cb',
  'http://rp.example/cb',
  '//rp.example/cb',
  'javascript:alert(1)',
  ' https://rp.example/cb',
  'https://rp.example/cb\thttps://evil.example',
  'https://rp.example/cb\u0000.evil.example',
  'http://localhost:8080/cb',
  'http://127.0.0.1/cb',
]

t.test('codes go to registered addresses alone, whoever is signed in', async (t) => {
  const service = await startService(t)
  const ana = await acceptedGuest(t, service, 'ana')
  const rp = await relyingParty(service, { publicClient: { redirectUris: ['http://localhost/native'] } })
  const browser = new Browser(service.baseUrl)
  const honest = await signIn(service, browser, (await start(rp.config)).url, ana.mail)
  t.ok(honest.url.startsWith(CALLBACK), 'the session is there')

  for (const redirect of TRICKS) {
    const { url } = await start(rp.config)
    url.searchParams.set('redirect_uri', redirect)
    const response = await browser.request(url.href)
    t.equal(response.status, 400, JSON.stringify(redirect))
    t.notOk(response.headers.get('location'), 'nobody is sent anywhere')
  }
  const twice = await start(rp.config)
  twice.url.searchParams.append('redirect_uri', 'https://evil.example/cb')
  const both = await browser.request(twice.url.href)
  t.match(
    both.headers.get('location'),
    /^https:\/\/rp\.example\/cb\?error=/,
    'two addresses: an error, to a registered one',
  )
  const none = await start(rp.config)
  none.url.searchParams.delete('redirect_uri')
  const without = await browser.request(none.url.href)
  t.notMatch(without.headers.get('location') ?? '', /evil/)

  const native = await start(rp.config, { redirect_uri: 'http://localhost:50123/native' })
  t.match((await browser.request(native.url.href)).headers.get('location'), /^http:\/\/localhost:50123\/native\?code=/)
  const noPort = 'http://localhost:99999/native'
  for (const redirect of ['http://localhost.evil.example/native', 'http://localhost:1@evil.example/native', noPort]) {
    const { url } = await start(rp.config, { redirect_uri: redirect })
    t.equal((await browser.request(url.href)).status, 400, redirect)
  }

  // After signing out, the same holds.
  const out = new URL(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/logout`)
  out.searchParams.set('client_id', rp.application.appId)
  out.searchParams.set('post_logout_redirect_uri', 'https://evil.example/')
  t.equal((await browser.request(out.href)).status, 400)
})
