import { createHmac, createPublicKey, randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import t from 'tap'
import { addClientKey, createApplication } from '../../src/applications/index.js'
import { fetchToken, startService, type TestService } from '../support/service.js'
import { signTestToken } from '../support/tokens.js'
import { changesNothing, type Sent, send } from './scene.js'

const SCOPE = 'https://graph.microsoft.com/.default'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

function ask(service: TestService, form: Record<string, string>, tenant = service.tenantId): Promise<Sent> {
  return send(`${service.baseUrl}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPE, ...form }).toString(),
  })
}

t.test('guessed, shortened, foreign and misplaced secrets give no token', async (t) => {
  const service = await startService(t, { workers: false })
  const { clientId, clientSecret } = service
  const fabrikam = await service.otherTenant('fabrikam.example')
  const [row] = await service.rows("select encode(secret_hmac, 'hex') as hmac, hint from application_credentials")
  await changesNothing(t, service, async () => {
    const secrets = [
      '',
      ' ',
      'x',
      clientSecret.slice(1),
      `${clientSecret} `,
      clientSecret.toLowerCase(),
      row?.['hmac'],
      row?.['hint'],
      clientId,
      '\0',
      'A'.repeat(5_000),
    ]
    for (const secret of secrets) {
      const answer = await ask(service, { client_id: clientId, client_secret: String(secret) })
      t.ok([400, 401].includes(answer.status), `${answer.status} for ${String(secret).slice(0, 12)}`)
    }
    const elsewhere = await ask(service, { client_id: clientId, client_secret: clientSecret }, fabrikam.tenantId)
    t.match(
      elsewhere,
      { status: 401, body: { error: 'invalid_client' } },
      'a client is one of its own organization only',
    )
    const inQuery = await send(
      `${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token?client_id=${clientId}&client_secret=${clientSecret}&grant_type=client_credentials&scope=${SCOPE}`,
      { method: 'POST' },
    )
    t.ok(inQuery.status >= 400, 'nor do secrets count in the address')
    const asJson = await send(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: SCOPE,
      }),
    })
    t.ok(asJson.status >= 400)
    t.equal(
      (await ask(service, { client_id: clientId, client_secret: clientSecret, scope: 'https://evil.example/.default' }))
        .status,
      400,
    )
  })
})

t.test('a signed assertion counts once, for its client, at this endpoint, with its key', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, baseUrl, tenantId } = service
  const pair = await generateKeyPair('RS256', { extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  const clientId = await services.database.withTenant(tenantId, async (scope) => {
    const application = await createApplication(scope, { displayName: 'Signs', permissions: [] }, services)
    await addClientKey(scope, application.id, publicJwk, {}, services)
    return application.appId
  })
  const aud = `${baseUrl}/${tenantId}/oauth2/v2.0/token`
  const now = Math.floor(Date.now() / 1_000)
  const usual = () => ({ iss: clientId, sub: clientId, aud, jti: randomUUID(), iat: now, exp: now + 300 })
  const signed = (claims: object, header: object = {}, key: CryptoKey = pair.privateKey) =>
    new SignJWT({ ...usual(), ...claims }).setProtectedHeader({ alg: 'RS256', ...header }).sign(key)
  const prove = (assertion: string) =>
    ask(service, { client_id: clientId, client_assertion: assertion, client_assertion_type: ASSERTION })
  const once = await signed({})
  const together = await Promise.all(Array.from({ length: 5 }, () => prove(once)))
  t.equal(together.filter(({ status }) => status === 200).length, 1, 'of five at once one')

  const stranger = await generateKeyPair('RS256', { extractable: true })
  const parts = (await signed({})).split('.')
  const none = [Buffer.from('{"alg":"none"}').toString('base64url'), parts[1], ''].join('.')
  const head = Buffer.from('{"alg":"HS256"}').toString('base64url')
  // The public key as the secret of an HMAC: what is confused when the algorithm is taken from the token.
  const pem = createPublicKey({ key: { ...publicJwk } as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  const confused = `${head}.${parts[1]}.${createHmac('sha256', pem).update(`${head}.${parts[1]}`).digest('base64url')}`
  await changesNothing(t, service, async () => {
    const bad: Record<string, string> = {
      replayed: once,
      'alg none': none,
      'alg confusion': confused,
      'another key': await signed({}, {}, stranger.privateKey),
      'a key in the header': await signed({}, { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
      'a key from an address': await signed({}, { jku: 'https://evil.example/keys', kid: 'x' }, stranger.privateKey),
      'another audience': await signed({ aud: 'https://login.evil.example/token' }),
      'another client': await signed({ iss: service.clientId, sub: service.clientId }),
      expired: await signed({ iat: now - 900, exp: now - 600 }),
      'without an end': await signed({ exp: undefined }),
      'for years': await signed({ exp: now + 10 * 365 * 86_400 }),
      'without an id': await signed({ jti: undefined }),
    }
    for (const [how, assertion] of Object.entries(bad)) {
      const { status, body } = await prove(assertion)
      t.ok([400, 401].includes(status) && !body.access_token, `${how}: ${status}`)
    }
  })
})

t.test('only an unaltered token of ours, for us, from this organization, opens the API', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, baseUrl, tenantId, clientId, clientSecret, adminId } = service
  const fabrikam = await service.otherTenant('fabrikam.example')
  const real = await fetchToken(baseUrl, tenantId, clientId, clientSecret)
  const [header = '', claims = '', signature = ''] = real.split('.')
  const json = (text: object) => Buffer.from(JSON.stringify(text)).toString('base64url')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const jwks = (await (await fetch(`${baseUrl}/${tenantId}/discovery/v2.0/keys`)).json()) as { keys: object[] }
  const pem = createPublicKey({ key: jwks.keys[0] as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  const hs256 = json({ ...read(header), alg: 'HS256' })
  const subject = { tenantId, clientId, userId: adminId, scopes: ['User.Read.All'] }
  const test = (changes: object) => signTestToken(services.signingKeys, baseUrl, { ...subject, ...changes })
  await changesNothing(t, service, async () => {
    const bad: Record<string, string> = {
      'more roles': `${header}.${json({ ...read(claims), roles: ['Directory.ReadWrite.All', 'x'] })}.${signature}`,
      'another organization': `${header}.${json({ ...read(claims), tid: fabrikam.tenantId })}.${signature}`,
      'alg none': `${json({ alg: 'none', typ: 'at+jwt' })}.${claims}.`,
      'alg None': `${json({ alg: 'None', typ: 'at+jwt', kid: read(header).kid })}.${claims}.`,
      'no signature': `${header}.${claims}.`,
      'alg confusion': `${hs256}.${claims}.${createHmac('sha256', pem).update(`${hs256}.${claims}`).digest('base64url')}`,
      'another kid': `${json({ ...read(header), kid: randomUUID() })}.${claims}.${signature}`,
      'another audience': await test({ claims: { aud: 'https://evil.example' } }),
      'another issuer': await test({ claims: { iss: `https://evil.example/${tenantId}/v2.0` } }),
      'signed by us for another organization': await test({
        claims: { tid: fabrikam.tenantId, iss: `${baseUrl}/${fabrikam.tenantId}/v2.0` },
      }),
      'of another kind': await test({ header: { typ: 'JWT' } }),
      expired: await test({ claims: { exp: Math.floor(Date.now() / 1_000) - 60 } }),
      'of tomorrow': await test({ claims: { nbf: Math.floor(Date.now() / 1_000) + 86_400 } }),
    }
    for (const [how, token] of Object.entries(bad)) {
      t.equal((await service.api('GET', '/users', undefined, { token })).status, 401, how)
    }
  })
  t.equal((await service.api('GET', '/users', undefined, { token: real })).status, 200)
})
