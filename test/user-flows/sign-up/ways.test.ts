import * as client from 'openid-client'
import t from 'tap'
import { insertUser } from '../../../src/directory/index.js'
import { parseEmailAddress } from '../../../src/kernel/email-address.js'
import { waysToSignIn } from '../../../src/sign-in/index.js'
import { Browser, csrfIn, pageName, relyingParty, start } from '../../provider/relying-party.js'
import { absolute, follow, partnerHome, socialHome } from '../../sign-in/home.js'
import { bringBack, samlPartner } from '../../sign-in/saml.js'
import { codesIn } from '../../support/guest.js'
import { startService } from '../../support/service.js'
import { type FlowWish, makeAttribute, makeFlow, usersOf, Visitor } from './flow.js'

/** The ways in: every kind of home, an application, an invitation that waits; and who is not let in. */
const records = new Map<string, string[]>()
const service = await startService(t, { resolveTxt: async (name) => records.get(name) ?? [] })
const partner = await partnerHome(t, service, records, 'oidc.example')
const saml = await samlPartner(t, service, records, 'saml.example')
const google = await socialHome(t, service, 'Google')
const facebook = await socialHome(t, service, 'Facebook')
const microsoft = await socialHome(t, service, 'Microsoft')
const PROVIDERS = ['EmailOtpSignup-OAUTH', 'AADSignup-OAUTH', 'Google-OAUTH', partner.id, saml.id]
const flow = (wish: FlowWish = {}) =>
  makeFlow(service, {
    providers: PROVIDERS,
    questions: [{ id: 'displayName' }, { id: 'city', isOptional: true }],
    ...wish,
  })
const path = await flow()
/** One that offers all social accounts; where there is Microsoft, an address has more than one way. */
const socialPath = await flow({ providers: [...PROVIDERS, 'Facebook-OAUTH', 'Microsoft-OAUTH'] })
const identitiesOf = async (address: string) => {
  const [user] = await usersOf(service, address)
  const rows = await service.rows(`select issuer, issuer_assigned_id, sign_in_type from user_identities
    where user_id = '${user?.['id']}'`)
  return rows.map((row) => `${row['sign_in_type']} ${row['issuer']} ${row['issuer_assigned_id']}`)
}
/** Presses a button of the first page and goes wherever that leads. */
async function via(visitor: Visitor, fields: Record<string, string>) {
  await visitor.open()
  return follow(visitor, absolute(service, await visitor.send(fields)))
}

t.test('a partner with an OpenID provider, by a button and by the domain of an address', async (t) => {
  partner.signsInAs = { sub: 'ana', email: 'ana@oidc.example', email_verified: true, name: 'Ana' }
  const visitor = new Visitor(service, path)
  const form = await via(visitor, { provider: partner.id })
  t.match([form.name, form.status], ['sign-up', 200])
  t.match(form.html, /value="ana@oidc\.example"[\s\S]*value="Ana"/)
  t.equal((await visitor.answer({ displayName: 'Ana S.' })).status, 303)
  t.strictSame(await identitiesOf('ana@oidc.example'), [`federated ${partner.issuer} ana`])
  t.match(await usersOf(service, 'ana@oidc.example'), [{ display_name: 'Ana S.' }])

  const again = await via(new Visitor(service, path), { email: 'ana@oidc.example' })
  t.equal(again.name, 'my-apps', 'next time they are signed in and asked nothing')
})

t.test('a SAML partner, whose answer comes from another site', async (t) => {
  saml.signsInAs = { nameId: 'bo', email: 'bo@saml.example' }
  const visitor = new Visitor(service, path)
  await visitor.open()
  const left = await visitor.send({ email: 'bo@saml.example' })
  const answered = await visitor.get(left.location ?? '')
  const form = await bringBack(service, visitor, JSON.parse(answered.html))
  t.equal(form.name, 'sign-up')
  t.equal((await visitor.answer({ displayName: 'Bo' })).status, 303)
  t.strictSame(await identitiesOf('bo@saml.example'), [`federated ${saml.issuer} bo`])
})

t.test('another organization of this deployment', async (t) => {
  const { tenantId } = await service.otherTenant('fabrikam.example')
  const { services } = service
  const id = services.newId()
  const address = 'nils@fabrikam.example'
  await services.database.withTenant(tenantId, (scope) =>
    insertUser(scope, {
      tenantId,
      id,
      userPrincipalName: address,
      displayName: 'Nils',
      mail: address,
      mailFolded: address,
      mailNickname: 'nils',
      userType: 'Member',
      createdDateTime: services.clock(),
    }),
  )
  const visitor = new Visitor(service, path)
  const home = await via(visitor, { email: address })
  t.equal(home.name, 'sign-in')
  await visitor.post(home.url, { action: 'send' })
  const [code = ''] = codesIn(await service.waitForMails(address))
  const form = await follow(visitor, absolute(service, await visitor.post(home.url, { code })))
  t.match(form.html, /value="Nils"/)
  t.equal((await visitor.answer({ displayName: 'Nils' })).status, 303)
  t.strictSame(await identitiesOf(address), [`federated ExternalAzureAD ${tenantId}/${id}`])
})

t.test('Google vouches for its own addresses; any other one is proved by a code', async (t) => {
  google.signsInAs = { sub: 'g1', email: 'cy@gmail.com', email_verified: true, name: 'Cy' }
  const visitor = new Visitor(service, path)
  t.equal((await via(visitor, { provider: 'Google-OAUTH' })).name, 'sign-up')
  t.equal((await visitor.answer({ displayName: 'Cy' })).status, 303)
  t.match(await identitiesOf('cy@gmail.com'), [/^federated http/])

  google.signsInAs = { sub: 'g2', email: 'di@partner.example', email_verified: true, name: 'Di' }
  const other = new Visitor(service, path)
  const asked = await via(other, { provider: 'Google-OAUTH' })
  t.match([asked.name, /data-step="address"/.test(asked.html)], ['sign-up', true])
  t.match(asked.html, 'value="di@partner.example"', 'what Google told stands in the field')
  t.equal((await other.answer({ displayName: 'Di' })).html.includes('data-step="address"'), true, 'no step is skipped')

  await t.test('not where somebody else speaks for the domain', async (t) => {
    await other.open()
    const refused = await other.send({ email: 'di@oidc.example' })
    t.match([refused.status, refused.name], [403, 'blocked'])
  })
  await t.test('the address that a code proved is the guest’s, Google the identity', async (t) => {
    await other.open()
    t.equal((await other.send({ email: 'di@partner.example' })).status, 303)
    const [code = ''] = codesIn(await service.waitForMails('di@partner.example'))
    await other.open()
    t.equal((await other.send({ code })).status, 303)
    t.equal((await other.open()).name, 'sign-up')
    t.equal((await other.answer({ displayName: 'Di' })).status, 303)
    t.match(await identitiesOf('di@partner.example'), [/^federated http.* g2$/])
  })
  await t.test('on a sign-in page, too, they are sent where they are known', async (t) => {
    const tenant = await service.services.tenants.find(service.tenantId)
    const address = parseEmailAddress('di@partner.example')
    if (!tenant || !address) throw new Error('nobody to look for')
    const ways = await waysToSignIn(service.services, tenant, address)
    t.strictSame(
      ways.map(({ key }) => key),
      ['google'],
    )
  })
  await t.test('a code to that address does not open their account, and says where it is opened', async (t) => {
    service.advance(31_000)
    const intruder = new Visitor(service, path)
    const taken = await intruder.prove('di@partner.example')
    t.match([taken.status, taken.name, /data-step="taken"/.test(taken.html)], [403, 'blocked', true])
    t.match(taken.html, /value="Google-OAUTH"/)
    t.notOk(intruder.cookies.has('vs'))
    await service.rows('delete from sessions')
  })
})

t.test('Microsoft vouches for an address whose owner its directory has verified, and for no other', async (t) => {
  microsoft.signsInAs = { sub: 'mo', email: 'mo@proseware.example', xms_edov: true, name: 'Mo' }
  const visitor = new Visitor(service, socialPath)
  t.equal((await via(visitor, { provider: 'Microsoft-OAUTH' })).name, 'sign-up')
  t.equal((await visitor.answer({ displayName: 'Mo' })).status, 303)
  t.match(await identitiesOf('mo@proseware.example'), [/^federated http.* mo$/])
  t.equal(
    (await via(new Visitor(service, socialPath), { provider: 'Microsoft-OAUTH' })).name,
    'my-apps',
    'and knows them',
  )

  microsoft.signsInAs = { sub: 'ned', email: 'ned@proseware.example', xms_edov: false, name: 'Ned' }
  const other = new Visitor(service, socialPath)
  const asked = await via(other, { provider: 'Microsoft-OAUTH' })
  t.match([asked.name, /data-step="address"/.test(asked.html)], ['sign-up', true], 'nOAuth: an address it only tells')
  t.strictSame(await usersOf(service, 'ned@proseware.example'), [])
})

t.test('Facebook vouches for no address: a code proves it, Facebook is the identity', async (t) => {
  facebook.signsInAs = { sub: 'f1', email: 'fay@partner.example', email_verified: true, name: 'Fay' }
  const visitor = new Visitor(service, socialPath)
  const asked = await via(visitor, { provider: 'Facebook-OAUTH' })
  t.match([asked.name, /data-step="address"/.test(asked.html)], ['sign-up', true])
  t.equal((await visitor.send({ email: 'fay@partner.example' })).status, 303)
  const [code = ''] = codesIn(await service.waitForMails('fay@partner.example'))
  await visitor.open()
  t.equal((await visitor.send({ code })).status, 303)
  t.equal((await visitor.open()).name, 'sign-up')
  t.equal((await visitor.answer({ displayName: 'Fay' })).status, 303)
  t.match(await identitiesOf('fay@partner.example'), [/^federated http.* f1$/])
  t.equal((await via(new Visitor(service, socialPath), { provider: 'Facebook-OAUTH' })).name, 'my-apps')
})

t.test('a home that is down, or says no, ends in a page that goes on', async (t) => {
  partner.signsInAs = undefined
  const visitor = new Visitor(service, path)
  const told = await via(visitor, { provider: partner.id })
  t.equal(told.name, 'error')
  t.equal((await visitor.send({ action: 'again' })).location?.startsWith(path), true)
  t.equal((await visitor.open()).name, 'choose-provider')
})

t.test('a home that is deleted while the form is filled in has named nobody: they start over', async (t) => {
  const leaving = await partnerHome(t, service, records, 'leaving.example')
  leaving.signsInAs = { sub: 'lea', email: 'lea@leaving.example', email_verified: true, name: 'Lea' }
  const visitor = new Visitor(service, await flow({ providers: [...PROVIDERS, leaving.id] }))
  t.equal((await via(visitor, { provider: leaving.id })).name, 'sign-up')
  // Taken out of the flow first, which would not let it go.
  await service.rows(`delete from user_flow_providers where provider_id = '${leaving.id}'`)
  t.equal((await service.api('DELETE', `/identity/identityProviders/${leaving.id}`)).status, 204)
  await visitor.answer({ displayName: 'Lea' })
  t.match(await visitor.open(), { name: 'choose-provider' })
  t.same(await usersOf(service, 'lea@leaving.example'), [])
})

t.test('a pending invitation for the proved address is redeemed on the way', async (t) => {
  const made = await service.invite('flo@partner.example')
  const visitor = new Visitor(service, path)
  const code = await visitor.askCode('flo@partner.example')
  const consent = await follow(visitor, absolute(service, await visitor.send({ code })))
  t.equal(consent.name, 'consent')
  t.equal((await visitor.post(consent.url, { choice: 'accept' })).location, 'https://app.example/welcome')
  t.match(await usersOf(service, 'flo@partner.example'), [{ id: made.invitedUser.id, external_user_state: 'Accepted' }])
  t.match((await visitor.open()).html, 'data-step="done"')

  await t.test('one that was withdrawn lets nobody in', async (t) => {
    const { id } = await service.invite('gil@partner.example')
    await service.api('POST', `/invitations/${id}/revoke`)
    const late = new Visitor(service, path)
    const proved = await late.send({ code: await late.askCode('gil@partner.example') })
    const page = await follow(late, absolute(service, proved))
    t.match([page.status, page.name], [403, 'blocked'])
    t.match(await usersOf(service, 'gil@partner.example'), [{ external_user_state: 'PendingAcceptance' }])
  })
})

t.test('an invitation is redeemed whatever way they came, and no second guest is made', async (t) => {
  const pending = async (address: string) => (await service.invite(address)).invitedUser.id
  await t.test('by a home that vouches for the address', async (t) => {
    const id = await pending('ivo@oidc.example')
    partner.signsInAs = { sub: 'ivo', email: 'ivo@oidc.example', email_verified: true, name: 'Ivo' }
    const visitor = new Visitor(service, path)
    const consent = await via(visitor, { email: 'ivo@oidc.example' })
    t.equal(consent.name, 'consent')
    t.equal((await visitor.post(consent.url, { choice: 'accept' })).location, 'https://app.example/welcome')
    t.match(await usersOf(service, 'ivo@oidc.example'), [{ id, external_user_state: 'Accepted' }])
  })
  await t.test('by a home that vouches for none, and a code', async (t) => {
    const id = await pending('jan@partner.example')
    facebook.signsInAs = { sub: 'f2', name: 'Jan' }
    const visitor = new Visitor(service, socialPath)
    await via(visitor, { provider: 'Facebook-OAUTH' })
    await visitor.send({ email: 'jan@partner.example' })
    const [code = ''] = codesIn(await service.waitForMails('jan@partner.example'))
    await visitor.open()
    const consent = await follow(visitor, absolute(service, await visitor.send({ code })))
    t.equal(consent.name, 'consent')
    await visitor.post(consent.url, { choice: 'accept' })
    t.match(await usersOf(service, 'jan@partner.example'), [{ id, external_user_state: 'Accepted' }])
    t.strictSame(await identitiesOf('jan@partner.example'), ['federated mail jan@partner.example'], 'by the code')

    service.advance(31_000)
    facebook.signsInAs = { sub: 'f3', name: 'Jan' }
    const later = new Visitor(service, socialPath)
    await via(later, { provider: 'Facebook-OAUTH' })
    await later.send({ email: 'jan@partner.example' })
    const [again = ''] = codesIn(await service.waitForMails('jan@partner.example', 2))
    await later.open()
    const apps = await follow(later, absolute(service, await later.send({ code: again })))
    t.equal(apps.name, 'my-apps', 'and whoever has an account is signed in to it, not turned away')
  })
  await t.test('invited while they fill the form in, in two tabs', async (t) => {
    const visitor = new Visitor(service, path)
    await visitor.prove('kai@partner.example')
    const id = await pending('kai@partner.example')
    const first = await visitor.answer({ displayName: 'Kai' })
    t.match([first.status, first.location], [303, /^\/redeem\?/])
    const second = await visitor.answer({ displayName: 'Kai' })
    t.equal(second.status, 303, 'the other tab makes nobody either')
    const consent = await follow(visitor, absolute(service, first))
    t.equal(consent.name, 'consent')
    await visitor.post(consent.url, { choice: 'accept' })
    t.match(await usersOf(service, 'kai@partner.example'), [
      { id, external_user_state: 'Accepted', creation_type: 'Invitation' },
    ])
  })
  await t.test('nor has whoever is invited by now to wait for an approver', async (t) => {
    const visitor = new Visitor(service, await makeFlow(service, { requiresApproval: true }))
    await visitor.prove('mia@partner.example')
    const id = await pending('mia@partner.example')
    const consent = await follow(visitor, absolute(service, await visitor.send({ action: 'answer' })))
    t.equal(consent.name, 'consent')
    await visitor.post(consent.url, { choice: 'accept' })
    t.match(await usersOf(service, 'mia@partner.example'), [{ id, external_user_state: 'Accepted' }])
    t.equal((await service.rows('select id from sign_up_requests')).length, 0)
    await t.test('and whoever is disabled by then stays out', async (t) => {
      const next = new Visitor(service, await makeFlow(service, { requiresApproval: true }))
      await next.prove('nia@partner.example')
      await service.api('PATCH', `/users/${await pending('nia@partner.example')}`, { accountEnabled: false })
      const answered = await next.send({ action: 'answer' })
      t.match([answered.status, answered.name], [403, 'blocked'])
    })
  })
  await t.test('whoever else has got the address meanwhile is nobody they can become', async (t) => {
    const visitor = new Visitor(service, path)
    await visitor.prove('lou@partner.example')
    google.signsInAs = { sub: 'g9', email: 'lou@partner.example', email_verified: true, name: 'Lou' }
    const other = new Visitor(service, path)
    await via(other, { provider: 'Google-OAUTH' })
    service.advance(31_000)
    await other.send({ email: 'lou@partner.example' })
    const [code = ''] = codesIn(await service.waitForMails('lou@partner.example', 2))
    await other.open()
    await other.send({ code })
    t.equal((await other.answer({ displayName: 'Lou' })).status, 303)
    const late = await visitor.answer({ displayName: 'Lou' })
    t.match([late.status, late.name], [403, 'blocked'])
    t.equal((await usersOf(service, 'lou@partner.example')).length, 1)
  })
})

t.test('the organization’s rules hold here too', async (t) => {
  await t.test('its list of domains, also one that changes on the way', async (t) => {
    const visitor = new Visitor(service, path)
    t.equal((await visitor.prove('hal@blocked.example')).name, 'sign-up')
    const list = { mode: 'blockList', domains: ['blocked.example'] }
    t.equal((await service.api('PUT', '/policies/invitationDomainPolicy', list)).status, 200)
    const late = await visitor.answer({ displayName: 'Hal' })
    t.match([late.status, late.name, /data-step="domain"/.test(late.html)], [403, 'blocked', true])
    t.equal((await visitor.open()).name, 'blocked')
    t.strictSame(await usersOf(service, 'hal@blocked.example'), [])
    await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'any', domains: [] })
    t.equal((await visitor.answer({ displayName: 'Hal' })).status, 303)
  })
  await t.test('nobody is a guest with an address of the organization itself', async (t) => {
    const visitor = new Visitor(service, path)
    const own = await visitor.prove('ida@contoso.example')
    t.match([own.status, /data-step="ownDomain"/.test(own.html)], [403, true])
  })
  await t.test('a member is signed in, and not called a guest', async (t) => {
    await service.services.database.withTenant(service.tenantId, (scope) =>
      insertUser(scope, {
        tenantId: service.tenantId,
        id: service.services.newId(),
        userPrincipalName: 'may@contoso.example',
        displayName: 'May',
        mail: 'may@members.example',
        mailFolded: 'may@members.example',
        mailNickname: 'may',
        userType: 'Member',
        createdDateTime: service.services.clock(),
      }),
    )
    const visitor = new Visitor(service, path)
    t.match((await visitor.prove('may@members.example')).location, '/myapps')
    const page = await visitor.open()
    t.match(page.html, /<h1[^>]*>You are a member of/)
    t.notMatch(page.html, 'You are a guest')
  })
  await t.test('whoever is disabled stays out', async (t) => {
    const [user] = await usersOf(service, 'hal@blocked.example')
    await service.api('PATCH', `/users/${user?.['id']}`, { accountEnabled: false })
    service.advance(31_000)
    const visitor = new Visitor(service, path)
    const barred = await visitor.prove('hal@blocked.example')
    t.match([barred.status, /data-step="account"/.test(barred.html)], [403, true])
    t.notOk(visitor.cookies.has('vs'))
  })
})

t.test('from an application without an account to a token of it', async (t) => {
  const party = await relyingParty(service)
  const appFlow = await flow({ applications: [{ appId: party.application.appId, id: party.application.id }] })
  const browser = new Browser(service.baseUrl)
  const { url, checks } = await start(party.config)
  const asked = await browser.follow(url.href)
  t.equal(pageName(asked.page), 'sign-in')
  const [, link = ''] = /<a href="([^"]*\/signup\/[^"]*)"/.exec(asked.page ?? '') ?? []
  const signUp = service.baseUrl + link.replaceAll('&amp;', '&')
  t.match(signUp, appFlow)
  const first = await browser.follow(signUp)
  t.equal(pageName(first.page), 'choose-provider')
  const sent = await browser.follow(signUp, { csrf: csrfIn(first.page), email: 'kim@partner.example' })
  const [code = ''] = codesIn(await service.waitForMails('kim@partner.example'))
  const form = await browser.follow(signUp, { csrf: csrfIn(sent.page), code })
  t.equal(pageName(form.page), 'sign-up')
  const back = await browser.follow(signUp, { csrf: csrfIn(form.page), action: 'answer', displayName: 'Kim' })
  t.match(back.url, /^https:\/\/rp\.example\/cb\?/)
  const tokens = await client.authorizationCodeGrant(party.config, new URL(back.url), checks)
  const [user] = await usersOf(service, 'kim@partner.example')
  t.match(tokens.claims(), { oid: user?.['id'], email: 'kim@partner.example', email_verified: true, name: 'Kim' })

  await t.test('one that is deleted meanwhile takes nobody, but the guest is there', async (t) => {
    const gone = await relyingParty(service)
    await flow({ applications: [{ appId: gone.application.appId, id: gone.application.id }] })
    const visitor = new Browser(service.baseUrl)
    const signIn = await visitor.follow((await start(gone.config)).url.href)
    const [, href = ''] = /<a href="([^"]*\/signup\/[^"]*)"/.exec(signIn.page ?? '') ?? []
    const at = service.baseUrl + href.replaceAll('&amp;', '&')
    const begin = await visitor.follow(at)
    const code = await visitor.follow(at, { csrf: csrfIn(begin.page), email: 'mei@partner.example' })
    const [digits = ''] = codesIn(await service.waitForMails('mei@partner.example'))
    const asked = await visitor.follow(at, { csrf: csrfIn(code.page), code: digits })
    t.equal((await service.api('DELETE', `/applications/${gone.application.id}`)).status, 204)
    const end = await visitor.follow(at, { csrf: csrfIn(asked.page), action: 'answer', displayName: 'Mei' })
    t.match([end.status, pageName(end.page)], [403, 'error'], 'a page of ours, and nothing goes to the application')
    t.equal((await usersOf(service, 'mei@partner.example')).length, 1)
    t.equal(pageName((await visitor.follow(at)).page), 'sign-up', 'who can go on from where they signed up')
  })

  await t.test('an application without a flow offers nothing of the kind', async (t) => {
    const plain = await relyingParty(service)
    const page = (await new Browser(service.baseUrl).follow((await start(plain.config)).url.href)).page
    t.notMatch(page, '/signup/')
  })
})

t.test('words of the administrator, in the languages of the flow', async (t) => {
  const strings = (Value: string) => ({
    LocalizedStrings: [{ ElementType: 'ClaimType', ElementId: 'city', StringId: 'DisplayName', Override: true, Value }],
    LocalizedCollections: [],
  })
  const own = await flow({ pages: [['de', strings('Heimatort')]] })
  const visitor = new Visitor(service, own)
  const english = await visitor.prove('lea@partner.example')
  t.match(english.html, /<html lang="en"[\s\S]*City \(optional\)/)
  const german = await visitor.open('?lang=de')
  t.match(german.html, /<html lang="de"[\s\S]*Heimatort \(optional\)[\s\S]*Mein Gastkonto erstellen/)

  await t.test('a custom attribute is explained by its description, unless they say otherwise', async (t) => {
    const number = await makeAttribute(service, 'Contract', 'string')
    await service.rows(`update custom_attributes set description = 'It stands on <page 1>.' where name = '${number}'`)
    const help = (Value: string) => ({
      LocalizedStrings: [
        { ElementType: 'ClaimType', ElementId: number, StringId: 'UserHelpText', Override: true, Value },
      ],
      LocalizedCollections: [],
    })
    const explained = await flow({
      questions: [{ id: number }],
      pages: [
        ['de', help('Auf Seite 1.')],
        ['fr', help('')],
      ],
    })
    const visitor = new Visitor(service, explained)
    const english = await visitor.prove('leo@partner.example')
    t.match(english.html, `id="${number}-hint">It stands on &lt;page 1>.</p>`)
    t.match(english.html, `aria-describedby="${number}-hint"`)
    t.match((await visitor.open('?lang=de')).html, `id="${number}-hint">Auf Seite 1.</p>`)
    t.notMatch((await visitor.open('?lang=fr')).html, '-hint">It stands')
  })
})
