import t from 'tap'
import { checkDatabase } from '../../src/cli/checks/database.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { makeSelfSigned } from '../../src/platform/self-signed.js'
import { holdAgainst } from '../support/contract.js'
import { startOidcHome } from '../support/oidc-home.js'
import { startSamlHome } from '../support/saml-home.js'
import { startService, TEST_SECRET, type TestService } from '../support/service.js'

const PROVIDERS = '/identity/identityProviders'
const FEDERATIONS = '/directory/federationConfigurations'
const SOCIAL = '#microsoft.graph.socialIdentityProvider'
const records = new Map<string, string[]>()
let service: TestService
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
})

t.test('social and built-in providers, as Graph shows them', async (t) => {
  const before = await service.api('GET', PROVIDERS)
  t.equal(before.body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#identity/identityProviders`)
  t.same(
    before.body.value.map((one: any) => [one['@odata.type'], one.id]),
    [
      ['#microsoft.graph.builtInIdentityProvider', 'AADSignup-OAUTH'],
      ['#microsoft.graph.builtInIdentityProvider', 'EmailOtpSignup-OAUTH'],
      ['#microsoft.graph.builtInIdentityProvider', 'EmailPassword-OAUTH'],
    ],
  )
  for (const value of before.body.value) holdAgainst(t, 'microsoft.graph.builtInIdentityProvider', value)

  for (const identityProviderType of ['Google', 'Facebook', 'Microsoft']) {
    const wish = { '@odata.type': SOCIAL, identityProviderType, clientId: 'abc', clientSecret: 'never shown' }
    const made = await service.api('POST', PROVIDERS, wish)
    t.equal(made.status, 201, identityProviderType)
    t.equal(made.headers.get('location'), `${service.baseUrl}/v1.0${PROVIDERS}/${identityProviderType}-OAUTH`)
    t.match(made.body, {
      id: `${identityProviderType}-OAUTH`,
      displayName: identityProviderType,
      clientSecret: '******',
    })
    const { wellKnownEndpoint: _, domains: __, ...shown } = made.body
    holdAgainst(t, 'microsoft.graph.socialIdentityProvider', shown)
    const again = await service.api('POST', PROVIDERS, wish)
    t.match(again.body.error, { innerError: { code: 'identityProviderExists' } })
  }
  t.equal((await service.api('PATCH', `${PROVIDERS}/Google-OAUTH`, { displayName: 'Gmail' })).status, 204)
  t.equal((await service.api('GET', `${PROVIDERS}/Google-OAUTH`)).body.displayName, 'Gmail')
  t.equal((await service.api('DELETE', `${PROVIDERS}/Google-OAUTH`)).status, 204)
  t.equal((await service.api('GET', `${PROVIDERS}/Google-OAUTH`)).status, 404)
})

t.test('secrets go in and never come out', async (t) => {
  const secret = 'a secret that nobody reads back'
  const wish = { '@odata.type': SOCIAL, identityProviderType: 'Google', clientId: 'abc', clientSecret: secret }
  t.equal((await service.api('POST', PROVIDERS, wish)).status, 201)
  for (const path of [PROVIDERS, `${PROVIDERS}/Google-OAUTH`]) t.notMatch((await service.api('GET', path)).text, secret)
  const rows = await service.rows(
    "select client_secret_sealed::text as sealed, additional_details::text as audit from identity_providers, audit_events where activity_display_name like '%IdentityProvider'",
  )
  t.ok(rows.length > 0)
  for (const row of rows) {
    t.notMatch(row['audit'], secret)
    t.notMatch(Buffer.from(String(row['sealed']).slice(2), 'hex').toString('latin1'), secret)
  }
})

t.test('what cannot be configured is refused with what to change', async (t) => {
  const oidc = {
    '@odata.type': '#microsoft.graph.oidcIdentityProvider',
    displayName: 'x',
    issuer: 'https://login.partner.example',
    clientId: 'x',
    clientSecret: 'y',
  }
  const cases: [string, Record<string, unknown>, string][] = [
    [PROVIDERS, { '@odata.type': '#microsoft.graph.appleManagedIdentityProvider' }, 'unknownType'],
    [
      PROVIDERS,
      { '@odata.type': SOCIAL, identityProviderType: 'Weibo', clientId: 'x', clientSecret: 'y' },
      'unknownIdentityProviderType',
    ],
    [PROVIDERS, { '@odata.type': SOCIAL, identityProviderType: 'Facebook', clientId: 'x' }, 'missingProperty'],
    [PROVIDERS, { ...oidc, issuer: 'login.partner.example' }, 'malformedIssuer'],
    [PROVIDERS, { ...oidc, issuer: undefined }, 'missingProperty'],
    [PROVIDERS, { ...oidc, responseType: 'id_token' }, 'responseType'],
    [
      PROVIDERS,
      { ...oidc, clientAuthentication: { '@odata.type': '#microsoft.graph.oidcPrivateJwtKeyClientAuthentication' } },
      'clientAuthentication',
    ],
    [PROVIDERS, { ...oidc, wellKnownEndpoint: 'http://login.partner.example/x' }, 'malformedUrl'],
    [PROVIDERS, { ...oidc, domains: ['not a domain'] }, 'malformedDomain'],
    [PROVIDERS, { ...oidc, identityProviderType: 'Google' }, 'propertyNotAllowed'],
    [FEDERATIONS, { preferredAuthenticationProtocol: 'wsFed' }, 'protocolNotSupported'],
    [
      FEDERATIONS,
      { issuerUri: 'mail', passiveSignInUri: 'https://a.example/', signingCertificate: 'x' },
      'malformedIssuer',
    ],
    [
      FEDERATIONS,
      { issuerUri: 'urn:a', passiveSignInUri: 'https://a.example/', signingCertificate: 'x' },
      'malformedCertificate',
    ],
    [FEDERATIONS, { issuerUri: 'urn:a', passiveSignInUri: 'https://a.example/' }, 'missingProperty'],
    [FEDERATIONS, { issuerUri: 'urn:a', signingCertificate: 'x' }, 'missingProperty'],
  ]
  for (const [path, wish, code] of cases) {
    const { status, body } = await service.api('POST', path, wish)
    t.equal(status, code === 'protocolNotSupported' ? 501 : 400, code)
    t.equal(body.error.innerError.code, code)
  }
  t.equal((await service.api('POST', PROVIDERS, { ...oidc, colour: 'red' })).status, 400, 'a property that is none')
})

t.test('a federation with its domains, from its metadata', async (t) => {
  const home = await startSamlHome(t, `${service.baseUrl}/signin/saml/${service.tenantId}/metadata`)
  const wish = { displayName: 'Partner', metadataExchangeUri: home.metadataUrl, domains: [{ id: 'Partner.example' }] }
  const unproved = await service.api('POST', FEDERATIONS, wish)
  t.equal(unproved.status, 400)
  t.match(unproved.body.error.message, `DirectFedAuthUrl=${home.origin}/sso`)
  records.set('partner.example', [`DirectFedAuthUrl=${home.origin}/sso`])
  records.set('second.example', [`DirectFedAuthUrl=${home.origin}/sso`])
  const { status, body } = await service.api('POST', FEDERATIONS, wish)
  t.equal(status, 201)
  t.match(body, {
    issuerUri: home.issuer,
    passiveSignInUri: `${home.origin}/sso`,
    signingCertificate: home.certificate,
    preferredAuthenticationProtocol: 'saml',
    domains: [{ id: 'partner.example' }],
  })
  holdAgainst(t, 'microsoft.graph.samlOrWsFedExternalDomainFederation', body)

  const item = `${FEDERATIONS}/${body.id}`
  const cast = 'microsoft.graph.samlOrWsFedExternalDomainFederation'
  t.equal((await service.api('GET', `${FEDERATIONS}/${cast}/${body.id}`)).body.id, body.id)
  t.equal((await service.api('GET', `${FEDERATIONS}/${cast}`)).body.value.length, 1)
  const added = await service.api('POST', `${item}/${cast}/domains`, { id: 'second.example' })
  t.equal(added.status, 201)
  t.equal((await service.api('DELETE', item)).body.error.innerError.code, 'domainsPresent')
  t.equal((await service.api('GET', `${item}/${cast}/domains`)).body.value.length, 2)
  t.equal((await service.api('DELETE', `${item}/${cast}/domains/second.example`)).status, 204)
  t.equal((await service.api('PATCH', item, { passiveSignInUri: 'https://elsewhere.example/sso' })).status, 400)
  t.equal((await service.api('PATCH', item, { displayName: 'Renamed' })).status, 204)

  await t.test('the test of the connection says what is right and what is not', async (t) => {
    const test = async () => {
      const answer = await service.api('POST', `${item}/testConnection`)
      t.equal(answer.status, 200, answer.text)
      return answer.body
    }
    const fine = await test()
    t.equal(fine.isWorking, true)
    t.same(
      fine.checks.map(({ name }: any) => name),
      ['signIn', 'metadata', 'issuer', 'metadataCertificate', 'certificate'],
    )
    await home.rotateKeys()
    t.match((await test()).checks[3], { name: 'metadataCertificate', outcome: 'failed' })
    const past = new Date(Date.now() - 800 * 86_400_000)
    const { certificate } = await makeSelfSigned({ commonName: 'old', now: past, days: 365 })
    t.equal((await service.api('PATCH', item, { signingCertificate: certificate })).status, 204)
    t.match((await test()).checks[4], { name: 'certificate', outcome: 'failed', message: /valid from .* to / })
    home.down = true
    t.match((await test()).checks[0], { name: 'signIn', outcome: 'failed', message: /503/ })
  })
  t.equal((await service.api('DELETE', item)).status, 204)
})

t.test('the test of an OpenID provider tries client and keys', async (t) => {
  const home = await startOidcHome(t, { redirectTo: service.baseUrl })
  const wish = {
    '@odata.type': '#microsoft.graph.oidcIdentityProvider',
    displayName: 'Partner',
    issuer: home.issuer,
    clientId: 'vestibule',
  }
  const made = await service.api('POST', PROVIDERS, { ...wish, clientSecret: 'a secret between the two' })
  const path = `${PROVIDERS}/${made.body.id}`
  const test = async () => (await service.api('POST', `${path}/testConnection`)).body
  const fine = await test()
  t.match(fine, { isWorking: true, redirectUri: `${service.baseUrl}/signin/oidc/${service.tenantId}/${made.body.id}` })
  t.same(
    fine.checks.map(({ name }: any) => name),
    ['metadata', 'keys', 'client'],
  )
  await service.api('PATCH', path, { clientSecret: 'mistyped' })
  t.match((await test()).checks[2], { name: 'client', outcome: 'failed' })
  await service.api('PATCH', path, { issuer: `${home.issuer}/`, wellKnownEndpoint: home.wellKnownEndpoint })
  t.match((await test()).checks[0], { name: 'metadata', outcome: 'failed', message: /not of/ })
  home.before = (_request, response) => response.writeHead(500).end() && true
  t.match((await test()).checks[0], { name: 'metadata', outcome: 'failed' })
  t.equal((await service.api('DELETE', path)).status, 204)
})

t.test('one fallback always remains', async (t) => {
  const path = '/policies/crossTenantAccessPolicy/default'
  const order = (wish: Record<string, unknown>) =>
    service.api('PATCH', path, { invitationRedemptionIdentityProviderConfiguration: wish })
  t.match((await service.api('GET', path)).body.invitationRedemptionIdentityProviderConfiguration, {
    primaryIdentityProviderPrecedenceOrder: ['azureActiveDirectory', 'externalFederation', 'socialIdentityProviders'],
    fallbackIdentityProvider: 'defaultConfiguredIdp',
  })
  t.equal((await order({ fallbackIdentityProvider: 'emailOneTimePasscode' })).status, 204)
  t.equal((await service.api('DELETE', `${PROVIDERS}/EmailOtpSignup-OAUTH`)).body.error.innerError.code, 'isFallback')
  t.equal((await order({ fallbackIdentityProvider: 'microsoftAccount' })).status, 204)
  t.equal((await service.api('DELETE', `${PROVIDERS}/Microsoft-OAUTH`)).body.error.innerError.code, 'isFallback')
  t.equal((await order({ fallbackIdentityProvider: 'defaultConfiguredIdp' })).status, 204)
  t.equal((await service.api('DELETE', `${PROVIDERS}/Microsoft-OAUTH`)).status, 204)
  t.equal(
    (await order({ fallbackIdentityProvider: 'microsoftAccount' })).body.error.innerError.code,
    'fallbackUnavailable',
  )
  t.equal(
    (await order({ primaryIdentityProviderPrecedenceOrder: ['externalFederation', 'externalFederation'] })).status,
    400,
  )
  t.equal((await order({ primaryIdentityProviderPrecedenceOrder: ['facebook'] })).status, 400)
  t.equal(
    (await service.api('PATCH', path, { inboundTrust: {} })).status,
    400,
    'nothing else of the policy is here yet',
  )
})

t.test("another organization's federations are not found", async (t) => {
  records.set('partner.example', ['DirectFedAuthUrl=https://login.elsewhere.example/sso'])
  const home = await startSamlHome(t, service.baseUrl)
  const wish = {
    issuerUri: 'urn:partner',
    passiveSignInUri: 'https://login.elsewhere.example/sso',
    signingCertificate: home.certificate,
    domains: [{ id: 'partner.example' }],
  }
  const { body } = await service.api('POST', FEDERATIONS, wish)
  const { token } = await service.otherTenant('lucerne.example')
  t.same((await service.api('GET', FEDERATIONS, undefined, { token })).body.value, [])
  const item = `${FEDERATIONS}/${body.id}`
  for (const [method, path, wish] of [
    ['GET', item],
    ['PATCH', item, { displayName: 'Mine' }],
    ['DELETE', item],
    ['POST', `${item}/testConnection`],
    ['POST', `${item}/microsoft.graph.samlOrWsFedExternalDomainFederation/domains`, { id: 'partner.example' }],
  ] as const) {
    t.equal((await service.api(method, path, wish, { token })).status, 404, `${method} ${path}`)
  }
  t.equal((await service.api('POST', FEDERATIONS, wish, { token })).status, 201, 'and it may have its own')
})

t.test('codes by e-mail are one switch, as an authentication method and as an identity provider', async (t) => {
  const path = '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/email'
  const isListed = async () => (await service.api('GET', `${PROVIDERS}/EmailOtpSignup-OAUTH`)).status === 200
  const change = (allowExternalIdToUseEmailOtp: string, options = {}) =>
    service.api('PATCH', path, { allowExternalIdToUseEmailOtp }, options)
  const before = await service.api('GET', path)
  holdAgainst(t, 'microsoft.graph.emailAuthenticationMethodConfiguration', before.body)
  t.match(before.body, { id: 'Email', state: 'enabled', allowExternalIdToUseEmailOtp: 'enabled' })
  t.equal((await change('disabled')).status, 204)
  t.equal((await change('disabled')).status, 204, 'what is so already is no mistake')
  t.equal((await service.api('GET', path)).body.allowExternalIdToUseEmailOtp, 'disabled')
  t.notOk(await isListed())
  t.equal((await change('default')).status, 204, 'the default is on')
  t.ok(await isListed())
  t.equal((await change('sometimes')).status, 400)

  const token = await service.appToken(['Policy.Read.All'])
  t.equal((await change('disabled', { token })).status, 403)
  const other = await service.otherTenant('elsewhere.example')
  t.equal((await change('disabled', { token: other.token })).status, 204)
  t.ok(await isListed(), 'of another organization it is another switch')
})

t.test('whom a provider that goes has signed in is told by the issuers it speaks for', async (t) => {
  const { tenantId: elsewhere } = await service.otherTenant('wingtip.example')
  const social = (identityProviderType: string, more: object = {}) => ({
    '@odata.type': SOCIAL,
    identityProviderType,
    clientId: 'abc',
    clientSecret: 'x',
    ...more,
  })
  const sovereign = 'https://login.sovereign.example/'
  const issuer = `${sovereign}6babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0`
  const partner = {
    '@odata.type': '#microsoft.graph.oidcIdentityProvider',
    displayName: 'Partner',
    issuer,
    clientId: 'x',
    clientSecret: 'y',
  }
  const at = { wellKnownEndpoint: `${sovereign}{tenant}/v2.0/.well-known/openid-configuration` }
  const own = 'https://accounts.sovereign.example'
  // Issuer and subject, whether by a home, and the provider whose end is theirs.
  const people: [issuer: string, subject: string, method: string, provider: string | undefined][] = [
    ['MicrosoftAccount', 'm-1', 'federated', 'Microsoft-OAUTH'],
    ['ExternalAzureAD', '6babcaad-604b-40ac-a9d7-9fd97c0b779f/m-2', 'federated', 'Microsoft-OAUTH'],
    [`${sovereign}11111111-1111-4111-8111-111111111111/v2.0`, 'm-3', 'federated', 'Microsoft-OAUTH'],
    [issuer, 'o-1', 'federated', 'oidc'],
    ['ExternalAzureAD', `${elsewhere}/${service.adminId}`, 'organization', undefined],
    ['google.com', 'g-1', 'federated', 'Google-OAUTH'],
    [own, 'f-1', 'federated', 'Facebook-OAUTH'],
    ['facebook.com', 'f-2', 'federated', undefined],
    ['mail', 'ana@partner.example', 'emailOneTimePasscode', undefined],
  ]
  for (const name of ['Google', 'Facebook', 'Microsoft']) await service.api('DELETE', `${PROVIDERS}/${name}-OAUTH`)
  for (const wish of [social('Google'), social('Facebook', { issuer: own }), social('Microsoft', at), partner]) {
    const { status, text } = await service.api('POST', PROVIDERS, wish)
    t.equal(status, 201, text)
  }
  const [oidc] = (await service.api('GET', PROVIDERS)).body.value.filter((one: any) => one.issuer === issuer)
  for (const [n, [issuer, subject, method]] of people.entries()) {
    const { invitedUser } = await service.invite(`p${n}@people.example`)
    await service.rows(`insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type)
      values ('${service.tenantId}', '${issuer}', '${subject}', '${invitedUser.id}', 'federated')`)
    const identity = method === 'emailOneTimePasscode' ? 'null, null' : `'${issuer}', '${subject}'`
    await service.rows(`insert into sessions (tenant_id, handle_hash, user_id, address, address_folded,
        authentication_method, identity_issuer, identity_subject, created_date_time, expires_date_time)
      values ('${service.tenantId}', sha256('${n}'), '${invitedUser.id}', '', '', '${method}', ${identity}, now(),
        now() + interval '1 hour')`)
  }
  const left = async () =>
    (
      await service.rows(`select n.issuer_assigned_id as subject from sessions s join user_identities n using (user_id)
        join users u on u.id = s.user_id where u.sign_in_sessions_valid_from_date_time is null order by s.handle_hash`)
    ).map(({ subject }) => subject)
  const ended = new Map(people.map(([, subject, , provider]) => [subject, provider]))
  t.equal((await left()).length, people.length)
  for (const provider of ['Microsoft-OAUTH', 'oidc', 'Facebook-OAUTH', 'Google-OAUTH']) {
    const before = await left()
    const { status } = await service.api('DELETE', `${PROVIDERS}/${provider === 'oidc' ? oidc.id : provider}`)
    t.equal(status, 204)
    const wanted = before.filter((subject) => ended.get(subject) !== provider)
    t.not(wanted.length, before.length)
    t.same(await left(), wanted, provider)
  }
})

t.test('nor does it reach into another organization that trusts the same issuer', async (t) => {
  const { tenantId, token } = await service.otherTenant('tailspin.example')
  const wish = { '@odata.type': SOCIAL, identityProviderType: 'Google', clientId: 'abc', clientSecret: 'x' }
  for (const options of [{}, { token }]) t.equal((await service.api('POST', PROVIDERS, wish, options)).status, 201)
  await service.rows(
    `insert into sessions (tenant_id, handle_hash, user_id, address, address_folded, authentication_method,
      identity_issuer, identity_subject, created_date_time, expires_date_time)
    values ('${tenantId}', sha256('theirs'), '${service.adminId}', '', '', 'federated', 'google.com', 'g-1', now(),
      now() + interval '1 hour')`,
    tenantId,
  )
  t.equal((await service.api('DELETE', `${PROVIDERS}/Google-OAUTH`)).status, 204)
  t.equal((await service.rows('select 1 from sessions', tenantId)).length, 1)
})

t.test('a secret that no configured one opens is counted, and the answer says what to do', async (t) => {
  const home = await startOidcHome(t, { redirectTo: `${service.baseUrl}/signin/oidc/` })
  const { body } = await service.api('POST', PROVIDERS, {
    '@odata.type': SOCIAL,
    identityProviderType: 'Facebook',
    issuer: home.issuer,
    wellKnownEndpoint: home.wellKnownEndpoint,
    clientId: 'vestibule',
    clientSecret: 'a secret between the two',
  })
  const path = `${PROVIDERS}/${body.id}`
  const failures = async () =>
    (await service.api('POST', `${path}/testConnection`)).body.checks.filter((one: any) => one.outcome === 'failed')
  const sealed = async () =>
    (await checkDatabase(service.services.config, service.connection, TEST_SECRET)).filter(
      ({ check }) => check === 'sealed secrets',
    )
  const counted = async () =>
    /vestibule_unopened_secrets_total\{kind="identity-provider"\} (\d+)/.exec(
      await service.services.metrics.registry.metrics(),
    )?.[1]
  t.same(await failures(), [])
  t.match(await sealed(), [{ outcome: 'ok' }])
  t.equal(await counted(), undefined)

  const lost = deriveKeys('a secret that nobody has kept, whatever it was').seal('identity-provider', Buffer.from('x'))
  await service.rows(`update identity_providers set client_secret_sealed = '\\x${lost.toString('hex')}'
    where id = '${body.id}'`)
  await service.api('PATCH', path, { displayName: 'Read again' })
  t.match(await failures(), [{ message: /No configured VESTIBULE_SECRET opens.*Give the client secret again/ }])
  t.ok(Number(await counted()) > 0)
  t.match(await sealed(), [
    { outcome: 'warn', message: /opens 1 client secrets of identity providers$/, mend: /PATCH clientSecret/ },
  ])
  t.equal((await service.api('PATCH', path, { clientSecret: 'a secret between the two' })).status, 204)
  t.same(await failures(), [])
  t.match(await sealed(), [{ outcome: 'ok' }])
})
