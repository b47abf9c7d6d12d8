import * as client from 'openid-client'
import t from 'tap'
import { acceptedGuest, Browser, CALLBACK, relyingParty, signIn, start } from '../provider/relying-party.js'
import { startService } from '../support/service.js'

// Codes, tokens and sessions of one organization shown to another one of the same deployment.
t.test('what one organization gave is worth nothing at another', async (t) => {
  const service = await startService(t)
  const ana = await acceptedGuest(t, service, 'ana')
  const rp = await relyingParty(service)
  const other = await service.otherTenant('fabrikam.example')
  const issuer = (tenant: string) => new URL(`${service.baseUrl}/${tenant}/v2.0`)
  const theirApp = await service.api(
    'POST',
    '/applications',
    { displayName: 'Theirs', web: { redirectUris: [CALLBACK] } },
    other,
  )
  await service.api('POST', '/servicePrincipals', { appId: theirApp.body.appId }, other)
  const secret = (await service.api('POST', `/applications/${theirApp.body.id}/addPassword`, {}, other)).body.secretText
  const theirs = await client.discovery(
    issuer(other.tenantId),
    theirApp.body.appId,
    secret,
    client.ClientSecretPost(secret),
    { execute: [client.allowInsecureRequests] },
  )

  const browser = new Browser(service.baseUrl)
  const begun = await start(rp.config)
  const answered = await signIn(service, browser, begun.url, ana.mail)
  const code = String(new URL(answered.url).searchParams.get('code'))
  const ask = async (tenant: string, form: Record<string, string>, clientId: string, clientSecret: string) => {
    const response = await fetch(`${service.baseUrl}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form }),
    })
    return `${response.status} ${((await response.json()) as { error?: string }).error}`
  }
  const withCode = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: begun.verifier }
  t.equal(
    await ask(other.tenantId, withCode, theirApp.body.appId, secret),
    '400 invalid_grant',
    'the code, by their client',
  )
  t.equal(await ask(other.tenantId, withCode, rp.application.appId, rp.secretText), '401 invalid_client', 'or by ours')

  const tokens = await client.authorizationCodeGrant(rp.config, new URL(answered.url), begun.checks)
  const refresh = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) }
  t.equal(await ask(other.tenantId, refresh, theirApp.body.appId, secret), '400 invalid_grant')
  await t.rejects(client.fetchUserInfo(theirs, tokens.access_token, client.skipSubjectCheck), 'the access token')
  t.equal((await client.tokenIntrospection(theirs, tokens.access_token)).active, false)

  const there = await browser.follow((await start(theirs)).url.href)
  t.match(there.page, /data-page="sign-in"/, 'the session of one is none at the other')

  // An answer of another issuer, mixed up on the way (RFC 9207).
  const mixed = await start(theirs)
  const ours = await start(rp.config, { state: mixed.url.searchParams.get('state') ?? '' })
  const silent = await browser.follow(ours.url.href)
  await t.rejects(
    client.authorizationCodeGrant(theirs, new URL(silent.url), mixed.checks),
    'the issuer is told and compared',
  )
  t.ok((await client.refreshTokenGrant(rp.config, String(tokens.refresh_token))).access_token, 'nothing was used up')
})
