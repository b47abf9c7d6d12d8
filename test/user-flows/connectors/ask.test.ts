import { createHmac, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import t from 'tap'
import type { ConnectorQuestion } from '../../../src/user-flows/connectors/index.js'
import { askConnector, createConnectorCalls } from '../../../src/user-flows/connectors/index.js'
import { makeAuthority } from '../../support/authority.js'
import { startConnector } from '../../support/connector.js'
import { startService, type TestService } from '../../support/service.js'
import { until } from '../../support/until.js'

const authority = makeAuthority(t)
const CLAIMS = {
  email: 'ana@partner.example',
  displayName: 'Ana',
  surname: '',
  identities: [
    { signInType: 'federated', issuer: 'https://accounts.google.com', issuerAssignedId: '0123' },
    { signInType: 'federated', issuer: 'ExternalAzureAD', issuerAssignedId: '4567' },
  ],
} as const
const CONTINUE = { version: '1.0.0', action: 'Continue' }

let service: TestService
t.before(async () => {
  service = await startService(t, {
    workers: false,
    trustedCa: authority.ca,
    connectorLimits: { timeoutMs: 400, patienceMs: 300, perConnector: 2 },
  })
})

const BASIC = { '@odata.type': '#microsoft.graph.basicAuthentication', username: 'vestibule', password: 'pass word:é' }
async function made(targetUrl: string, more: Record<string, unknown> = {}): Promise<string> {
  const body = { displayName: 'Partners', targetUrl, authenticationConfiguration: BASIC, ...more }
  const answer = await service.api('POST', '/identity/apiConnectors', body)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body.id
}
const question = (connectorId: string): ConnectorQuestion => ({
  tenantId: service.tenantId,
  connectorId,
  step: 'PostAttributeCollection',
  claims: CLAIMS,
  clientId: 'an-app',
  locale: 'en-US',
  idempotencyKey: randomUUID(),
})
const ask = (connectorId: string, more: Partial<ConnectorQuestion> = {}) =>
  askConnector(service.services, { ...question(connectorId), ...more })
const circuitOf = async (id: string) => (await service.api('GET', `/identity/apiConnectors/${id}`)).body.circuit
/** Exchanges are kept while nobody waits. */
async function exchangesOf(id: string, atLeast = 1): Promise<any[]> {
  let kept: any[] = []
  await until(async () => {
    kept = (await service.api('GET', `/identity/apiConnectors/${id}/exchanges`)).body.value
    return kept.length >= atLeast
  }, `${atLeast} exchanges were kept`)
  return kept
}

t.test('a request holds what is known, and nothing else', async (t) => {
  const connector = await startConnector(t)
  const id = await made(`${connector.url}?code=an+api+key`)
  const key = randomUUID()
  t.strictSame(await ask(id, { idempotencyKey: key }), { action: 'Continue', claims: {} })
  const [asked] = connector.asked
  t.equal(asked?.url, '/check?code=an+api+key')
  t.strictSame(asked?.body, {
    email: 'ana@partner.example',
    displayName: 'Ana',
    identities: [{ signInType: 'federated', issuer: 'google.com', issuerAssignedId: '0123' }],
    step: 'PostAttributeCollection',
    client_id: 'an-app',
    ui_locales: 'en-US',
  })
  t.equal(asked?.headers['content-type'], 'application/json')
  t.equal(asked?.headers['idempotency-key'], key)
  t.equal(Buffer.from(String(asked?.headers.authorization).slice(6), 'base64').toString(), 'vestibule:pass word:é')
})

t.test('claims come back, whatever the flow makes of them', async (t) => {
  const connector = await startConnector(t)
  const id = await made(connector.url)
  connector.answer({
    body: { ...CONTINUE, city: 'Bern', extension_Level: 3, surname: null, object: { a: 1 }, tags: ['a', 'b'] },
  })
  t.strictSame(await ask(id), { action: 'Continue', claims: { city: 'Bern', extension_Level: 3, tags: ['a', 'b'] } })
})

t.test('blocks and validation errors are texts', async (t) => {
  const connector = await startConnector(t)
  const id = await made(connector.url)
  const userMessage = '<img src=x onerror=alert(1)> Your number\u0000 is unknown.'
  connector.answer({ body: { version: '1.0.0', action: 'ShowBlockPage', userMessage } })
  const text = '<img src=x onerror=alert(1)> Your number is unknown.'
  t.strictSame(await ask(id), { action: 'ShowBlockPage', userMessage: text })
  connector.answer({ status: 400, body: { version: '1.0.0', status: '400', action: 'ValidationError', userMessage } })
  t.strictSame(await ask(id), { action: 'ValidationError', userMessage: text })
  const [first] = await exchangesOf(id, 2)
  t.equal(first.action, 'ValidationError')
  t.notMatch(JSON.stringify(first), /ana@|img|Bern/, 'and no value of it is kept')
})

t.test('whatever else happens is a failure that says what to do', async (t) => {
  const connector = await startConnector(t)
  const secure = await startConnector(t, authority.issue('localhost'))
  const otherName = await startConnector(t, authority.issue('elsewhere.example'))
  const stranger = await startConnector(t, makeAuthority(t).issue('localhost'))
  const wantsCertificate = await startConnector(t, {
    ...authority.issue('localhost'),
    ca: authority.ca,
    requestCert: true,
    rejectUnauthorized: true,
  })
  const noTls = createServer((socket) => socket.on('error', () => {}).end('I speak something else\r\n'))
  await new Promise<void>((resolve) => noTls.listen(0, '127.0.0.1', resolve))
  t.teardown(() => noTls.close())
  const nobody = await startConnector(t)
  nobody.close()
  const port = (noTls.address() as AddressInfo).port
  const cases: [
    what: string,
    url: string,
    how: Parameters<typeof connector.answer>[0],
    reason: RegExp,
    tries: number,
  ][] = [
    ['401', connector.url, { status: 401 }, /answered 401.*Check authenticationConfiguration/, 1],
    ['403', connector.url, { status: 403 }, /answered 403.*credentials/, 1],
    ['500, once more and again', connector.url, { status: 500 }, /answered 500/, 2],
    [
      'a redirect inside',
      connector.url,
      { status: 302, headers: { location: 'http://169.254.169.254/' } },
      /Redirects are not followed/,
      1,
    ],
    [
      'no JSON',
      connector.url,
      { body: '<html>', headers: { 'content-type': 'text/html' } },
      /no JSON object.*text\/html/,
      1,
    ],
    [
      'another version',
      connector.url,
      { body: { version: '2.0.0', action: 'Continue' } },
      /"version": "1.0.0"; it has "2.0.0"/,
      1,
    ],
    ['10 MB', connector.url, { body: { ...CONTINUE, city: 'x'.repeat(10_000_000) } }, /longer than 65536 bytes/, 1],
    ['a hang', connector.url, () => {}, /did not answer in time/, 2],
    ['a slow drip', connector.url, drip, /did not answer in time/, 2],
    ['hanging up', connector.url, (request) => request.socket.destroy(), /ECONNRESET.*hung up/, 2],
    ['refused', nobody.url, () => {}, /ECONNREFUSED.*Nobody listens/, 2],
    ['another name', otherName.url, () => {}, /another name/, 2],
    ['an unknown authority', stranger.url, () => {}, /does not trust/, 2],
    ['no TLS', `https://localhost:${port}/`, () => {}, /connection failed/, 2],
    ['a certificate wanted', wantsCertificate.url, () => {}, /wants a client certificate/, 2],
  ]
  for (const [what, url, how, reason, tries] of cases) {
    const id = await made(url)
    connector.answer(how)
    const answer = await ask(id)
    t.match(answer, { action: 'Failed', isCircuitOpen: false, reason }, what)
    const [kept] = await exchangesOf(id)
    t.equal(kept.tries.length, tries, `${what}: tries`)
    t.match(kept, { action: 'Failed', reason }, `${what}: is kept`)
    t.match((await circuitOf(id)).lastFailureReason, reason, `${what}: is told`)
  }
  t.match(await ask(randomUUID()), { action: 'Failed', reason: /not there any more/ }, 'one that is gone')
  const id = await made(secure.url)
  t.strictSame(await ask(id), { action: 'Continue', claims: {} }, 'and a certificate that is right is no failure')
})

function drip(
  _request: unknown,
  response: { write(text: string): unknown; on(name: 'close', work: () => void): unknown },
) {
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

t.test('a second try is the same request with the same key', async (t) => {
  const connector = await startConnector(t)
  const id = await made(connector.url)
  connector.answer((_request, response) => {
    if (connector.asked.length === 1) return
    response.writeHead(200).end(JSON.stringify(CONTINUE))
  })
  t.strictSame(await ask(id), { action: 'Continue', claims: {} })
  const [first, second] = connector.asked
  t.equal(connector.asked.length, 2)
  t.equal(second?.text, first?.text)
  t.equal(second?.headers['idempotency-key'], first?.headers['idempotency-key'])
  t.equal((await circuitOf(id)).failuresInARow, 0)
})

t.test('visitors pass a connector that fails only where its administrator says so', async (t) => {
  const connector = await startConnector(t)
  connector.answer({ status: 500 })
  const id = await made(connector.url, { isFailOpen: true })
  t.match(await ask(id), { action: 'Continue', claims: {}, failedOpen: /answered 500/ })
  const passed = await service.rows(`select initiated_by->>'displayName' as who, additional_details as how
    from audit_events where target_id = '${id}' and activity_display_name = 'Pass API connector that failed'`)
  t.match(
    [...passed],
    [{ who: 'ana@partner.example', how: { step: 'PostAttributeCollection', reason: /answered 500/ } }],
  )
})

t.test('a connector that is down is left alone, looked at by one, and asked again when it is back', async (t) => {
  const connector = await startConnector(t)
  const id = await made(connector.url)
  connector.answer({ status: 503 })
  for (let n = 0; n < 4; n++) t.match(await ask(id), { isCircuitOpen: false })
  t.match(await circuitOf(id), { state: 'closed', failuresInARow: 4 })
  connector.answer({ body: CONTINUE })
  await ask(id)
  t.match(await circuitOf(id), { state: 'closed', failuresInARow: 0 }, 'an answer in between counts from the start')
  connector.answer({ status: 503 })
  for (let n = 0; n < 5; n++) await ask(id)
  t.match(await circuitOf(id), { state: 'open', failuresInARow: 5, lastFailureReason: /503/ })
  const sent = connector.asked.length
  const away = await ask(id)
  t.match(away, { action: 'Failed', isCircuitOpen: true })
  t.ok(away.action === 'Failed' && (away.retryAfter ?? 0) > 20 && (away.retryAfter ?? 99) <= 30)
  t.equal(connector.asked.length, sent, 'nobody is sent there')

  service.advance(31_000)
  const several = await Promise.all([ask(id), ask(id), ask(id)])
  t.equal(several.filter((one) => one.action === 'Failed' && !one.isCircuitOpen).length, 1, 'one looks')
  t.equal(connector.asked.length, sent + 2)
  service.advance(31_000)
  t.match(await circuitOf(id), { state: 'open' }, 'and it was left alone for longer')
  service.advance(30_000)
  connector.answer({ body: CONTINUE })
  t.strictSame(await ask(id), { action: 'Continue', claims: {} })
  t.match(await circuitOf(id), { state: 'closed', failuresInARow: 0, openUntilDateTime: null })
})

t.test('what a visitor can bring about alone does not open the circuit', async (t) => {
  const connector = await startConnector(t)
  const id = await made(connector.url)
  connector.answer({ status: 400, body: { error: 'no such number' } })
  for (let n = 0; n < 7; n++) t.match(await ask(id), { action: 'Failed', isCircuitOpen: false })
  t.match(await circuitOf(id), { state: 'closed', failuresInARow: 0 })
})

t.test('more calls than a connector may have wait for their turn, and not forever', async (t) => {
  const connector = await startConnector(t)
  const id = await made(connector.url)
  const held: (() => void)[] = []
  connector.answer((_request, response) => {
    held.push(() => response.writeHead(200).end(JSON.stringify(CONTINUE)))
  })
  const calls = [ask(id), ask(id), ask(id)]
  await until(() => held.length === 2)
  held.shift()?.()
  await until(() => held.length === 2)
  for (const release of held) release()
  t.strictSame(await Promise.all(calls), Array(3).fill({ action: 'Continue', claims: {} }))

  connector.answer(() => {})
  const answers = await Promise.all(Array.from({ length: 6 }, () => ask(id)))
  const late = answers.filter((one) => one.action === 'Failed' && /slow/.test(one.reason))
  t.equal(late.length, 4, 'those whose turn does not come are told when to try again')
  t.match(late[0], { retryAfter: 30 })
})

t.test(
  'a call that goes well asks the database nothing before its answer, and neither does one that waits',
  async (t) => {
    const connector = await startConnector(t)
    const id = await made(connector.url)
    let asked = 0
    const { services } = service
    const sql = new Proxy(services.database.sql, {
      apply(target, self, given) {
        asked += 1
        return Reflect.apply(target, self, given)
      },
    })
    const needs = { ...services, database: { ...services.database, sql } }
    const connectorCalls = createConnectorCalls(needs, { timeoutMs: 5_000, perConnector: 2 })
    const call = () => askConnector({ ...needs, connectorCalls }, question(id))
    await call()
    t.equal(asked, 1, 'the first reads the connector')
    t.strictSame(
      await Promise.all([call(), call(), call(), call(), call()]),
      Array(5).fill({ action: 'Continue', claims: {} }),
    )
    t.equal(asked, 1)
    await service.api('PATCH', `/identity/apiConnectors/${id}`, { isFailOpen: true })
    connector.answer({ status: 401 })
    await until(async () => (await call()).action === 'Continue')
    t.ok(asked > 1, 'and a change is in force at once')
  },
)

t.test('a bearer secret, a signature and a token of client credentials prove who calls', async (t) => {
  const connector = await startConnector(t)
  const bearer = await made(connector.url, {
    authenticationConfiguration: { '@odata.type': '#vestibule.bearerAuthentication', token: 'a-bearer-secret' },
  })
  await ask(bearer)
  t.equal(connector.asked.at(-1)?.headers.authorization, 'Bearer a-bearer-secret')

  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const signed = await made(connector.url, {
    authenticationConfiguration: { '@odata.type': '#vestibule.webhookSignatureAuthentication', secret },
  })
  await ask(signed, { idempotencyKey: 'step-1' })
  const got = connector.asked.at(-1)
  t.equal(got?.headers['webhook-id'], 'step-1')
  const stamp = got?.headers['webhook-timestamp']
  t.ok(Math.abs(Number(stamp) - service.services.clock().getTime() / 1_000) < 30)
  const key = Buffer.from(secret.slice(6), 'base64')
  const expected = createHmac('sha256', key).update(`step-1.${stamp}.${got?.text}`).digest('base64')
  t.equal(got?.headers['webhook-signature'], `v1,${expected}`, 'by the letter of Standard Webhooks')

  const tokens = await startConnector(t)
  tokens.answer({ body: { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600 } })
  const oauth = await made(connector.url, {
    authenticationConfiguration: {
      '@odata.type': '#vestibule.clientCredentialsAuthentication',
      tokenEndpoint: tokens.url,
      clientId: 'vestibule',
      clientSecret: 'client secret',
      scope: 'partners.check',
    },
  })
  await ask(oauth)
  await ask(oauth)
  t.equal(connector.asked.at(-1)?.headers.authorization, 'Bearer token-1')
  t.equal(tokens.asked.length, 1, 'one token serves many calls')
  t.strictSame(Object.fromEntries(new URLSearchParams(tokens.asked[0]?.text)), {
    grant_type: 'client_credentials',
    scope: 'partners.check',
  })
  connector.answer({ status: 401 })
  await ask(oauth)
  tokens.answer({ status: 401, body: { error: 'invalid_client' } })
  t.match(await ask(oauth), { action: 'Failed', reason: /token endpoint answered 401 invalid_client.*clientSecret/ })
})

t.test('of several client certificates the last uploaded that is valid proves who calls', async (t) => {
  const first = authority.issue('first', { days: 5 })
  const second = authority.issue('second', { days: 3, password: '' })
  const connector = await startConnector(t, {
    ...authority.issue('localhost'),
    ca: authority.ca,
    requestCert: true,
    rejectUnauthorized: true,
  })
  const pkcs12 = ({ pkcs12: pkcs12Value, password }: typeof first) => ({ pkcs12Value, password })
  const id = await made(connector.url, {
    authenticationConfiguration: { '@odata.type': '#microsoft.graph.pkcs12Certificate', ...pkcs12(first) },
  })
  t.strictSame(await ask(id), { action: 'Continue', claims: {} })
  t.equal(connector.asked.at(-1)?.certificate, first.thumbprint)
  const path = `/identity/apiConnectors/${id}/uploadClientCertificate`
  const uploaded = await service.api('POST', path, pkcs12(second))
  t.equal(uploaded.status, 200, uploaded.text)
  await ask(id)
  t.equal(connector.asked.at(-1)?.certificate, second.thumbprint)
  service.advance(4 * 86_400_000)
  await ask(id)
  t.equal(connector.asked.at(-1)?.certificate, first.thumbprint, 'the second has expired')
  service.advance(2 * 86_400_000)
  t.match(await ask(id), { action: 'Failed', reason: /None of its client certificates is valid now/ })
})
