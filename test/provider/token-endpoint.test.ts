import { randomUUID } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import t from 'tap'
import { openWorld, type World } from './world.js'

const GRAPH = 'https://graph.microsoft.com'
let world: World
let client: Awaited<ReturnType<World['newClient']>>
t.before(async () => {
  world = await openWorld()
  client = await world.newClient(world.tenantIds[0])
})
t.teardown(() => world.close())

const tenant = () => world.tenantIds[0]
const endpoint = (name = tenant(), origin = world.origin) => `${origin}/${name}/oauth2/v2.0/token`
const form = (more: Record<string, string> = {}) => ({
  client_id: client.appId,
  client_secret: client.secretText,
  grant_type: 'client_credentials',
  scope: `${GRAPH}/.default`,
  ...more,
})

t.test('an access token is an RS256 JWT of 30 minutes with the claims that Entra gives an application', async (t) => {
  const answer = await world.send(endpoint(), { form: form() })
  const token = String(answer.json['access_token'])
  t.match(decodeProtectedHeader(token), { alg: 'RS256', typ: 'at+jwt', kid: String })
  const claims = decodeJwt(token)
  t.match(claims, {
    iss: `${world.origin}/${tenant()}/v2.0`,
    aud: GRAPH,
    tid: tenant(),
    appid: client.appId,
    azp: client.appId,
    oid: client.servicePrincipalId,
    sub: client.servicePrincipalId,
    idtyp: 'app',
    roles: ['User.Invite.All', 'User.Read.All'],
    ver: '2.0',
    uti: claims.jti,
  })
  t.equal((claims.exp ?? 0) - (claims.iat ?? 0), 1_800)
  t.equal(claims.nbf, claims.iat)
  t.notOk('client_id' in claims || 'scope' in claims)
})

t.test('each resource gives its audience, by either listener', async (t) => {
  const cases: [string, string][] = [
    [`${GRAPH}/.default`, GRAPH],
    ['00000003-0000-0000-c000-000000000000/.default', GRAPH],
    [`${world.origin}/.default`, world.origin],
    [`${world.tlsOrigin}/.default`, world.tlsOrigin],
  ]
  for (const origin of [world.origin, world.tlsOrigin]) {
    for (const [scope, audience] of cases) {
      const answer = await world.send(endpoint(tenant(), origin), { form: form({ scope }) })
      const token = String(answer.json['access_token'])
      t.match(decodeJwt(token), { aud: audience, iss: `${origin}/${tenant()}/v2.0` }, scope)
      t.match(await world.authenticate(token), { kind: 'application', objectId: client.servicePrincipalId }, scope)
    }
  }
})

t.test('a tenant goes by its id or a verified domain, in any case', async (t) => {
  for (const name of [tenant(), tenant().toUpperCase(), 'contoso.example', 'Contoso.EXAMPLE']) {
    const answer = await world.send(endpoint(name), { form: form() })
    t.equal(answer.status, 200, name)
    t.equal(decodeJwt(String(answer.json['access_token'])).iss, `${world.origin}/${tenant()}/v2.0`, name)
  }
})

t.test('what MSAL adds to a request is ignored, its request id comes back', async (t) => {
  const id = randomUUID()
  const extras = {
    'x-client-SKU': 'msal.js.node',
    'x-client-VER': '5',
    client_info: '1',
    claims: '{"access_token":{}}',
  }
  t.equal((await world.send(`${endpoint()}?client-request-id=${id}`, { form: form(extras) })).status, 200)
  const refused = await world.send(`${endpoint()}?client-request-id=${id}`, { form: form({ client_secret: 'no' }) })
  t.equal(refused.json['correlation_id'], id)
})

t.test('every mistake is an OAuth error that says what to change', async (t) => {
  const cases: [string, Parameters<World['send']>[1], number, string, RegExp][] = [
    ['another scope', { form: form({ scope: 'https://evil.example/.default' }) }, 400, 'invalid_scope', /\.default/],
    ['a scope without /.default', { form: form({ scope: GRAPH }) }, 400, 'invalid_scope', /\.default/],
    ['no scope', { form: form({ scope: '' }) }, 400, 'invalid_scope', /\.default/],
    ['another resource', { form: form({ resource: 'https://evil.example' }) }, 400, 'invalid_target', /resource/],
    ['another grant', { form: form({ grant_type: 'password' }) }, 400, 'unsupported_grant_type', /grant_type/],
    ['a grant not for clients', { form: form({ grant_type: 'authorization_code' }) }, 400, 'invalid_request', /grant/],
    ['no grant', { form: form({ grant_type: '' }) }, 400, 'invalid_request', /grant_type/],
    ['no client', { form: { grant_type: 'client_credentials' } }, 400, 'invalid_request', /client authentication/],
    ['JSON', { body: '{}', headers: { 'content-type': 'application/json' } }, 400, 'invalid_request', /urlencoded/],
    ['a body of 70 kB', { form: form({ scope: 'x'.repeat(70_000) }) }, 413, 'invalid_request', /64 kB/],
    [
      'chunks of 70 kB',
      { form: form({ scope: 'x'.repeat(70_000) }), headers: { 'transfer-encoding': 'chunked' } },
      413,
      'invalid_request',
      /body/,
    ],
    ['an odd media type', { body: 'x', headers: { 'content-type': ';;;' } }, 400, 'invalid_request', /./],
    ['HTML wanted', { form: form({ scope: 'x' }), headers: { accept: 'text/html' } }, 400, 'invalid_scope', /scope/],
  ]
  for (const [name, request, status, error, says] of cases) {
    const answer = await world.send(endpoint(), request)
    t.match(answer, { status, json: { error, error_description: says, trace_id: String, error_codes: [Number] } }, name)
    t.match(answer.headers['content-type'], 'application/json', name)
  }
})

t.test('an unknown and a disabled tenant are told the same way, as MSAL expects', async (t) => {
  const expected = { status: 400, json: { error: 'invalid_request', error_codes: [90002] } }
  const paths = ['oauth2/v2.0/token', 'discovery/v2.0/keys', 'v2.0/.well-known/openid-configuration']
  const ask = (name: string, path: string) =>
    world.send(`${world.origin}/${name}/${path}`, path.endsWith('token') ? { form: form() } : {})
  for (const path of paths) {
    for (const name of ['unknown.example', randomUUID(), 'common', 'con%00toso', '%3Cscript%3E']) {
      const answer = await ask(name, path)
      t.match(answer, expected, `${name} ${path}`)
      t.match(answer.json['error_description'], /^AADSTS90002: /, name)
      t.notMatch(answer.text, '<script>')
    }
    await world.setTenantEnabled(world.tenantIds[0], false)
    t.match(await ask(tenant(), path), expected, `disabled ${path}`)
    await world.setTenantEnabled(world.tenantIds[0], true)
  }
})

t.test('a database that is away gives 503 without a word of what happened inside', async (t) => {
  const broken = await openWorld()
  const mine = await broken.newClient(broken.tenantIds[0])
  const url = `${broken.origin}/${broken.tenantIds[0]}/oauth2/v2.0/token`
  const request = { form: form({ client_id: mine.appId, client_secret: mine.secretText }) }
  t.equal((await broken.send(url, request)).status, 200)
  await broken.database.close()
  const answer = await broken.send(url, request)
  t.match(answer, { status: 503, json: { error: 'temporarily_unavailable' }, headers: { 'retry-after': '5' } })
  t.notMatch(answer.text, /CONNECTION|postgres|at /)
  t.match(broken.lines.join(''), 'the provider failed')
  await broken.close()
})

t.test('the discovery document and the keys are those of the tenant, at the origin that was asked', async (t) => {
  for (const origin of [world.origin, world.tlsOrigin]) {
    const base = `${origin}/${tenant()}`
    const document = await world.send(`${origin}/contoso.example/v2.0/.well-known/openid-configuration`)
    t.equal(document.status, 200)
    t.match(document.json, {
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    })
    t.notMatch(document.json['token_endpoint_auth_signing_alg_values_supported'], ['HS256'])
    const keys = await world.send(String(document.json['jwks_uri']))
    t.match(keys.json, { keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig', kid: String, n: String, e: 'AQAB' }] })
    t.notOk(/"(d|p|q|dp|dq|qi)":/.test(keys.text))
  }
})

// Fails when `rewrite` in routes.ts leaves the request as it came: the library builds its URLs from these headers.
t.test('no header a client sends changes a URL in an answer', async (t) => {
  const forged = {
    host: 'evil.example',
    forwarded: 'host=evil.example;proto=https',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'ftp',
    'x-forwarded-port': '666',
    'x-forwarded-prefix': '/evil.example',
    'x-forwarded-for': '198.51.100.7',
    'x-original-host': 'evil.example',
    'x-original-url': '/evil.example',
    'x-rewrite-url': '/evil.example',
  }
  const path = `/${tenant()}/v2.0/.well-known/openid-configuration`
  for (const origin of [world.origin, world.tlsOrigin]) {
    const plain = await world.send(`${origin}${path}`)
    for (const [name, value] of Object.entries(forged)) {
      const answer = await world.send(`${origin}${path}`, { headers: { [name]: value } })
      t.strictSame(answer.json, plain.json, name)
    }
    t.strictSame((await world.send(`${origin}${path}`, { headers: forged })).json, plain.json, 'all together')
    const token = await world.send(endpoint(tenant(), origin), { form: form(), headers: forged })
    t.equal(decodeJwt(String(token.json['access_token'])).iss, `${origin}/${tenant()}/v2.0`)
    const refused = await world.send(endpoint(tenant(), origin), {
      form: form({ client_secret: 'no' }),
      headers: forged,
    })
    t.notMatch(`${refused.text}${JSON.stringify(refused.headers)}`, 'evil.example')
  }
})

t.test('a browser reads discovery from anywhere, but gets no token', async (t) => {
  const origin = { origin: 'https://portal.example' }
  const document = await world.send(`${world.origin}/${tenant()}/v2.0/.well-known/openid-configuration`, {
    headers: origin,
  })
  t.equal(document.headers['access-control-allow-origin'], 'https://portal.example')
  const token = await world.send(endpoint(), { form: form(), headers: origin })
  t.match(token, { status: 400, json: { error: 'invalid_request' } })
  t.equal(token.headers['access-control-allow-origin'], undefined)
})
