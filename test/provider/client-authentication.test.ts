import { createHmac, createPublicKey, type KeyObject, randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import t from 'tap'
import { addClientKey, addClientSecret, removeCredential, setApplicationEnabled } from '../../src/applications/index.js'
import { sweepProviderState } from '../../src/provider/index.js'
import { until } from '../support/until.js'
import { type Answer, openWorld, type World } from './world.js'

const HOUR = 3_600_000
const SCOPE = 'https://graph.microsoft.com/.default'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
let world: World
let client: Awaited<ReturnType<World['newClient']>>
let clientKey: CryptoKey
let publicJwk: JWK
t.before(async () => {
  world = await openWorld()
  client = await world.newClient(tenant())
  const pair = await generateKeyPair('RS256', { extractable: true })
  clientKey = pair.privateKey
  publicJwk = await exportJWK(pair.publicKey)
  await world.database.withTenant(tenant(), (scope) => addClientKey(scope, client.id, publicJwk, {}, world))
})
t.teardown(() => world.close())

const tenant = () => world.tenantIds[0]
const endpoint = (name = tenant(), origin = world.origin) => `${origin}/${name}/oauth2/v2.0/token`
const ask = (form: Record<string, string>, headers: Record<string, string> = {}, url = endpoint()): Promise<Answer> =>
  world.send(url, { form: { grant_type: 'client_credentials', scope: SCOPE, ...form }, headers })
const post = (client_id: string, client_secret: string) => ask({ client_id, client_secret })

type Claims = Record<string, unknown>
const assertion = async (claims: Claims = {}, header: Claims = {}, key: CryptoKey | KeyObject = clientKey) => {
  const now = Math.floor(Date.now() / 1_000)
  const usual = { iss: client.appId, sub: client.appId, aud: endpoint(), jti: randomUUID(), iat: now, exp: now + 300 }
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'RS256', ...header }).sign(key)
}
const prove = (client_assertion: string, url?: string) =>
  ask({ client_assertion, client_assertion_type: ASSERTION, client_id: client.appId }, {}, url)

/** An answer without what differs from one request to the next. */
const shape = ({ status, json }: Answer) => ({
  status,
  ...json,
  error_description: String(json['error_description']).replace(/ Trace ID.*/, ''),
  timestamp: typeof json['timestamp'],
  trace_id: typeof json['trace_id'],
  correlation_id: typeof json['correlation_id'],
})

t.test('one client gets a token by secret in the form, secret in the header, and signed assertion', async (t) => {
  const basic = Buffer.from(`${client.appId}:${client.secretText}`).toString('base64')
  const answers = {
    client_secret_post: await post(client.appId, client.secretText),
    client_secret_basic: await ask({}, { authorization: `Basic ${basic}` }),
    private_key_jwt: await prove(await assertion()),
  }
  for (const [method, answer] of Object.entries(answers)) {
    t.equal(answer.status, 200, method)
    t.match(answer.json, { token_type: 'Bearer', expires_in: 1_800, access_token: String }, method)
    t.equal(answer.headers['cache-control'], 'no-store', method)
    t.match(await world.authenticate(String(answer.json['access_token'])), { clientId: client.appId }, method)
  }
})

t.test('any live secret of a client opens it, an expired one does not', async (t) => {
  const mine = await world.newClient(tenant())
  const endDateTime = new Date(world.clock().getTime() + HOUR)
  const second = await world.database.withTenant(tenant(), (scope) =>
    addClientSecret(scope, mine.id, { endDateTime }, world),
  )
  t.equal((await post(mine.appId, mine.secretText)).status, 200)
  t.equal((await post(mine.appId, second.secretText)).status, 200)
  world.moveClock(HOUR)
  t.equal((await post(mine.appId, second.secretText)).status, 401)
  t.equal((await post(mine.appId, mine.secretText)).status, 200)
  world.moveClock(-HOUR)
})

t.test('unknown, foreign, disabled, secretless and wrong all get one answer', async (t) => {
  const disabled = await world.newClient(tenant())
  await world.database.withTenant(tenant(), (scope) => setApplicationEnabled(scope, disabled.id, false, world))
  const secretless = await world.newClient(tenant())
  await world.database.withTenant(tenant(), (scope) => removeCredential(scope, secretless.id, secretless.keyId, world))
  const foreign = await world.newClient(world.tenantIds[1])
  const wrong = shape(await post(client.appId, 'wrong'))
  t.match(wrong, { status: 401, error: 'invalid_client', error_codes: [7000215] })
  const others = {
    unknown: await post(randomUUID(), 'wrong'),
    'not an id': await post('unknown', 'wrong'),
    foreign: await post(foreign.appId, foreign.secretText),
    disabled: await post(disabled.appId, disabled.secretText),
    secretless: await post(secretless.appId, secretless.secretText),
    "another client's secret": await post(client.appId, foreign.secretText),
    'unknown, by assertion': await ask({
      client_assertion: await assertion({ iss: randomUUID(), sub: randomUUID() }),
      client_assertion_type: ASSERTION,
    }),
    'foreign key': await prove(await assertion({}, {}, (await generateKeyPair('RS256')).privateKey)),
  }
  for (const [name, answer] of Object.entries(others)) t.strictSame(shape(answer), wrong, name)
})

// What takes the time is counted: statements, and keys worked with. A clock would say less on a busy machine.
t.test('guessing costs an unknown client the same work as a known one', async (t) => {
  const work: string[] = []
  const counted = await openWorld({ onStatement: (text) => work.push(text.replace(/\s+/g, ' ')) })
  t.teardown(() => counted.close())
  const { keys } = counted
  const { mac, macs } = keys
  keys.mac = (purpose, ...parts) => {
    work.push(`mac ${purpose}`)
    return mac(purpose, ...parts)
  }
  keys.macs = (purpose, ...parts) => {
    work.push(`macs ${purpose}`)
    return macs(purpose, ...parts)
  }
  const [tenantId] = counted.tenantIds
  const { appId } = await counted.newClient(tenantId)
  const guess = async (client_id: string) => {
    work.length = 0
    const form = { grant_type: 'client_credentials', scope: SCOPE, client_id, client_secret: 'wrong' }
    t.equal((await counted.send(endpoint(tenantId, counted.origin), { form })).status, 401)
    return [...work]
  }
  await guess(appId)
  const known = await guess(appId)
  t.ok(known.includes('macs client-secret'))
  t.strictSame(await guess(randomUUID()), known)
})

t.test('an assertion is taken once, by either origin, also when two arrive together', async (t) => {
  const one = await assertion()
  t.equal((await prove(one)).status, 200)
  t.equal((await prove(one)).status, 401)
  t.equal((await prove(one, endpoint(tenant(), world.tlsOrigin))).status, 401)

  // Both look before either writes: the lock lets them read and holds up their inserts until both have come that far.
  const other = await assertion()
  const { sql } = world.database
  const together = await sql.begin(async (tx) => {
    await tx`lock table provider_state in share mode`
    const asked = [prove(other), prove(other)]
    await until(async () => {
      const waiting = await sql`select 1 from pg_locks where not granted and relation = 'provider_state'::regclass`
      return waiting.length === 2
    })
    return { asked }
  })
  const statuses = (await Promise.all(together.asked)).map(({ status }) => status)
  t.strictSame(statuses.sort(), [200, 401])
})

t.test('an assertion names this tenant by id or domain, as issuer or token endpoint, at either origin', async (t) => {
  const good = [
    endpoint(),
    endpoint('contoso.example'),
    endpoint(tenant(), world.tlsOrigin),
    `${world.origin}/${tenant()}/v2.0`,
    `${world.tlsOrigin}/contoso.example/v2.0`,
  ]
  for (const aud of good) t.equal((await prove(await assertion({ aud }))).status, 200, aud)
  const bad = [
    world.origin,
    endpoint(world.tenantIds[1]),
    endpoint('fabrikam.example'),
    `${world.origin}/${world.tenantIds[1]}/v2.0`,
    'https://login.microsoftonline.com/common/v2.0',
    'http://localhost/contoso.example/v2.0',
  ]
  for (const aud of bad) t.equal((await prove(await assertion({ aud }))).status, 401, aud)
})

t.test('assertions without a sound signature, for another client, or outside their time are refused', async (t) => {
  const now = Math.floor(Date.now() / 1_000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: client.appId, sub: client.appId, aud: endpoint(), jti: 'forged', exp: now + 300 }
  const pem = createPublicKey({ key: { ...publicJwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  const confused = `${part({ alg: 'HS256' })}.${part(claims)}`
  const other = await world.newClient(tenant())
  const cases = {
    'alg none': `${part({ alg: 'none' })}.${part(claims)}.`,
    'the public key as an HMAC secret': `${confused}.${createHmac('sha256', pem).update(confused).digest('base64url')}`,
    'RS384, which is not offered': await assertion({}, { alg: 'RS384' }, await rs384()),
    'sub of another client': await assertion({ sub: other.appId }),
    'iss of another client': await assertion({ iss: other.appId }),
    expired: await assertion({ exp: now - 31 }),
    'not yet valid': await assertion({ nbf: now + 120 }),
    'longer than a day': await assertion({ exp: now + 86_500 }),
    'without exp': await assertion({ exp: undefined }),
    'without jti': await assertion({ jti: undefined }),
  }
  for (const [name, client_assertion] of Object.entries(cases)) {
    const answer = await ask({ client_assertion, client_assertion_type: ASSERTION })
    t.equal(answer.status, 401, name)
    t.equal(answer.json['error'], 'invalid_client', name)
  }
})

t.test('assertions that were seen are forgotten once they cannot be used again', async (t) => {
  await prove(await assertion())
  const remembered = async () => (await world.database.sql`select id from provider_state`).length
  t.ok((await remembered()) > 0)
  t.equal(await sweepProviderState(world), 0, 'not before')
  world.moveClock(HOUR)
  t.ok((await sweepProviderState(world)) > 0)
  t.equal(await remembered(), 0)
  world.moveClock(-HOUR)
})

t.test('a removed key stops signing in at once', async (t) => {
  const mine = await world.newClient(tenant())
  const { keyId } = await world.database.withTenant(tenant(), (scope) =>
    addClientKey(scope, mine.id, publicJwk, {}, world),
  )
  const signed = () => assertion({ iss: mine.appId, sub: mine.appId })
  const prove = async () => ask({ client_assertion: await signed(), client_assertion_type: ASSERTION })
  t.equal((await prove()).status, 200)
  await world.database.withTenant(tenant(), (scope) => removeCredential(scope, mine.id, keyId, world))
  t.equal((await prove()).status, 401)
})

t.test('two mechanisms at once are one too many', async (t) => {
  const answer = await ask({
    client_id: client.appId,
    client_secret: client.secretText,
    client_assertion: await assertion(),
    client_assertion_type: ASSERTION,
  })
  t.match(answer, { status: 400, json: { error: 'invalid_request' } })
})

t.test('nothing that was sent to prove identity is in the log', async (t) => {
  t.notMatch(world.lines.join(''), client.secretText)
  t.notMatch(world.lines.join(''), 'eyJ')
})

async function rs384(): Promise<CryptoKey> {
  return (await generateKeyPair('RS384')).privateKey
}
