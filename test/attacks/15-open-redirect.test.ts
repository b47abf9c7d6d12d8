import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing, invited, signedIn } from './scene.js'

const EVIL = 'https://evil.example/'

t.test('nothing but a web address without tricks is taken as redirect URL', async (t) => {
  const service = await startService(t, { workers: false })
  const bad = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https://app.example/',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example/',
    '/relative',
    'app.example/welcome',
    'https:evil.example',
    'https:/evil.example',
    'https:\\\\evil.example',
    'https://app.example\\@evil.example/',
    'https://app.example@evil.example/',
    'https://user:password@app.example/',
    ' https://app.example/',
    'https://app.example/\r\nset-cookie: a=b',
    'https://',
    `https://app.example/${'a'.repeat(2_100)}`,
  ]
  await changesNothing(t, service, async () => {
    for (const inviteRedirectUrl of bad) {
      const answer = await service.api('POST', '/invitations', {
        invitedUserEmailAddress: 'ana@partner.example',
        inviteRedirectUrl,
      })
      t.match(
        answer,
        { status: 400, body: { error: { code: 'BadRequest', target: 'inviteRedirectUrl' } } },
        inviteRedirectUrl,
      )
    }
  })
})

t.test('acceptance leads only where the invitation points, whatever else the request says', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const more = ['redirect', 'redirectUrl', 'inviteRedirectUrl', 'returnUrl', 'next', 'RelayState', 'lang', 'ver']
  const link = `${ana.link}&${more.map((name) => `${name}=${encodeURIComponent(EVIL)}`).join('&')}`
  const poisoned = { ...ana, link }
  const browser = await signedIn(service, poisoned)
  const consent = await browser.get(link)
  const hrefs = [...consent.html.matchAll(/(?:href|action)="([^"]*)"/g)].map(([, href = '']) => href)
  t.strictSame(
    hrefs.filter((href) => /^(?:https?:)?\/\/evil/.test(href)),
    [],
  )
  const fields = Object.fromEntries(more.map((name) => [name, EVIL]))
  const landed = await browser.post(link, { ...fields, choice: 'accept' }, { referer: EVIL, origin: EVIL })
  t.equal(landed.location, 'https://app.example/welcome')
  t.equal((await browser.get(link)).location, 'https://app.example/welcome', 'and so does a later visit')
})
