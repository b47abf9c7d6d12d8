import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'
import t from 'tap'
import { purgeEnded } from '../../src/sign-in/index.js'
import { startService } from '../support/service.js'
import { until } from '../support/until.js'
import { acceptedGuest, Browser, csrfIn, newestCode, relyingParty, signIn, start } from './relying-party.js'

t.test('an application is told when a guest’s sign-in ends, by whatever it ended', async (t) => {
  const told: string[] = []
  let failing = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (failing > 0) {
      failing -= 1
      response.statusCode = failing % 2 === 0 ? 503 : 429
    } else told.push(String(new URLSearchParams(body).get('logout_token')))
    response.end()
  })
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  t.teardown(() => server.close())
  const backChannelLogoutUrl = `http://localhost:${(server.address() as AddressInfo).port}/logout`

  const service = await startService(t)
  const rp = await relyingParty(service, {
    web: { redirectUris: ['https://rp.example/cb', 'https://rp.example/out'], backChannelLogoutUrl },
  })
  const keys = createRemoteJWKSet(new URL(`${service.baseUrl}/${service.tenantId}/discovery/v2.0/keys`))
  const signedIn = async (name: string) => {
    const guest = await acceptedGuest(t, service, name)
    const browser = new Browser(service.baseUrl)
    const begun = await start(rp.config)
    const answered = await signIn(service, browser, begun.url, guest.mail)
    const tokens = await client.authorizationCodeGrant(rp.config, new URL(answered.url), begun.checks)
    return { ...guest, browser, tokens, claims: tokens.claims() }
  }
  const next = async (count: number) => {
    await until(() => told.length >= count)
    const { payload, protectedHeader } = await jwtVerify(String(told[count - 1]), keys, {
      issuer: `${service.baseUrl}/${service.tenantId}/v2.0`,
      audience: rp.application.appId,
      typ: 'logout+jwt',
    })
    return { payload, protectedHeader }
  }

  const ana = await signedIn('ana')
  await service.api('PATCH', `/users/${ana.id}`, { accountEnabled: false })
  const first = await next(1)
  t.match(first.payload, {
    sub: ana.claims?.sub,
    sid: ana.claims?.['sid'],
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
  t.notOk(first.payload['nonce'], 'it cannot be taken for an ID token')

  const bo = await signedIn('bo')
  failing = 2
  await service.api('POST', `/users/${bo.id}/revokeSignInSessions`)
  t.equal((await next(2)).payload.sub, bo.claims?.sub, 'tried again after failures, and when it was too much')

  const cy = await signedIn('cy')
  const url = client.buildEndSessionUrl(rp.config, { id_token_hint: String(cy.tokens.id_token) })
  const asked = await cy.browser.follow(url.href)
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(asked.page ?? '')?.[1] ?? ''
  await cy.browser.follow(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/logout/confirm`, { xsrf, logout: 'yes' })
  t.equal((await next(3)).payload['sid'], cy.claims?.['sid'])

  const di = await signedIn('di')
  const { id: zoe } = await acceptedGuest(t, service, 'zoe')
  const again = async (mail: string) => {
    service.advance(31_000)
    const begun = await start(rp.config, { prompt: 'login' })
    const before = (await service.mails(mail)).length
    const asked = await di.browser.follow(begun.url.href)
    const sent = await di.browser.follow(asked.url, { csrf: csrfIn(asked.page), email: mail })
    await service.waitForMails(mail, before + 1)
    const code = await newestCode(service, mail)
    const answered = await di.browser.follow(sent.url, { csrf: csrfIn(sent.page), code })
    return (await client.authorizationCodeGrant(rp.config, new URL(answered.url), begun.checks)).claims()
  }
  const anew = await again(di.mail)
  t.not(anew?.['sid'], di.claims?.['sid'])
  t.strictSame(
    (await service.rows('select sid from relying_party_sessions where ended_date_time is null')).length,
    2,
    'who signs in again is still signed in where they were',
  )
  const zoes = await again('zoe@partner.example')
  const ended = [(await next(4)).payload['sid'], (await next(5)).payload['sid']]
  t.strictSame(ended.sort(), [di.claims?.['sid'], anew?.['sid']].sort(), 'another person’s sign-in ends theirs')

  await t.test('a browser is signed out and its applications hear of it, or neither', async (t) => {
    const { rows } = service
    const url = client.buildEndSessionUrl(rp.config, { client_id: rp.application.appId })
    const asked = await di.browser.follow(url.href)
    const xsrf = /name="xsrf" value="([^"]*)"/.exec(asked.page ?? '')?.[1] ?? ''
    const confirm = () =>
      di.browser.follow(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/logout/confirm`, { xsrf, logout: 'yes' })
    await rows('alter table relying_party_sessions add constraint cut check (ended_date_time is null) not valid')
    await confirm()
    t.equal((await rows(`select 1 from sessions where user_id = '${zoe}'`)).length, 1, 'nothing could be told')
    await rows('alter table relying_party_sessions drop constraint cut')
    await di.browser.follow(url.href).then(async ({ page }) => {
      const token = /name="xsrf" value="([^"]*)"/.exec(page ?? '')?.[1] ?? xsrf
      await di.browser.follow(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/logout/confirm`, {
        xsrf: token,
        logout: 'yes',
      })
    })
    t.equal((await next(6)).payload['sid'], zoes?.['sid'])
    t.equal((await rows(`select 1 from sessions where user_id = '${zoe}'`)).length, 0)
  })
  await new Promise((resolve) => setTimeout(resolve, 300))
  t.equal(told.length, 6, 'each once')
  t.equal((await service.rows('select id from relying_party_sessions')).length, 0)

  await t.test('what ran out and is purged is told to nobody, by the clock of the service', async (t) => {
    const { rows, services, tenantId } = service
    const { id } = await signedIn('eve')
    t.equal((await rows('select id from relying_party_sessions')).length, 1, 'an end before its time would be told')
    service.advance(60 * 86_400_000)
    t.ok((await purgeEnded(services.database.sql, tenantId, services.clock(), 1_000)) > 0)
    t.equal((await rows(`select 1 from sessions where user_id = '${id}'`)).length, 0)
    t.equal((await rows('select 1 from relying_party_sessions where ended_date_time is not null')).length, 0)
    t.equal((await rows("select 1 from outbox where topic = 'backchannel.logout'")).length, 0)
  })
})
