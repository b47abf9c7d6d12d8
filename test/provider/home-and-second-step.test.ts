import * as client from 'openid-client'
import t, { type Test } from 'tap'
import { ANA, partnerHome, socialHome } from '../sign-in/home.js'
import { PASSWORD, switchPasscodes } from '../sign-in/local-accounts/local.js'
import { postForm, samlPartner } from '../sign-in/saml.js'
import { appFrom, askForSecondStep } from '../support/authenticator.js'
import type { Posted } from '../support/saml-home.js'
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

const records = new Map<string, string[]>()
const serviceOf = (t: Test) => startService(t, { resolveTxt: async (name) => records.get(name) ?? [] })
const stepOf = (page: string | undefined) => /data-step="([^"]+)"/.exec(page ?? '')?.[1]

/** A guest of the partner, known by what their home calls them. */
async function knownAtHome(service: TestService, issuer: string, email = ANA.email): Promise<string> {
  const { invitedUser } = await service.invite(email)
  await service.rows(`update users set external_user_state = 'Accepted' where id = '${invitedUser.id}'`)
  await service.rows(`insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type)
    values ('${service.tenantId}', '${issuer}', '${ANA.sub}', '${invitedUser.id}', 'federated')`)
  return invitedUser.id
}

/** From the sign-in page of an application to the home of an address, and back to wherever that leads. */
async function throughHome(service: TestService, home: { issuer: string }, url: URL, address: string) {
  const browser = new Browser(service.baseUrl)
  const asked = await browser.follow(url.href)
  const left = await browser.follow(asked.url, { csrf: csrfIn(asked.page), email: address })
  const there = new Browser(new URL(home.issuer).origin)
  const back = await there.follow(left.url)
  return { browser, left, end: await browser.follow(back.url) }
}

t.test('a guest whose home speaks for the domain signs in to an application there, never by a code', async (t) => {
  const service = await serviceOf(t)
  const home = await partnerHome(t, service, records)
  const id = await knownAtHome(service, home.issuer)
  const rp = await relyingParty(service)
  home.signsInAs = ANA

  const first = await start(rp.config)
  const { left, end } = await throughHome(service, home, first.url, ANA.email)
  t.equal(new URL(left.url).origin, new URL(home.issuer).origin)
  t.ok(end.url.startsWith(CALLBACK), end.url)
  const tokens = await client.authorizationCodeGrant(rp.config, new URL(end.url), first.checks)
  t.match(tokens.claims(), { oid: id, email: ANA.email, idp: home.issuer })
  t.equal((await service.mails(ANA.email)).filter(({ text }) => /\b\d{8}\b/.test(text)).length, 0, 'no code was sent')

  await t.test('an address is told as verified from when the home vouches for it, and another never', async (t) => {
    const told = async (email: string) => {
      home.signsInAs = { ...ANA, email }
      const begun = await start(rp.config)
      const { end } = await throughHome(service, home, begun.url, ANA.email)
      const claims = (await client.authorizationCodeGrant(rp.config, new URL(end.url), begun.checks)).claims()
      return { email: claims?.['email'], email_verified: claims?.['email_verified'] }
    }
    const renamed = 'ana.b@partner.example'
    t.same(tokens.claims()?.['email_verified'], true, 'by the sign-in above')
    t.same(await told(renamed), { email: ANA.email, email_verified: true }, 'called otherwise at home since')
    await service.api('PATCH', `/users/${id}`, { mail: 'ceo@partner.example' })
    t.same(
      await told(renamed),
      { email: 'ceo@partner.example', email_verified: false },
      'written down by an administrator',
    )
    await service.api('PATCH', `/users/${id}`, { mail: renamed })
    t.same(await told(ANA.email), { email: renamed, email_verified: false }, 'and not vouched for yet')
    t.same(await told(renamed), { email: renamed, email_verified: true }, 'what the home calls them now')
    await service.api('PATCH', `/users/${id}`, { mail: ANA.email })
    home.signsInAs = { ...ANA, email_verified: false }
    const begun = await start(rp.config)
    const { end: last } = await throughHome(service, home, begun.url, ANA.email)
    const claims = (await client.authorizationCodeGrant(rp.config, new URL(last.url), begun.checks)).claims()
    t.equal(claims?.['email_verified'], false, 'a home that says that it does not know')
  })

  await t.test('somebody else of that home is told whose account it is not', async (t) => {
    home.signsInAs = { ...ANA, sub: 'successor' }
    const again = await throughHome(service, home, (await start(rp.config)).url, ANA.email)
    t.equal(again.end.status, 403)
    t.equal(pageName(again.end.page), 'blocked')
  })

  await t.test('a home that says no is told as such, with the way to try again', async (t) => {
    home.signsInAs = undefined
    const { browser, end } = await throughHome(service, home, (await start(rp.config)).url, ANA.email)
    t.equal(end.status, 200)
    t.equal(pageName(end.page), 'error')
    t.equal(stepOf(end.page), 'cancelled', 'on the page that redemption has')
    t.match(end.page, /action="\/signin\/app\//)
    t.match(end.page, /[0-9A-Z]{4}-[0-9A-Z]{4}/, 'with a reference for support')
    const again = await browser.follow(end.url, { csrf: csrfIn(end.page), action: 'again' })
    t.match(again.page, 'name="email"', 'and the way to begin again')
  })
})

// An administrator who deletes a partner's provider may do so because somebody else has got hold of it.
t.test('who was signed in by a provider is so no longer once it is gone, or has another issuer', async (t) => {
  const service = await serviceOf(t)
  const [gone, moved] = [
    await partnerHome(t, service, records),
    await partnerHome(t, service, records, 'moved.example'),
  ]
  const saml = await samlPartner(t, service, records, 'saml.example')
  const bo = await acceptedGuest(t, service, 'bo')
  // Nobody listens there: what is to be told waits.
  const web = { redirectUris: [CALLBACK], backChannelLogoutUrl: 'http://localhost:1/logout' }
  const rp = await relyingParty(service, { web })
  const byHome = async (home: typeof gone, email: string) => {
    const id = await knownAtHome(service, home.issuer, email)
    home.signsInAs = { ...ANA, email }
    const begun = await start(rp.config)
    const { browser, end } = await throughHome(service, home, begun.url, email)
    const tokens = await client.authorizationCodeGrant(rp.config, new URL(end.url), begun.checks)
    return { id, browser, tokens }
  }
  const bySaml = async () => {
    const id = await knownAtHome(service, saml.issuer, 'sam@saml.example')
    saml.signsInAs = { nameId: ANA.sub, email: 'sam@saml.example' }
    const browser = new Browser(service.baseUrl)
    const begun = await start(rp.config)
    const asked = await browser.follow(begun.url.href)
    const left = await browser.follow(asked.url, { csrf: csrfIn(asked.page), email: 'sam@saml.example' })
    const posted = await postForm((await (await fetch(left.url)).json()) as Posted)
    const end = await browser.follow(new URL(posted.headers.get('location') ?? '', service.baseUrl).href)
    return { id, browser, tokens: await client.authorizationCodeGrant(rp.config, new URL(end.url), begun.checks) }
  }
  const byCode = async () => {
    const browser = new Browser(service.baseUrl)
    const begun = await start(rp.config)
    const { url } = await signIn(service, browser, begun.url, bo.mail)
    return { id: bo.id, browser, tokens: await client.authorizationCodeGrant(rp.config, new URL(url), begun.checks) }
  }
  const people = {
    gone: await byHome(gone, ANA.email),
    moved: await byHome(moved, 'ana@moved.example'),
    saml: await bySaml(),
    code: await byCode(),
  }
  /** Who is still signed in: by the browser, by the access token, to applications; and who gets a token by the refresh token. */
  const signedIn = async () => {
    const names: string[] = []
    for (const [name, person] of Object.entries(people)) {
      const { id, browser, tokens } = person
      const silent = await browser.follow((await start(rp.config, { prompt: 'none' })).url.href)
      const told = await fetch(`${service.baseUrl}/${service.tenantId}/openid/userinfo`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      })
      const [known] = await service.rows(
        `select count(*)::int as n from relying_party_sessions where user_id = '${id}' and ended_date_time is null`,
      )
      const refreshed = await client
        .refreshTokenGrant(rp.config, tokens.refresh_token ?? '')
        .then((fresh) => Boolean(Object.assign(person.tokens, { refresh_token: fresh.refresh_token })))
        .catch(({ error }) => (error === 'invalid_grant' ? false : error))
      const has = [silent.url.includes('code='), told.status === 200, known?.['n'] > 0, refreshed]
      if (has.includes(true)) names.push(has.includes(false) ? `${name} in part: ${has}` : name)
    }
    return names
  }
  const audited = async () =>
    (await service.rows('select activity_display_name as name, additional_details as details from audit_events'))
      .filter(({ details }) => details && 'signedOut' in details)
      .map(({ name, details }) => `${name}: ${details.signedOut}`)
  t.same(await signedIn(), ['gone', 'moved', 'saml', 'code'])

  t.equal((await service.api('PATCH', `/identity/identityProviders/${moved.id}`, { displayName: 'Same' })).status, 204)
  t.same(await signedIn(), ['gone', 'moved', 'saml', 'code'], 'another name is none')
  t.equal((await service.api('DELETE', `/identity/identityProviders/${gone.id}`)).status, 204)
  t.same(await signedIn(), ['moved', 'saml', 'code'])
  t.same(await audited(), ['Delete IdentityProvider: 1'])
  const issuer = `${moved.issuer}/other`
  records.set('moved.example', [`DirectFedAuthUrl=${issuer}`])
  t.equal((await service.api('PATCH', `/identity/identityProviders/${moved.id}`, { issuer })).status, 204)
  t.same(await signedIn(), ['saml', 'code'])
  t.equal((await service.api('DELETE', `/directory/federationConfigurations/${saml.id}`)).status, 204)
  t.same(await signedIn(), ['code'])
  t.same((await audited()).sort(), ['Delete IdentityProvider: 1', 'Delete federation: 1', 'Update IdentityProvider: 1'])
  t.equal((await service.api('DELETE', '/identity/identityProviders/EmailPassword-OAUTH')).status, 204)
  t.same(await signedIn(), ['code'])
})

t.test('an application is let in only after the second step that the organization asks for', async (t) => {
  const service = await serviceOf(t)
  const bo = await acceptedGuest(t, service, 'bo')
  const rp = await relyingParty(service)
  const browser = new Browser(service.baseUrl)
  t.ok((await signIn(service, browser, (await start(rp.config)).url, bo.mail)).url.startsWith(CALLBACK))
  await askForSecondStep(service)

  // A session from before is not enough, and no application is answered without a page.
  const silent = await browser.follow((await start(rp.config, { prompt: 'none' })).url.href)
  t.match(silent.url, /error=login_required/)
  const first = await start(rp.config)
  const due = await browser.follow(first.url.href)
  t.equal(pageName(due.page), 'mfa')
  t.equal(stepOf(due.page), 'enrol')

  const app = appFrom(due.page ?? '')
  const code = app.codeAt(service.services.clock())
  const proved = await browser.follow(due.url, { csrf: csrfIn(due.page), code })
  t.equal(pageName(proved.page), 'mfa', 'the recovery codes')
  const done = await browser.follow(proved.url, { csrf: csrfIn(proved.page), action: 'kept' })
  t.ok(done.url.startsWith(CALLBACK), done.url)
  const tokens = await client.authorizationCodeGrant(rp.config, new URL(done.url), first.checks)
  t.ok(JSON.stringify(tokens.claims()?.['amr']).includes('mfa'))
  const second = await browser.follow((await start(rp.config)).url.href)
  t.ok(second.url.startsWith(CALLBACK), 'once passed, it is not asked again')
})

t.test('guests of every kind redeem on the way to an application, and are told to it by the same claims', async (t) => {
  const service = await serviceOf(t)
  await service.otherTenant('fabrikam.example')
  const home = await partnerHome(t, service, records)
  const google = await socialHome(t, service, 'Google')
  const saml = await samlPartner(t, service, records, 'second.example')
  home.signsInAs = ANA
  google.signsInAs = { sub: 'g-1', email: 'gil@gmail.com', email_verified: true, name: 'Gil' }
  saml.signsInAs = { nameId: 'sam', email: 'sam@second.example' }
  const rp = await relyingParty(service, { groupMembershipClaims: 'SecurityGroup' })

  type Turn = { browser: Browser; url: string; page?: string | undefined }
  const submit = ({ browser, url, page }: Turn, fields: Record<string, string>) =>
    browser.follow(url, { csrf: csrfIn(page), ...fields })
  const byCode = async (turn: Turn, address: string) => submit(turn, { code: await newestCode(service, address) })
  const atOidc = async ({ browser, url }: Turn, origin: string) =>
    browser.follow((await new Browser(origin).follow(url)).url)
  const ways: [address: string, idp: RegExp, prove: (turn: Turn) => Promise<{ url: string; page?: string }>][] = [
    ['mia@elsewhere.example', /^mail$/, (turn) => byCode(turn, 'mia@elsewhere.example')],
    [ANA.email, new RegExp(home.issuer), (turn) => atOidc(turn, home.origin)],
    ['gil@gmail.com', new RegExp(google.issuer), (turn) => atOidc(turn, google.origin)],
    [
      'sam@second.example',
      new RegExp(saml.issuer),
      async ({ browser, url }) => {
        const posted = await postForm((await (await fetch(url)).json()) as Posted)
        return browser.follow(new URL(posted.headers.get('location') ?? '', service.baseUrl).href)
      },
    ],
    [
      'admin@fabrikam.example',
      /ExternalAzureAD/,
      async (turn) => {
        const sent = await submit(turn, { action: 'send' })
        return byCode({ ...turn, ...sent }, 'admin@fabrikam.example')
      },
    ],
    [
      'lou@elsewhere.example',
      /^contoso\.example$/,
      async (turn) => {
        const account = 'lou@elsewhere.example'
        const sent = await submit(turn, { account, action: 'send' })
        const proved = await submit({ ...turn, ...sent }, { account, code: await newestCode(service, account) })
        return submit({ ...turn, ...proved }, { account, password: PASSWORD, again: PASSWORD })
      },
    ],
  ]
  const told = new Map<string, Record<string, unknown>>()
  for (const [address, idp, prove] of ways) {
    if (address.startsWith('lou')) await switchPasscodes(service, false)
    const { invitedUser } = await service.invite(address)
    const browser = new Browser(service.baseUrl)
    const begun = await start(rp.config)
    const asked = await browser.follow(begun.url.href)
    const left = await submit({ browser, ...asked }, { email: address })
    const consent = await prove({ browser, ...left })
    t.equal(pageName(consent.page), 'consent', `${address} has still to accept: ${consent.url}`)
    const done = await submit({ browser, ...consent }, { choice: 'accept' })
    t.ok(done.url.startsWith(CALLBACK), `${address} goes on to the application: ${done.url}`)
    const tokens = await client.authorizationCodeGrant(rp.config, new URL(done.url), begun.checks)
    const claims = tokens.claims() ?? {}
    const own = {
      oid: invitedUser.id,
      tid: service.tenantId,
      acct: 1,
      idp,
      preferred_username: address,
      email: address,
    }
    t.match(claims, { ...own, groups: [], amr: Array, sub: String, email_verified: true }, address)
    const info = await client.fetchUserInfo(rp.config, tokens.access_token, String(tokens.claims()?.sub))
    t.match(info, { ...own, email_verified: true }, `${address} at the userinfo endpoint`)
    told.set(address, claims as Record<string, unknown>)
  }
  const names = [...told].map(([, claims]) => Object.keys(claims).sort().join())
  t.equal(new Set(names).size, 1, names.join('\n'))
  t.equal(new Set([...told.values()].map(({ sub }) => sub)).size, ways.length)
})
