import * as client from 'openid-client'
import t, { type Test } from 'tap'
import { GUEST_USER_ROLES } from '../../src/policies/documents.js'
import { startService, type TestService } from '../support/service.js'
import { acceptedGuest, Browser, CALLBACK, csrfIn, pageName, relyingParty, signIn, start } from './relying-party.js'

let service: TestService
t.before(async () => {
  service = await startService(t)
})
const role = {
  id: '5b1a7bd0-4a44-4a1e-9a6e-7a1f0f0c0001',
  allowedMemberTypes: ['User'],
  displayName: 'Reader',
  value: 'Reader',
}

t.test('a guest signs in to an application, with Entra’s claims; a second time without being asked', async (t) => {
  const ana = await acceptedGuest(t, service, 'ana')
  const rp = await relyingParty(service, { appRoles: [role], groupMembershipClaims: 'SecurityGroup' })
  const wish = { principalId: ana.id, resourceId: rp.principal.id, appRoleId: role.id }
  await service.api('POST', `/users/${ana.id}/appRoleAssignments`, wish)
  const group = { displayName: 'P', mailEnabled: false, mailNickname: 'p', securityEnabled: true }
  const groupId = (await service.api('POST', '/groups', group)).body.id
  await service.api('POST', `/groups/${groupId}/members/$ref`, { '@odata.id': `x/users/${ana.id}` })

  const browser = new Browser(service.baseUrl)
  const first = await start(rp.config)
  const answered = await signIn(service, browser, first.url, ana.mail)
  t.ok(answered.url.startsWith(CALLBACK), answered.url)
  const tokens = await client.authorizationCodeGrant(rp.config, new URL(answered.url), first.checks)
  const claims = tokens.claims()
  t.match(claims, {
    oid: ana.id,
    tid: service.tenantId,
    acct: 1,
    idp: 'mail',
    email: ana.mail,
    email_verified: true,
    preferred_username: ana.mail,
    name: 'ana',
    roles: ['Reader'],
    groups: [groupId],
    amr: ['otp'],
    ver: '2.0',
  })
  t.not(claims?.sub, ana.id, 'sub is pairwise')
  t.ok(tokens.refresh_token)
  const info = await client.fetchUserInfo(rp.config, tokens.access_token, String(claims?.sub))
  t.match(info, { email: ana.mail, oid: ana.id, roles: ['Reader'] })

  const again = await start(rp.config)
  const silent = await browser.follow(again.url.href)
  t.ok(silent.url.startsWith(CALLBACK), 'nobody is asked again')
  const next = await client.authorizationCodeGrant(rp.config, new URL(silent.url), again.checks)
  t.equal(next.claims()?.sub, claims?.sub, 'the same subject each time')

  const other = await relyingParty(service, { displayName: 'Other' })
  const elsewhere = await start(other.config)
  const there = await browser.follow(elsewhere.url.href)
  const theirs = await client.authorizationCodeGrant(other.config, new URL(there.url), elsewhere.checks)
  t.not(theirs.claims()?.sub, claims?.sub, 'another subject at another application')
  t.equal(theirs.claims()?.['oid'], ana.id)
})

t.test('refresh tokens rotate, and one that is used twice ends all that came from it', async (t) => {
  const bo = await acceptedGuest(t, service, 'bo')
  const rp = await relyingParty(service)
  const { tokens, browser } = await signedIn(rp, bo.mail)
  const first = String(tokens.refresh_token)
  const second = await client.refreshTokenGrant(rp.config, first)
  t.ok(second.refresh_token && second.refresh_token !== first)
  const third = await client.refreshTokenGrant(rp.config, String(second.refresh_token))
  await refused(t, client.refreshTokenGrant(rp.config, first), 'used before')
  await refused(t, client.refreshTokenGrant(rp.config, String(third.refresh_token)))

  const { tokens: fresh } = await signedIn(rp, bo.mail, browser)
  const both = await Promise.allSettled(
    [1, 2, 3, 4].map(() => client.refreshTokenGrant(rp.config, String(fresh.refresh_token))),
  )
  t.equal(both.filter(({ status }) => status === 'fulfilled').length <= 1, true, 'of several at once one at most')
})

t.test(
  'nobody is signed in to a deleted application; restored, it signs in again, and old tokens are over',
  async (t) => {
    const dan = await acceptedGuest(t, service, 'dan')
    const rp = await relyingParty(service)
    const { tokens, browser } = await signedIn(rp, dan.mail)
    const { tokens: others } = await signedIn(rp, dan.mail, browser)
    const item = `/directory/deletedItems/${rp.application.id}`
    t.equal((await service.api('DELETE', `/applications/${rp.application.id}`)).status, 204)
    await t.rejects(client.refreshTokenGrant(rp.config, String(tokens.refresh_token)), 'while it is deleted')
    const turned = await browser.follow((await start(rp.config)).url.href)
    t.notOk(turned.url.startsWith(CALLBACK), 'its address gets no code')
    t.equal((await service.api('POST', `${item}/restore`)).status, 200)
    await refused(t, client.refreshTokenGrant(rp.config, String(others.refresh_token)), 'from before')
    const { tokens: fresh } = await signedIn(rp, dan.mail, browser)
    t.ok((await client.refreshTokenGrant(rp.config, String(fresh.refresh_token))).access_token)
  },
)

t.test('a code is good once, for its client, address and verifier', async (t) => {
  const cy = await acceptedGuest(t, service, 'cy')
  const rp = await relyingParty(service)
  const other = await relyingParty(service)
  const browser = new Browser(service.baseUrl)
  const first = await start(rp.config)
  const { url } = await signIn(service, browser, first.url, cy.mail)
  const code = String(new URL(url).searchParams.get('code'))
  const exchange = (config: client.Configuration, more: Record<string, string> = {}) =>
    client.genericGrantRequest(config, 'authorization_code', {
      code,
      redirect_uri: CALLBACK,
      code_verifier: first.verifier,
      ...more,
    })
  await refused(t, exchange(other.config), 'of another client')
  await refused(t, exchange(rp.config, { code_verifier: client.randomPKCECodeVerifier() }))
  await refused(t, exchange(rp.config, { redirect_uri: 'https://rp.example/out' }))
  const { code_verifier: _, ...without } = { code, redirect_uri: CALLBACK, code_verifier: '' }
  await refused(t, client.genericGrantRequest(rp.config, 'authorization_code', without), 'without the verifier')
  await refused(t, exchange(rp.config, { code_verifier: first.url.searchParams.get('code_challenge') ?? '' }))
  const tokens = await exchange(rp.config)
  await refused(t, exchange(rp.config), 'a second time')
  await refused(t, client.refreshTokenGrant(rp.config, String(tokens.refresh_token)))
})

t.test('a request that lost its challenge on the way gets no tokens by a verifier (PKCE downgrade)', async (t) => {
  const max = await acceptedGuest(t, service, 'max')
  const rp = await relyingParty(service)
  const { browser } = await signedIn(rp, max.mail)
  const stripped = await start(rp.config)
  stripped.url.searchParams.delete('code_challenge')
  stripped.url.searchParams.delete('code_challenge_method')
  const { url } = await browser.follow(stripped.url.href)
  await refused(t, client.authorizationCodeGrant(rp.config, new URL(url), stripped.checks), 'none was asked for')
  const { pkceCodeVerifier: _, ...checks } = stripped.checks
  const bare = await browser.follow(stripped.url.href)
  t.ok(
    (await client.authorizationCodeGrant(rp.config, new URL(bare.url), checks)).id_token,
    'with a secret it may do without',
  )
  for (const change of [
    { code_challenge_method: 'plain' },
    { code_challenge_method: '' },
    { code_challenge: 'short' },
  ]) {
    const weak = await browser.follow((await start(rp.config, change)).url.href)
    t.equal(new URL(weak.url).searchParams.get('error'), 'invalid_request', JSON.stringify(change))
  }
})

t.test('an answer comes in the mode that was asked for, and holds a code and nothing else', async (t) => {
  const ned = await acceptedGuest(t, service, 'ned')
  const rp = await relyingParty(service)
  const { browser } = await signedIn(rp, ned.mail)
  const posted = await start(rp.config, { response_mode: 'form_post' })
  const form = await browser.request(posted.url.href)
  const html = await form.text()
  t.match(html, `<form method="post" action="${CALLBACK}">`)
  t.match(html, '<noscript>', 'a button where no script runs')
  t.match([form.status, form.headers.get('cache-control')], [200, /no-store/])
  t.notOk(form.headers.get('content-security-policy')?.includes("default-src 'none'"), 'the script of the form may run')
  const answer = new Map(
    [...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  )
  t.strictSame([...answer.keys()].sort(), ['code', 'iss', 'state'])
  const back = new Request(CALLBACK, { method: 'POST', body: new URLSearchParams([...answer]) })
  t.ok((await client.authorizationCodeGrant(rp.config, back, posted.checks)).id_token)
  const odd = await browser.follow(
    (await start(rp.config, { response_mode: 'form_post', state: '"><script>' })).url.href,
  )
  t.match(odd.page, 'value="&quot;&gt;&lt;script&gt;"', 'what the client sent is text on the page')

  const inFragment = await browser.follow((await start(rp.config, { response_mode: 'fragment' })).url.href)
  t.match(new URL(inFragment.url).hash, /^#code=/)
  for (const change of [
    { response_type: 'token' },
    { response_type: 'id_token' },
    { response_type: 'code id_token' },
    { response_type: 'none' },
    { response_mode: 'web_message' },
    { response_mode: 'jwt' },
  ]) {
    const { url } = await browser.follow((await start(rp.config, change)).url.href)
    t.match(url, /[?#]error=unsupported_response_(?:type|mode)/, JSON.stringify(change))
    t.notMatch(url, /(?:code|token)=/)
  }
})

t.test('a browser may be made to post its request, and comes again with its session', async (t) => {
  const ola = await acceptedGuest(t, service, 'ola')
  const rp = await relyingParty(service)
  const { browser } = await signedIn(rp, ola.mail)
  const begun = await start(rp.config, { state: 'a&b=c d' })
  const { origin, pathname, searchParams } = begun.url
  const post = (path: string, body: BodyInit) => fetch(origin + path, { method: 'POST', body, redirect: 'manual' })
  const answer = await post(pathname, searchParams)
  t.match([answer.status, answer.headers.get('set-cookie')], [303, null])
  const { url } = await browser.follow(answer.headers.get('location') ?? '')
  const checks = { ...begun.checks, expectedState: 'a&b=c d' }
  t.equal((await client.authorizationCodeGrant(rp.config, new URL(url), checks)).claims()?.['oid'], ola.id)
  const out = await post(
    pathname.replace('authorize', 'logout'),
    new URLSearchParams({ client_id: rp.application.appId }),
  )
  t.equal(pageName((await browser.follow(out.headers.get('location') ?? '')).page), 'sign-out', 'it is asked about')
  t.equal((await post('//oauth2/v2.0/authorize', searchParams)).status >= 400, true, 'no other host is led to')
  t.equal((await post('/evil.example%2F/oauth2/v2.0/authorize', searchParams)).status, 400)
  t.equal((await post(pathname, new URLSearchParams({ scope: 'x'.repeat(7_000) }))).status, 413)
  t.equal((await post(pathname, JSON.stringify({ scope: 'x' }))).status >= 400, true)
})

t.test(
  'whoever is disabled, deleted, signed out or given other roles loses session and refresh tokens at once',
  async (t) => {
    const rp = await relyingParty(service, { appRoles: [role] })
    const ends: [string, (id: string) => Promise<unknown>][] = [
      ['disabled', (id) => service.api('PATCH', `/users/${id}`, { accountEnabled: false })],
      ['deleted', (id) => service.api('DELETE', `/users/${id}`)],
      ['signed out everywhere', (id) => service.api('POST', `/users/${id}/revokeSignInSessions`)],
      [
        'given a role',
        (id) =>
          service.api('POST', `/users/${id}/appRoleAssignments`, {
            principalId: id,
            resourceId: rp.principal.id,
            appRoleId: role.id,
          }),
      ],
    ]
    for (const [index, [what, end]] of ends.entries()) {
      const guest = await acceptedGuest(t, service, `gone${index}`)
      const { tokens, browser } = await signedIn(rp, guest.mail)
      const next = await client.refreshTokenGrant(rp.config, String(tokens.refresh_token))
      await end(guest.id)
      await refused(t, client.refreshTokenGrant(rp.config, String(next.refresh_token)), what)
      await t.rejects(client.fetchUserInfo(rp.config, next.access_token, client.skipSubjectCheck), what)
      if (what === 'given a role') continue
      const asked = await browser.follow((await start(rp.config)).url.href)
      t.equal(pageName(asked.page), 'sign-in', `${what}: no session`)
    }
  },
)

t.test('an application that asks for an assignment lets nobody else in, and nobody any more', async (t) => {
  const di = await acceptedGuest(t, service, 'di')
  const rp = await relyingParty(service, { principal: { appRoleAssignmentRequired: true } })
  const browser = new Browser(service.baseUrl)
  const denied = await signIn(service, browser, (await start(rp.config)).url, di.mail)
  t.match(new URL(denied.url).searchParams.get('error'), 'access_denied')
  t.match(new URL(denied.url).searchParams.get('error_description'), /AADSTS50105/)
  const wish = { principalId: di.id, resourceId: rp.principal.id, appRoleId: '00000000-0000-0000-0000-000000000000' }
  const made = await service.api('POST', `/users/${di.id}/appRoleAssignments`, wish)
  const { tokens } = await signedIn(rp, di.mail, browser)
  await service.api('DELETE', `/users/${di.id}/appRoleAssignments/${made.body.id}`)
  await refused(t, client.refreshTokenGrant(rp.config, String(tokens.refresh_token)))
})

t.test(
  'an application in the browser has no secret, needs PKCE, and gets nothing meant for one with a secret',
  async (t) => {
    const ed = await acceptedGuest(t, service, 'ed')
    const rp = await relyingParty(service, { spa: { redirectUris: ['https://spa.example/cb'] } })
    const bare = await rp.discover(undefined)
    const browser = new Browser(service.baseUrl)
    const begun = await start(bare, { redirect_uri: 'https://spa.example/cb' })
    const answered = await signIn(service, browser, begun.url, ed.mail)
    const tokens = await client.authorizationCodeGrant(bare, new URL(answered.url), begun.checks)
    t.ok(tokens.id_token)
    const cors = await fetch(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { origin: 'https://spa.example' },
      body: new URLSearchParams({ grant_type: 'refresh_token', client_id: rp.application.appId, refresh_token: 'x' }),
    })
    t.equal(cors.headers.get('access-control-allow-origin'), 'https://spa.example')

    const without = new URL(begun.url)
    without.searchParams.delete('code_challenge')
    without.searchParams.delete('code_challenge_method')
    t.match((await browser.follow(without.href)).url, /error=invalid_request/)

    const confidential = await signedIn(rp, ed.mail, browser)
    await refused(t, client.refreshTokenGrant(bare, String(confidential.tokens.refresh_token)))
  },
)

t.test('a guest who has not accepted yet does so on the way, and goes on to the application', async (t) => {
  const mail = 'flo@partner.example'
  await service.invite(mail)
  const rp = await relyingParty(service)
  const browser = new Browser(service.baseUrl)
  const begun = await start(rp.config)
  const asked = await signIn(service, browser, begun.url, mail)
  t.equal(pageName(asked.page), 'consent', 'the invitation is asked about')
  const accepted = await browser.follow(asked.url, { csrf: csrfIn(asked.page), choice: 'accept' })
  t.ok(accepted.url.startsWith(CALLBACK), accepted.url)
  const tokens = await client.authorizationCodeGrant(rp.config, new URL(accepted.url), begun.checks)
  t.equal(tokens.claims()?.['email'], mail)
})

t.test('a mailbox that is nobody’s is told so only once it is proved', async (t) => {
  const rp = await relyingParty(service)
  const answered = await signIn(
    service,
    new Browser(service.baseUrl),
    (await start(rp.config)).url,
    'nobody@else.example',
  )
  t.equal(answered.status, 403)
  t.equal(pageName(answered.page), 'blocked')
})

t.test('signing out ends the session here', async (t) => {
  const gus = await acceptedGuest(t, service, 'gus')
  const rp = await relyingParty(service)
  const { tokens, browser } = await signedIn(rp, gus.mail)
  const url = client.buildEndSessionUrl(rp.config, {
    id_token_hint: String(tokens.id_token),
    post_logout_redirect_uri: 'https://rp.example/out',
    state: 's',
  })
  const asked = await browser.follow(url.href)
  t.equal(pageName(asked.page), 'sign-out')
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(asked.page ?? '')?.[1] ?? ''
  const confirm = `${service.baseUrl}/${service.tenantId}/oauth2/v2.0/logout/confirm`
  const out = await browser.follow(confirm, { xsrf, logout: 'yes' })
  t.equal(out.url, 'https://rp.example/out?state=s')
  t.equal(pageName((await browser.follow((await start(rp.config)).url.href)).page), 'sign-in')
})

t.test('tokens are introspected and revoked by their own client', async (t) => {
  const hal = await acceptedGuest(t, service, 'hal')
  const rp = await relyingParty(service)
  const other = await relyingParty(service)
  const { tokens } = await signedIn(rp, hal.mail)
  t.equal((await client.tokenIntrospection(rp.config, tokens.access_token)).active, true)
  t.equal((await client.tokenIntrospection(other.config, tokens.access_token)).active, false)
  await client.tokenRevocation(rp.config, String(tokens.refresh_token))
  await refused(t, client.refreshTokenGrant(rp.config, String(tokens.refresh_token)))
})

t.test(
  'permissions of Graph are agreed to by the person, or by an administrator, and limited as the person is',
  async (t) => {
    const ida = await acceptedGuest(t, service, 'ida')
    const rp = await relyingParty(service)
    const browser = new Browser(service.baseUrl)
    const begun = await start(rp.config, { scope: 'openid https://graph.microsoft.com/User.Read' })
    const asked = await signIn(service, browser, begun.url, ida.mail)
    t.match([pageName(asked.page), asked.page?.includes('User.Read')], ['consent', true])
    const given = await browser.follow(asked.url, { csrf: csrfIn(asked.page), choice: 'accept' })
    const tokens = await client.authorizationCodeGrant(rp.config, new URL(given.url), begun.checks)
    const me = await service.api('GET', '/me', undefined, { token: tokens.access_token })
    t.match([me.status, me.body?.id], [200, ida.id], me.text)
    t.equal((await service.api('GET', '/users', undefined, { token: tokens.access_token })).status, 403)

    const more = await start(rp.config, { scope: 'openid User.Read.All' })
    const needsAdmin = await browser.follow(more.url.href)
    t.equal(pageName(needsAdmin.page), 'consent')
    t.notMatch(needsAdmin.page, /value="accept"/, 'a guest cannot give it')
    const forced = await browser.follow(needsAdmin.url, { csrf: csrfIn(needsAdmin.page), choice: 'accept' })
    t.match(forced.url, /error=access_denied/)
  },
)

t.test('an application can ask without a page, and how long ago somebody signed in', async (t) => {
  const kim = await acceptedGuest(t, service, 'kim')
  const rp = await relyingParty(service)
  const browser = new Browser(service.baseUrl)
  const silent = async (more: Record<string, string>) => {
    const { url } = await browser.follow((await start(rp.config, { prompt: 'none', ...more })).url.href)
    return new URL(url).searchParams
  }
  t.equal((await silent({})).get('error'), 'login_required')
  const { tokens } = await signedIn(rp, kim.mail, browser)
  t.ok((await silent({})).get('code'))
  t.ok((await silent({ max_age: '10000' })).get('code'))
  t.equal((await silent({ scope: 'openid User.Read' })).get('error'), 'consent_required')
  await new Promise((resolve) => setTimeout(resolve, 2_100))
  t.equal((await silent({ max_age: '1' })).get('error'), 'login_required')
  const posted = await fetch(`${service.baseUrl}/${service.tenantId}/openid/userinfo`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  t.match(await posted.json(), { oid: kim.id })
})

t.test('optional parameters do no harm, and what is not offered is answered with an error', async (t) => {
  const lea = await acceptedGuest(t, service, 'lea')
  const rp = await relyingParty(service)
  const { tokens, browser } = await signedIn(rp, lea.mail)
  const answerTo = async (change: Record<string, string | undefined>) => {
    const begun = await start(rp.config)
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined) begun.url.searchParams.delete(name)
      else begun.url.searchParams.set(name, value)
    }
    const { url, status } = await browser.follow(begun.url.href)
    return { begun, url: new URL(url), status }
  }
  const harmless = [
    { display: 'page' },
    { display: 'popup' },
    { ui_locales: 'se fr-CA' },
    { claims_locales: 'se' },
    { acr_values: '1 2' },
    { login_hint: lea.mail },
    { id_token_hint: String(tokens.id_token) },
    { extra: 'foobar' },
  ]
  for (const change of harmless) {
    const { url } = await answerTo(change)
    t.ok(url.href.startsWith(CALLBACK) && url.searchParams.get('code'), JSON.stringify(change))
  }
  const bare = await answerTo({ nonce: undefined })
  const { expectedNonce: _unsent, ...checks } = bare.begun.checks
  const granted = await client.authorizationCodeGrant(rp.config, bare.url, checks)
  t.equal(granted.claims()?.['nonce'], undefined, 'a nonce is the client’s to send')
  for (const [change, error] of [
    [{ response_type: undefined }, 'invalid_request'],
    [{ request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    [{ request_uri: 'https://rp.example/request' }, 'request_uri_not_supported'],
  ] as const) {
    const { url } = await answerTo(change)
    t.equal(url.searchParams.get('error'), error, Object.keys(change).join())
    t.notOk(url.searchParams.get('code'))
  }
})

t.test('an administrator agrees for everybody by the API, and takes it back', async (t) => {
  const jo = await acceptedGuest(t, service, 'jo')
  const rp = await relyingParty(service)
  const graph = (await service.api('GET', "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')")).body
  const wish = {
    clientId: rp.principal.id,
    consentType: 'AllPrincipals',
    resourceId: graph.id,
    scope: 'User.Read openid',
  }
  const made = await service.api('POST', '/oauth2PermissionGrants', wish)
  t.match([made.status, made.body], [201, { ...wish, scope: 'User.Read', principalId: null }], made.text)
  t.equal((await service.api('POST', '/oauth2PermissionGrants', wish)).status, 409, 'once')
  const list = `/servicePrincipals/${rp.principal.id}/oauth2PermissionGrants`
  t.equal((await service.api('GET', list)).body.value[0].id, made.body.id)
  const filter = `clientId eq '${rp.principal.id}' and consentType eq 'AllPrincipals'`
  t.equal((await service.api('GET', `/oauth2PermissionGrants?$filter=${filter}`)).body.value.length, 1)
  const unknown = { ...wish, consentType: 'Principal', principalId: jo.id, scope: 'Nothing.Read' }
  t.equal((await service.api('POST', '/oauth2PermissionGrants', unknown)).status, 400)
  const asJo = { token: await service.userToken(jo.id, ['DelegatedPermissionGrant.ReadWrite.All']) }
  t.equal((await service.api('POST', '/oauth2PermissionGrants', { ...unknown, scope: 'User.Read' }, asJo)).status, 403)
  const other = await service.otherTenant('grants.example')
  t.equal((await service.api('GET', `/oauth2PermissionGrants/${made.body.id}`, undefined, other)).status, 404)
  t.equal((await service.api('DELETE', `/oauth2PermissionGrants/${made.body.id}`, undefined, other)).status, 404)

  const browser = new Browser(service.baseUrl)
  const begun = await start(rp.config, { scope: 'openid User.Read' })
  const answered = await signIn(service, browser, begun.url, jo.mail)
  t.ok(answered.url.startsWith(CALLBACK), 'nobody is asked')
  const tokens = await client.authorizationCodeGrant(rp.config, new URL(answered.url), begun.checks)
  t.equal((await service.api('GET', '/me', undefined, { token: tokens.access_token })).status, 200)

  await t.test('which gives a guest no more than guests may, whatever the application was given', async (t) => {
    const wide = { scope: 'User.Read User.Read.All' }
    t.equal((await service.api('PATCH', `/oauth2PermissionGrants/${made.body.id}`, wide)).status, 204)
    const begun = await start(rp.config, { scope: 'openid User.Read.All' })
    const { url } = await browser.follow(begun.url.href)
    const { access_token: token, scope } = await client.authorizationCodeGrant(rp.config, new URL(url), begun.checks)
    t.match(scope, 'User.Read.All')
    const ask = async (path: string) => (await service.api('GET', path, undefined, { token })).status
    const level = (guestUserRoleId: string) =>
      service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId })
    const other = `/users/${service.adminId}`
    t.strictSame([await ask(`/users/${jo.id}`), await ask(other), await ask('/users')], [200, 404, 403], 'restricted')
    t.equal((await level(GUEST_USER_ROLES.limited)).status, 204)
    t.strictSame([await ask(other), await ask('/users')], [200, 403], 'limited')
    t.equal((await level(GUEST_USER_ROLES.sameAsMembers)).status, 204)
    t.strictSame([await ask(other), await ask('/users')], [200, 200], 'as members')
    t.equal((await level(GUEST_USER_ROLES.restricted)).status, 204)
  })

  t.equal((await service.api('DELETE', `/oauth2PermissionGrants/${made.body.id}`)).status, 204)
  const asked = await browser.follow((await start(rp.config, { scope: 'openid User.Read' })).url.href)
  t.equal(pageName(asked.page), 'consent')
})

/** Whether the token endpoint refuses what is shown. */
async function refused(t: Test, asked: Promise<unknown>, what?: string) {
  const error = await asked.then(
    () => 'granted',
    (cause: { error?: string }) => cause.error,
  )
  t.equal(error, 'invalid_grant', what ?? 'refused')
}

async function signedIn(
  rp: Awaited<ReturnType<typeof relyingParty>>,
  mail: string,
  browser = new Browser(service.baseUrl),
) {
  const begun = await start(rp.config)
  const answered = await signIn(service, browser, begun.url, mail)
  const tokens = await client.authorizationCodeGrant(rp.config, new URL(answered.url), begun.checks)
  return { tokens, browser }
}
