import t from 'tap'
import { makeAuthority } from '../support/authority.js'
import { startConnector } from '../support/connector.js'
import { type Exchange, type GoldenError, lacksRole, noResource, play } from './exchange.js'
import { API_CONNECTOR } from './property-sets.js'
import { openWorld, type World } from './world.js'

const authority = makeAuthority(t)
const issued = {
  one: authority.issue('one'),
  two: authority.issue('two', { password: '' }),
  old: authority.issue('old', { export: ['-legacy', '-keypbe', 'PBE-SHA1-RC2-40', '-certpbe', 'PBE-SHA1-RC2-40'] }),
  slow: authority.issue('slow', { export: ['-iter', '3000000'] }),
}
const upload = (name: keyof typeof issued) => ({ pkcs12Value: issued[name].pkcs12, password: issued[name].password })
const pkcs12 = (name: keyof typeof issued) => ({ '@odata.type': '#microsoft.graph.pkcs12Certificate', ...upload(name) })
const shownOf = (name: keyof typeof issued, isActive: boolean) => ({ thumbprint: issued[name].thumbprint, isActive })

const SECRETS = ['MyPassword', 'AnotherPassword', 'a-bearer-secret', 'MyClientSecret', 'open sesame']
const BASIC = { '@odata.type': '#microsoft.graph.basicAuthentication', username: 'MyUsername', password: 'MyPassword' }
const wish = (more: Record<string, unknown> = {}) => ({
  displayName: 'Test API',
  targetUrl: 'https://someapi.example/api?code=key',
  authenticationConfiguration: BASIC,
  ...more,
})
const CONNECTOR = ['@odata.context', ...API_CONNECTOR]
const CLOSED = {
  state: 'closed',
  openUntilDateTime: null,
  failuresInARow: 0,
  lastFailureDateTime: null,
  lastFailureReason: null,
}

let world: World
t.before(async () => {
  world = await openWorld(t, { workers: false })
  const { service, facts, tokens } = world
  tokens.set('connectors', await service.appToken(['APIConnectors.ReadWrite.All']))
  tokens.set('reader', await service.appToken(['APIConnectors.Read.All']))
  const scopes = ['APIConnectors.Read.All', 'APIConnectors.ReadWrite.All']
  for (const who of ['administrator', 'userAdministrator', 'guest']) {
    tokens.set(`${who}Connectors`, await service.userToken(facts[who] ?? '', scopes))
  }
  const other = await service.otherTenant('fabrikam.example')
  tokens.set('elsewhere', other.token)
  const made = await service.api('POST', '/identity/apiConnectors', wish(), { token: other.token })
  facts['strangers'] = made.body.id
})

const bad = (inner: string, message: string | RegExp, target?: string): GoldenError<string | RegExp> => ({
  code: 'Request_BadRequest',
  message,
  inner,
  ...(target !== undefined && { target }),
})
const notThere = (name: string) => noResource(name, 'apiConnectorNotFound')
const roleMissing = lacksRole('Global Administrator or External ID User Flow Administrator')
const remember =
  (name: string): NonNullable<Exchange['check']> =>
  (_t, { body }, { facts }) => {
    facts[name] = body.id
  }
const AUTHENTICATION = 'authenticationConfiguration'
const refused = (title: string, body: unknown, error: Exchange['error']): Exchange => ({
  title,
  ask: 'POST /identity/apiConnectors',
  as: 'connectors',
  body,
  status: 400,
  ...(error && { error }),
})

t.test('API connectors', async (t) => {
  play(t, () => world, [
    {
      title: 'one is created with basic authentication, and its password is not shown',
      ask: 'POST /identity/apiConnectors',
      as: 'connectors',
      body: wish(),
      status: 201,
      names: CONNECTOR,
      context: '$metadata#identity/apiConnectors/$entity',
      is: {
        displayName: 'Test API',
        targetUrl: 'https://someapi.example/api?code=key',
        authenticationConfiguration: { ...BASIC, password: '******' },
        isFailOpen: false,
        circuit: CLOSED,
      },
      check: remember('basic'),
    },
    {
      title: 'one is created with a client certificate, of which its public part is shown',
      ask: 'POST /identity/apiConnectors',
      as: 'administratorConnectors',
      body: wish({ authenticationConfiguration: pkcs12('one'), isFailOpen: true }),
      status: 201,
      names: CONNECTOR,
      is: { isFailOpen: true },
      check(t, { body }, { facts }) {
        facts['mutual'] = body.id
        t.equal(body.authenticationConfiguration['@odata.type'], '#microsoft.graph.clientCertificateAuthentication')
        const [shown, ...more] = body.authenticationConfiguration.certificateList
        t.strictSame(more, [])
        t.strictSame(Object.keys(shown), ['thumbprint', 'notAfter', 'notBefore', 'isActive'])
        t.match(shown, shownOf('one', true))
        t.equal(shown.notAfter - shown.notBefore, 10 * 86_400, 'seconds since 1970')
        t.ok(Math.abs(shown.notBefore - Date.now() / 1_000) < 600)
      },
    },
    {
      title: 'another certificate is uploaded, and is the active one',
      ask: 'POST /identity/apiConnectors/{mutual}/uploadClientCertificate',
      as: 'connectors',
      body: upload('two'),
      status: 200,
      names: CONNECTOR,
      context: '$metadata#identity/apiConnectors/$entity',
      check: (t, { body }) =>
        void t.match(body.authenticationConfiguration.certificateList, [shownOf('one', false), shownOf('two', true)]),
    },
    {
      title: 'the same certificate is not uploaded again',
      ask: 'POST /identity/apiConnectors/{mutual}/uploadClientCertificate',
      as: 'connectors',
      body: upload('two'),
      status: 400,
      error: bad('certificateExists', 'The API connector has this certificate already.', 'pkcs12Value'),
    },
    {
      title: 'nor to a connector that has a password',
      ask: 'POST /identity/apiConnectors/{basic}/uploadClientCertificate',
      as: 'connectors',
      body: upload('two'),
      status: 400,
      error: bad('notACertificateConnector', /does not authenticate with certificates/),
    },
    {
      title: 'a password that does not open the file',
      ask: 'POST /identity/apiConnectors/{mutual}/uploadClientCertificate',
      as: 'connectors',
      body: { ...upload('one'), password: 'wrong' },
      status: 400,
      error: bad('malformedCertificate', /The password does not open it/, 'pkcs12Value'),
    },
    refused(
      'a file that is none',
      wish({ authenticationConfiguration: { ...pkcs12('one'), pkcs12Value: 'bm90aGluZw==' } }),
      bad('malformedCertificate', /no PKCS #12 file/, 'pkcs12Value'),
    ),
    refused(
      'a file encrypted in a way of the nineties',
      wish({ authenticationConfiguration: pkcs12('old') }),
      bad('malformedCertificate', /Export it again with AES-256/, 'pkcs12Value'),
    ),
    refused(
      'a file that would keep the service busy',
      wish({ authenticationConfiguration: pkcs12('slow') }),
      bad('malformedCertificate', /takes too long to open/, 'pkcs12Value'),
    ),
    refused(
      'a key in the address alone is no authentication',
      wish({ authenticationConfiguration: undefined }),
      bad('missingProperty', /a key in the address alone/, AUTHENTICATION),
    ),
    refused(
      'a password must be given',
      wish({ authenticationConfiguration: { ...BASIC, password: '******' } }),
      bad('missingProperty', 'Property password is required.', `${AUTHENTICATION}/password`),
    ),
    refused(
      'what another type has is refused',
      wish({ authenticationConfiguration: { ...BASIC, token: 'a-bearer-secret' } }),
      bad('propertyNotAllowed', /Property token means nothing/, `${AUTHENTICATION}/token`),
    ),
    refused(
      'an unknown type names the known ones',
      wish({ authenticationConfiguration: { '@odata.type': '#microsoft.graph.digest' } }),
      bad(
        'unknownType',
        /'#microsoft.graph.digest' is none of #microsoft.graph.pkcs12Certificate, /,
        `${AUTHENTICATION}/@odata.type`,
      ),
    ),
    refused(
      'a user name with a colon would read as another',
      wish({ authenticationConfiguration: { ...BASIC, username: 'a:b' } }),
      bad('malformedUsername', /no colon/, `${AUTHENTICATION}/username`),
    ),
    refused(
      'a secret of signatures has a form',
      wish({
        authenticationConfiguration: {
          '@odata.type': '#vestibule.webhookSignatureAuthentication',
          secret: 'whsec_c2hvcnQ=',
        },
      }),
      bad('malformedSecret', /whsec_/, `${AUTHENTICATION}/secret`),
    ),
    refused(
      'an address without TLS',
      wish({ targetUrl: 'http://someapi.example/api' }),
      bad('malformedUrl', 'Property targetUrl is invalid. The URL must use https.', 'targetUrl'),
    ),
    refused(
      'an address inside',
      wish({ targetUrl: 'https://169.254.169.254/latest' }),
      bad('malformedUrl', 'Property targetUrl is invalid. The host is not on the public internet.', 'targetUrl'),
    ),
    {
      title: 'a name and a password change, and the type may lack its number sign',
      ask: 'PATCH /identity/apiConnectors/{basic}',
      as: 'connectors',
      body: {
        displayName: 'New Test API',
        targetUrl: 'https://otherapi.example/api/endpoint',
        authenticationConfiguration: {
          '@odata.type': 'microsoft.graph.basicAuthentication',
          username: 'AnotherUsername',
          password: 'AnotherPassword',
        },
      },
      status: 204,
    },
    {
      title: 'what changed is read',
      ask: 'GET /identity/apiConnectors/{basic}',
      as: 'reader',
      status: 200,
      names: CONNECTOR,
      context: '$metadata#identity/apiConnectors/$entity',
      is: {
        displayName: 'New Test API',
        targetUrl: 'https://otherapi.example/api/endpoint',
        authenticationConfiguration: { ...BASIC, username: 'AnotherUsername', password: '******' },
      },
    },
    {
      title: 'what was read can be written back, and the password stays',
      ask: 'PATCH /identity/apiConnectors/{basic}',
      as: 'connectors',
      body: { authenticationConfiguration: { ...BASIC, username: 'AnotherUsername', password: '******' } },
      status: 204,
    },
    {
      title: 'a known password does not go to another host',
      ask: 'PATCH /identity/apiConnectors/{basic}',
      as: 'connectors',
      body: { targetUrl: 'https://mine.example/api' },
      status: 400,
      error: bad('secretNeededAgain', /Property targetUrl is of another origin/, AUTHENTICATION),
    },
    {
      title: 'nor by being given as it is shown',
      ask: 'PATCH /identity/apiConnectors/{basic}',
      as: 'connectors',
      body: { targetUrl: 'https://mine.example/api', authenticationConfiguration: { ...BASIC, password: '******' } },
      status: 400,
      error: bad('secretNeededAgain', /Property targetUrl is of another origin/, AUTHENTICATION),
    },
    {
      title: 'authentication is not taken away',
      ask: 'PATCH /identity/apiConnectors/{basic}',
      as: 'connectors',
      body: { authenticationConfiguration: null },
      status: 400,
      error: bad('missingProperty', /a key in the address alone/, AUTHENTICATION),
    },
    {
      title: 'a connector changes to client certificates',
      ask: 'PATCH /identity/apiConnectors/{mutual}',
      as: 'connectors',
      body: { authenticationConfiguration: pkcs12('two') },
      status: 204,
    },
    {
      title: 'which replace those before',
      ask: 'GET /identity/apiConnectors/{mutual}?$select=authenticationConfiguration',
      as: 'reader',
      status: 200,
      context: '$metadata#identity/apiConnectors(authenticationConfiguration)/$entity',
      check(t, { body }) {
        t.equal(body.authenticationConfiguration.certificateList.length, 1)
        t.match(body.authenticationConfiguration.certificateList, [shownOf('two', true)])
      },
    },
    {
      title: 'all of them are listed',
      ask: 'GET /identity/apiConnectors',
      as: 'reader',
      status: 200,
      context: '$metadata#identity/apiConnectors',
      check: (t, { body }, { facts }) =>
        void t.strictSame(
          body.value.map(({ id }: { id: string }) => id).sort(),
          [facts['basic'], facts['mutual']].sort(),
        ),
    },
    {
      title: 'found by name',
      ask: "GET /identity/apiConnectors?$filter=displayName eq 'New Test API'&$select=id",
      as: 'reader',
      status: 200,
      context: '$metadata#identity/apiConnectors(id)',
      check: (t, { body }, { facts }) => void t.strictSame(body.value, [{ id: facts['basic'] }]),
    },
    {
      title: 'of another organization it is not there',
      ask: 'GET /identity/apiConnectors/{strangers}',
      as: 'connectors',
      status: 404,
      error: notThere('{strangers}'),
    },
    {
      title: 'neither to change',
      ask: 'PATCH /identity/apiConnectors/{strangers}',
      as: 'connectors',
      body: { displayName: 'Mine' },
      status: 404,
      error: notThere('{strangers}'),
    },
    {
      title: 'nor to delete',
      ask: 'DELETE /identity/apiConnectors/{strangers}',
      as: 'connectors',
      status: 404,
      error: notThere('{strangers}'),
    },
    {
      title: 'nor to give a certificate',
      ask: 'POST /identity/apiConnectors/{strangers}/uploadClientCertificate',
      as: 'connectors',
      body: upload('one'),
      status: 404,
      error: notThere('{strangers}'),
    },
    {
      title: 'nor to be asked',
      ask: 'POST /identity/apiConnectors/{strangers}/test',
      as: 'connectors',
      body: { claims: { email: 'ana@partner.example' } },
      status: 404,
      error: notThere('{strangers}'),
    },
    {
      title: 'nor what was asked of it',
      ask: 'GET /identity/apiConnectors/{strangers}/exchanges',
      as: 'connectors',
      status: 404,
      error: notThere('{strangers}'),
    },
    {
      title: 'what is no id is not there either',
      ask: 'GET /identity/apiConnectors/nobody',
      as: 'connectors',
      status: 404,
      error: notThere('nobody'),
    },
    ...(['userAdministrator', 'guest'] as const).flatMap((who): Exchange[] => [
      {
        title: `a ${who} does not see them`,
        ask: 'GET /identity/apiConnectors',
        as: `${who}Connectors`,
        status: 403,
        error: roleMissing,
      },
      {
        title: `nor makes one as ${who}`,
        ask: 'POST /identity/apiConnectors',
        as: `${who}Connectors`,
        body: wish(),
        status: 403,
        error: roleMissing,
      },
    ]),
    {
      title: 'who may read may not change',
      ask: 'PATCH /identity/apiConnectors/{basic}',
      as: 'reader',
      body: { displayName: 'Mine' },
      status: 403,
      check: (t, { body }) => void t.equal(body.error.code, 'Authorization_RequestDenied'),
    },
    {
      title: 'one that a flow asks is not deleted',
      async given({ service, facts, tokens }) {
        const id = service.services.newId()
        await service.rows(`insert into user_flows
          (tenant_id, id, name, name_folded, default_language, post_attribute_collection, created_date_time)
          values ('${service.tenantId}', '${id}', 'B2X_1_Partner', 'b2x_1_partner', 'en', '${facts['basic']}', now())`)
        tokens.set('flow', id)
      },
      ask: 'DELETE /identity/apiConnectors/{basic}',
      as: 'connectors',
      status: 400,
      error: bad('apiConnectorInUse', 'The API connector is used by B2X_1_Partner. Take it out there first.'),
    },
    {
      title: 'it is deleted when no flow asks it',
      given: ({ service, tokens }) => service.rows(`delete from user_flows where id = '${tokens.get('flow')}'`),
      ask: 'DELETE /identity/apiConnectors/{basic}',
      as: 'connectors',
      status: 204,
    },
    {
      title: 'and is gone',
      ask: 'GET /identity/apiConnectors/{basic}',
      as: 'connectors',
      status: 404,
      error: notThere('{basic}'),
    },
  ])
})

t.test('a test shows what was sent, what came and how it is read; what is kept of it has no values', async (t) => {
  const { service, tokens } = world
  const connector = await startConnector(t)
  const token = tokens.get('connectors') ?? null
  const made = await service.api('POST', '/identity/apiConnectors', wish({ targetUrl: `${connector.url}?code=key` }), {
    token,
  })
  const path = `/identity/apiConnectors/${made.body.id}`
  connector.answer({ body: { version: '1.0.0', action: 'Continue', city: 'Bern', $strange: 1 } })
  const claims = { email: 'ana@partner.example', displayName: '' }
  const { status, body, text } = await service.api('POST', `${path}/test`, { claims, uiLocales: 'de-CH' }, { token })
  t.equal(status, 200, text)
  const sent = { email: 'ana@partner.example', step: 'PostAttributeCollection', ui_locales: 'de-CH' }
  t.match(body, {
    tries: [{ status: 200, trouble: null }],
    request: { method: 'POST', url: `${connector.url}?code=***`, body: JSON.stringify(sent) },
    response: { status: 200, contentType: 'application/json' },
    reading: { action: 'Continue', claims: { city: 'Bern' }, ignored: ['$strange'], visitorPasses: true },
  })
  t.ok(body.durationInMilliseconds < 5_000)
  t.match(
    body.request.headers.find(({ name }: { name: string }) => name === 'authorization'),
    { value: '***' },
  )
  t.match(connector.asked[0]?.headers.authorization, /^Basic /, 'though it was sent')

  const { value } = (await service.api('GET', `${path}/exchanges`, undefined, { token })).body
  t.equal(value.length, 1)
  t.match(value[0], {
    isTest: true,
    step: 'PostAttributeCollection',
    action: 'Continue',
    reason: null,
    request: { email: '<text of 19>', step: 'PostAttributeCollection', ui_locales: 'de-CH' },
    response: { status: 200, body: { version: '1.0.0', action: 'Continue', city: '<text of 4>' } },
  })

  connector.answer({ status: 401 })
  const failed = (await service.api('POST', `${path}/test`, { claims, step: 'PostFederationSignup' }, { token })).body
  t.match(failed.reading, { action: 'Failed', reason: /credentials/, claims: null, visitorPasses: false })
  const reader = { token: tokens.get('reader') ?? null }
  t.equal((await service.api('POST', `${path}/test`, { claims }, reader)).status, 403)
  t.equal((await service.api('GET', `${path}/exchanges`, undefined, reader)).status, 200)
  t.equal((await service.api('POST', `${path}/test`, { claims: { a: { b: 1 } } }, { token })).status, 400)

  await service.rows(`insert into api_connector_exchanges (tenant_id, connector_id, id, exchange)
    select tenant_id, connector_id, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, exchange
    from api_connector_exchanges, generate_series(1, 150) n where connector_id = '${made.body.id}' and exchange->>'reason' is null`)
  await service.api('POST', `${path}/test`, { claims }, { token })
  const kept = await service.rows(`select id from api_connector_exchanges where connector_id = '${made.body.id}'`)
  t.equal(kept.length, 100, 'the last 100 are kept')
  const last = (await service.api('GET', `${path}/exchanges`, undefined, { token })).body.value
  t.equal(last.length, 100)
  t.equal(last[0].response.status, 401, 'the newest first')
})

t.test('secrets are nowhere to be read: not in answers, the audit log, or the database', async (t) => {
  const { service, tokens } = world
  const token = tokens.get('connectors') ?? null
  const kinds = [
    BASIC,
    pkcs12('one'),
    { '@odata.type': '#vestibule.bearerAuthentication', token: 'a-bearer-secret' },
    {
      '@odata.type': '#vestibule.clientCredentialsAuthentication',
      tokenEndpoint: 'https://login.example/token',
      clientId: 'vestibule',
      clientSecret: 'MyClientSecret',
    },
  ]
  const texts: string[] = []
  for (const authenticationConfiguration of kinds) {
    const answer = await service.api('POST', '/identity/apiConnectors', wish({ authenticationConfiguration }), {
      token,
    })
    t.equal(answer.status, 201, answer.text)
    texts.push(answer.text)
  }
  texts.push((await service.api('GET', '/identity/apiConnectors', undefined, { token })).text)
  for (const table of [
    'api_connectors',
    'api_connector_certificates',
    'api_connector_exchanges',
    'audit_events',
    'idempotency_keys',
  ]) {
    const rows = await service.rows(`select r::text as row from ${table} r`)
    t.ok(rows.length > 0 || table === 'idempotency_keys', table)
    texts.push(...rows.map(({ row }) => row))
  }
  const all = texts.join('\n')
  const forms = (secret: string) => [
    secret,
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ]
  for (const secret of [...SECRETS, issued.one.pkcs12.slice(200, 300)]) {
    for (const form of forms(secret)) t.notOk(all.includes(form), secret.slice(0, 20))
  }
  t.match(all, /Create API connector/, 'and the audit log says who made them')
})

t.test('a secret that was put beside another connector opens nothing', async (t) => {
  const { service, tokens } = world
  const connector = await startConnector(t)
  const token = tokens.get('connectors') ?? null
  const make = async (targetUrl: string) =>
    (await service.api('POST', '/identity/apiConnectors', wish({ targetUrl }), { token })).body.id
  const [victim, thief] = [await make('https://victim.example/'), await make(connector.url)]
  await service.rows(`update api_connectors set secret_sealed =
    (select secret_sealed from api_connectors where id = '${victim}') where id = '${thief}'`)
  const answer = await service.api('POST', `/identity/apiConnectors/${thief}/test`, { claims: {} }, { token })
  t.match(answer.body.reading, { action: 'Failed', reason: /cannot be opened/ })
  t.equal(connector.asked.length, 0)
})
