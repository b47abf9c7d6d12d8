import * as client from 'openid-client'
import t from 'tap'
import { newestCode } from '../attacks/scene.js'
import { acceptedByPassword, PASSWORD, withoutPasscodes } from '../sign-in/local-accounts/local.js'
import { askForSecondStep } from '../support/authenticator.js'
import { Browser, CALLBACK, csrfIn, pageName, relyingParty, start } from './relying-party.js'

const NOBODY = '00000000-0000-0000-0000-000000000000'
t.setTimeout(900_000)
const stepOf = (page: string | undefined) => /data-step="([^"]+)"/.exec(page ?? '')?.[1]

/** From an application to what follows a typed address. */
async function typed(browser: Browser, url: URL, email: string) {
  const asked = await browser.follow(url.href)
  return browser.follow(asked.url, { csrf: csrfIn(asked.page), email })
}

t.test('an application is signed in to with an account at the organization', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  const rp = await relyingParty(service)
  const browser = new Browser(service.baseUrl)
  const first = await start(rp.config)
  const asked = await typed(browser, first.url, ana.address)
  t.equal(pageName(asked.page), 'account')
  t.equal(stepOf(asked.page), 'sign-in')
  const fields = { csrf: csrfIn(asked.page), account: ana.address }
  const wrong = await browser.follow(asked.url, { ...fields, password: 'nine quiet cows graze' })
  t.equal(wrong.status, 422)
  const done = await browser.follow(asked.url, { ...fields, csrf: csrfIn(wrong.page), password: PASSWORD })
  t.ok(done.url.startsWith(CALLBACK), done.url)
  const tokens = await client.authorizationCodeGrant(rp.config, new URL(done.url), first.checks)
  t.match(tokens.claims(), {
    oid: ana.userId,
    amr: ['pwd'],
    email: 'ana@partner.example',
    email_verified: true,
    idp: 'contoso.example',
  })
  const { value } = (await service.api('GET', `/auditLogs/signIns?$filter=userId eq '${ana.userId}'`)).body
  const { appId, displayName } = rp.application
  const line = { appId, appDisplayName: displayName, correlationId: value[0].correlationId }
  const right = { ...line, authenticationMethodsUsed: ['Password'], status: { errorCode: 0 } }
  t.match(value[0].correlationId, /^[0-9a-f-]{36}$/)
  t.match(
    value.slice(0, 3),
    [right, right, { ...line, status: { errorCode: 50126 } }],
    'the application, the password, the wrong one',
  )
})

t.test('tries of an address that nobody has are lines of the log, as those of one that somebody has', async (t) => {
  const service = await withoutPasscodes(t)
  const rp = await relyingParty(service)
  const browser = new Browser(service.baseUrl)
  const asked = await typed(browser, (await start(rp.config)).url, 'who@partner.example')
  const line = { userId: NOBODY, signInIdentifier: 'who@partner.example', appId: rp.application.appId }
  for (const [fields, authenticationMethod] of [
    [{ password: PASSWORD }, 'Password'],
    [{ credential: '{}' }, 'Passkey'],
  ] as const) {
    const shown = { csrf: csrfIn(asked.page), account: line.signInIdentifier, ...fields }
    const wrong = await browser.follow(asked.url, shown)
    t.equal(wrong.status, 422)
    t.match((await service.api('GET', '/auditLogs/signIns')).body.value[0], {
      ...line,
      status: { errorCode: 50126 },
      authenticationDetails: [{ authenticationMethod }],
    })
  }
})

t.test('a password is one step: the second that an organization asks for comes after it', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  await askForSecondStep(service)
  const rp = await relyingParty(service)
  const browser = new Browser(service.baseUrl)
  const asked = await typed(browser, (await start(rp.config)).url, ana.address)
  const fields = { csrf: csrfIn(asked.page), account: ana.address, password: PASSWORD }
  t.equal(pageName((await browser.follow(asked.url, fields)).page), 'mfa')
})

t.test('a guest who was only invited, and a member, make their account on the way to an application', async (t) => {
  const service = await withoutPasscodes(t)
  await service.invite('new@partner.example')
  const { mail } = (await service.api('GET', `/users/${service.adminId}`)).body
  const rp = await relyingParty(service)
  for (const [address, end] of [
    ['new@partner.example', 'consent'],
    [mail as string, CALLBACK],
  ] as const) {
    const browser = new Browser(service.baseUrl)
    const asked = await typed(browser, (await start(rp.config)).url, address)
    const sent = await browser.follow(asked.url, { csrf: csrfIn(asked.page), account: address, action: 'send' })
    t.equal(pageName(sent.page), 'code')
    const code = await newestCode(service, address)
    const proved = await browser.follow(sent.url, { csrf: csrfIn(sent.page), code })
    t.equal(stepOf(proved.page), 'choose')
    const fields = { csrf: csrfIn(proved.page), account: address, password: PASSWORD, again: PASSWORD }
    const done = await browser.follow(proved.url, fields)
    t.ok(end === CALLBACK ? done.url.startsWith(CALLBACK) : pageName(done.page) === end, `${done.url} ${done.status}`)
  }
})
