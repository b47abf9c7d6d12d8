import * as client from 'openid-client'
import t from 'tap'
import { startService, type TestService } from '../support/service.js'
import {
  acceptedGuest,
  Browser,
  CALLBACK,
  csrfIn,
  newestCode,
  pageName,
  relyingParty,
  signIn,
  start,
} from './relying-party.js'

let service: TestService
t.before(async () => {
  service = await startService(t)
})
const xsrfIn = (page: string | undefined) => /name="xsrf" value="([^"]*)"/.exec(page ?? '')?.[1] ?? ''

t.test('a client in its own name, by secret and at Entra’s first endpoint', async (t) => {
  const config = await client.discovery(
    new URL(`${service.baseUrl}/${service.tenantId}/v2.0`),
    service.clientId,
    service.clientSecret,
    client.ClientSecretBasic(service.clientSecret),
    { execute: [client.allowInsecureRequests] },
  )
  const scope = 'https://graph.microsoft.com/.default'
  const { access_token: token } = await client.clientCredentialsGrant(config, { scope })
  t.equal((await service.api('GET', '/users', undefined, { token })).status, 200)

  const ask = async (path: string, more: Record<string, string>) => {
    const response = await fetch(`${service.baseUrl}${path}`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: service.clientId,
        client_secret: service.clientSecret,
        ...more,
      }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, string> }
  }
  for (const path of [`/${service.tenantId}/oauth2/token`, '/contoso.example/oauth2/token', '/adfs/oauth2/token']) {
    for (const resource of ['https://graph.microsoft.com/', 'https://graph.microsoft.com', service.baseUrl]) {
      const { status, body } = await ask(path, { resource })
      const isOld = !path.startsWith('/adfs')
      t.match(
        [status, body['token_type'], typeof body['expires_in']],
        [200, 'Bearer', isOld ? 'string' : 'number'],
        path,
      )
      if (isOld) t.match(body, { resource, expires_on: /^\d+$/ })
      t.equal((await service.api('GET', '/users', undefined, { token: String(body['access_token']) })).status, 200)
    }
  }
  const wrong = await ask('/adfs/oauth2/token', { client_secret: 'x', resource: service.baseUrl })
  t.match([wrong.status, wrong.body['error']], [401, 'invalid_client'])
  t.equal((await ask('/adfs/oauth2/token', { client_id: service.tenantId })).status, 400)
  t.equal((await ask(`/${service.tenantId}/oauth2/token`, { resource: 'https://vault.example' })).status, 400)
})

t.test('what tools ask for before they ask for tokens is at our origin', async (t) => {
  const read = async (path: string) => (await fetch(`${service.baseUrl}${path}`)).json() as Promise<any>
  const document = await read('/adfs/.well-known/openid-configuration')
  t.equal(document.token_endpoint, `${service.baseUrl}/adfs/oauth2/token`)
  const old = await read('/metadata/endpoints?api-version=2015-01-01')
  t.equal(old.authentication.loginEndpoint, `${service.baseUrl}/adfs`)
  const newer = await read('/metadata/endpoints?api-version=2022-09-01')
  t.equal(newer.microsoftGraphResourceId, `${service.baseUrl}/`)
  t.strictSame((await read('/subscriptions?api-version=2019-11-01')).value, [])
})

/** A device that the person of a browser lets in. */
async function letIn(config: client.Configuration, browser: Browser): Promise<{ device_code: string }> {
  const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid offline_access' })
  const page = await browser.follow(begun.verification_uri)
  const confirm = await browser.follow(page.url, { xsrf: xsrfIn(page.page), user_code: begun.user_code })
  const yes = { xsrf: xsrfIn(confirm.page), user_code: begun.user_code, confirm: 'yes' }
  const { page: done } = await browser.follow(page.url, yes)
  if (!done?.includes('data-step="done"')) throw new Error('the device was not let in')
  return begun
}

t.test('a device is signed in by its code, where the application lets devices in at all', async (t) => {
  const ana = await acceptedGuest(t, service, 'ana')
  const closed = await relyingParty(service)
  const bare = await closed.discover(undefined)
  await t.rejects(client.initiateDeviceAuthorization(bare, { scope: 'openid' }), 'off unless somebody turns it on')

  const rp = await relyingParty(service, { displayName: 'Console', isFallbackPublicClient: true })
  const config = await rp.discover(undefined)
  const started = await client.initiateDeviceAuthorization(config, { scope: 'openid email offline_access' })
  const browser = new Browser(service.baseUrl)
  const asked = await browser.follow(started.verification_uri)
  t.equal(pageName(asked.page), 'device')
  const url = asked.url
  const unknown = await browser.follow(url, { xsrf: xsrfIn(asked.page), user_code: 'AAAA-AAAA' })
  t.match([pageName(unknown.page), /aria-invalid="true"/.test(unknown.page ?? '')], ['device', true])
  const question = await browser.follow(url, { xsrf: xsrfIn(unknown.page), user_code: started.user_code })
  t.ok(question.page?.includes('Console') && question.page.includes(started.user_code), 'it names application and code')
  const signIn = await browser.follow(url, {
    xsrf: xsrfIn(question.page),
    user_code: started.user_code,
    confirm: 'yes',
  })
  t.equal(pageName(signIn.page), 'sign-in')
  const sent = await browser.follow(signIn.url, { csrf: csrfIn(signIn.page), email: ana.mail })
  const code = await newestCode(service, ana.mail)
  const done = await browser.follow(sent.url, { csrf: csrfIn(sent.page), code })
  t.match(done.page, /data-step="done"/)
  const tokens = await client.pollDeviceAuthorizationGrant(config, { ...started, interval: 0.01 } as never)
  t.equal(tokens.claims()?.['oid'], ana.id)
  t.ok(tokens.refresh_token)
  const { value } = (await service.api('GET', `/auditLogs/signIns?$filter=appId eq '${rp.application.appId}'`)).body
  t.match(
    value.map(({ userId, status }: any) => [userId, status.errorCode]),
    [
      [ana.id, 0],
      [ana.id, 0],
    ],
    'the device, and the code before it, are lines of the sign-in log',
  )
  await t.test('whose code is good once: shown again, it ends what came of it and is a line', async (t) => {
    const { device_code } = await letIn(config, browser)
    const show = () =>
      fetch(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          client_id: rp.application.appId,
          device_code,
        }),
      })
    const tokens = await (await show()).json()
    t.ok(tokens.refresh_token)
    const lines = async () =>
      (
        await service.api(
          'GET',
          `/auditLogs/signIns?$filter=appId eq '${rp.application.appId}' and signInEventTypes/any(t: t eq 'nonInteractiveUser')`,
        )
      ).body.value
    t.strictSame(await lines(), [])
    const again = await Promise.all([1, 2, 3].map(show))
    t.strictSame(
      again.map(({ status }) => status),
      [400, 400, 400],
    )
    t.match(await lines(), [{ userId: ana.id, status: { errorCode: 54005, failureReason: /^A code/ } }])
    t.equal((await lines()).length, 1, 'one, however often it is shown')
    await t.rejects(client.refreshTokenGrant(config, tokens.refresh_token), 'all of it has ended')
  })
  const second = await client.initiateDeviceAuthorization(config, { scope: 'openid' })
  const page = await browser.follow(second.verification_uri)
  const confirm = await browser.follow(page.url, { xsrf: xsrfIn(page.page), user_code: second.user_code })
  const yes = { xsrf: xsrfIn(confirm.page), user_code: second.user_code, confirm: 'yes' }
  t.match((await browser.follow(page.url, yes)).page, /data-step="done"/, 'another device, by the session')
  await service.api('PATCH', `/users/${ana.id}`, { accountEnabled: false })
  await t.rejects(client.refreshTokenGrant(config, String(tokens.refresh_token)), 'not after the person was disabled')
  const late = client.pollDeviceAuthorizationGrant(config, { ...second, interval: 0.01 } as never)
  t.equal(await refusal(late), 'invalid_grant', 'nor for a device that was let in before')
  await service.api('PATCH', `/users/${ana.id}`, { accountEnabled: true })
  const again = client.pollDeviceAuthorizationGrant(config, { ...second, interval: 0.01 } as never)
  t.equal(await refusal(again), 'invalid_grant', 'also when they are back')
})

t.test('access that has ended is over at the token endpoint and in every browser', async (t) => {
  const eva = await acceptedGuest(t, service, 'eva')
  const rp = await relyingParty(service)
  const browser = new Browser(service.baseUrl)
  const begin = async () => {
    const begun = await start(rp.config)
    return { begun, answered: await signIn(service, browser, begun.url, eva.mail) }
  }
  const first = await begin()
  const granted = await client.authorizationCodeGrant(rp.config, new URL(first.answered.url), first.begun.checks)
  const open = await begin()
  t.ok(open.answered.url.startsWith(CALLBACK), 'signed in without being asked')
  const soon = new Date(service.services.clock().getTime() + 20_000).toISOString()
  t.equal((await service.api('PATCH', `/users/${eva.id}`, { accessEndDateTime: soon })).status, 204)
  const refreshed = await client.refreshTokenGrant(rp.config, String(granted.refresh_token))
  service.advance(20_001)
  t.equal(await refusal(client.refreshTokenGrant(rp.config, String(refreshed.refresh_token))), 'invalid_grant')
  const late = client.authorizationCodeGrant(rp.config, new URL(open.answered.url), open.begun.checks)
  t.equal(await refusal(late), 'invalid_grant', 'a code from before is none')
  t.equal(
    pageName((await browser.follow((await start(rp.config)).url.href)).page),
    'sign-in',
    'nor does the session count',
  )
  t.equal((await client.tokenIntrospection(rp.config, refreshed.access_token)).active, false)
})

/** The error that the token endpoint answered with. */
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => 'granted',
    (cause: { error?: string }) => cause.error,
  )
