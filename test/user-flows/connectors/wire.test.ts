import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { HTTP_LIMITS } from '../../../src/platform/http-limits.js'
import { CALL_LIMITS } from '../../../src/user-flows/connectors/calls.js'
import { createLine, type Place, type Refused } from '../../../src/user-flows/connectors/line.js'
import {
  activeCertificate,
  circuitState,
  needsSecretAgain,
  retryAfter,
} from '../../../src/user-flows/connectors/rules.js'
import { redacted, withoutQueryValues } from '../../../src/user-flows/connectors/shown-exchange.js'
import { issuerName, type Reading, readAnswer, requestBody } from '../../../src/user-flows/connectors/wire.js'
import type { Claims, ConnectorStep } from '../../../src/user-flows/words.js'

const identity = (issuer: string, signInType: 'federated' | 'emailAddress' = 'federated') => ({
  signInType,
  issuer,
  issuerAssignedId: '1',
})

t.test('requests', async (t) => {
  const body = (claims: Claims) => {
    const { step, ui_locales, ...rest } = requestBody({ step: 'PostFederationSignup', claims, locale: 'de' })
    t.strictSame([step, ui_locales], ['PostFederationSignup', 'de'])
    return rest
  }
  t.strictSame(body({ email: 'a@b.example', city: '', tags: [], level: 0, agrees: false }), {
    email: 'a@b.example',
    level: 0,
    agrees: false,
  })
  const told = [
    ['google.com', 'google.com'],
    ['google', 'google.com'],
    ['https://accounts.google.com', 'google.com'],
    ['https://www.facebook.com/', 'facebook.com'],
    ['Facebook', 'facebook.com'],
    ['mail', 'mail'],
  ] as const
  for (const [issuer, name] of told) {
    t.strictSame(body({ identities: [identity(issuer)] }), { identities: [identity(name)] }, issuer)
    t.equal(issuerName(issuer), name)
  }
  for (const issuer of [
    'ExternalAzureAD',
    'https://login.partner.example/',
    'login.live.com',
    'google.com.evil.example',
  ]) {
    t.strictSame(body({ identities: [identity(issuer)] }), {}, `nothing is told of ${issuer}`)
    t.equal(issuerName(issuer), issuer)
  }
  const local = [identity('contoso.example', 'emailAddress')]
  t.strictSame(body({ identities: local }), { identities: local })
  t.strictSame(
    body({ step: 'forged', client_id: 'forged', ui_locales: 'forged' }),
    {},
    'no claim passes for the protocol',
  )
})

t.test('answers', async (t) => {
  const now: ConnectorStep = 'PostAttributeCollection'
  const block = { version: '1.0.0', action: 'ShowBlockPage', userMessage: 'No.' }
  const invalid = { version: '1.0.0', action: 'ValidationError', status: 400, userMessage: 'Short.' }
  const pass = { version: '1.0.0', action: 'Continue' }
  const failed = (reason: RegExp, isDown = false) => ({ action: 'Failed', reason, isDown })
  const cases: [what: string, status: number, body: unknown, step: ConnectorStep, reading: object][] = [
    ['continue', 200, pass, now, { action: 'Continue', claims: {}, ignored: [] }],
    ['with a byte order mark', 200, `\uFEFF${JSON.stringify(pass)}`, now, { action: 'Continue' }],
    ['claims', 200, { ...pass, city: 'Bern', n: 1, yes: true }, now, { claims: { city: 'Bern', n: 1, yes: true } }],
    ['an object is no claim', 200, { ...pass, a: {}, b: [1], c: null }, now, { claims: {}, ignored: ['a', 'b', 'c'] }],
    ['nor is a name like that', 200, { ...pass, 'a b': 'x', $top: 'x' }, now, { claims: {}, ignored: ['a b', '$top'] }],
    ['nor is what is too long', 200, { ...pass, a: 'x'.repeat(4_097) }, now, { claims: {}, ignored: ['a'] }],
    ['control characters go', 200, { ...pass, a: 'x\u0000\u0007y\nz\ud800' }, now, { claims: { a: 'xy\nz\ufffd' } }],
    ['block', 200, block, now, { action: 'ShowBlockPage', userMessage: 'No.' }],
    ['block in the first slot', 200, block, 'PostFederationSignup', { action: 'ShowBlockPage' }],
    ['block without a message', 200, { ...block, userMessage: ' ' }, now, failed(/needs a "userMessage"/)],
    ['block with status 400', 400, block, now, failed(/must be "ValidationError"; it is "ShowBlockPage"/)],
    ['validation', 400, invalid, now, { action: 'ValidationError', userMessage: 'Short.' }],
    ['validation, as text', 400, { ...invalid, status: '400' }, now, { action: 'ValidationError' }],
    ['validation with status 200', 200, invalid, now, failed(/needs the HTTP status 400; it came with 200/)],
    ['validation without status', 400, { ...invalid, status: undefined }, now, failed(/"status": 400.*none/)],
    ['validation with another', 400, { ...invalid, status: 409 }, now, failed(/"status": 400/)],
    ['validation without a message', 400, { ...invalid, userMessage: 7 }, now, failed(/needs a "userMessage"/)],
    ['validation before the form', 400, invalid, 'PostFederationSignup', failed(/typed nothing yet/)],
    ['no version', 200, { action: 'Continue' }, now, failed(/it has none/)],
    ['version as a number', 200, { ...pass, version: 1 }, now, failed(/it has a number/)],
    ['no action', 200, { version: '1.0.0' }, now, failed(/"action" must be.*it is none/)],
    ['another action', 200, { ...pass, action: 'continue' }, now, failed(/it is "continue"/)],
    ['a list', 200, [pass], now, failed(/no JSON object/)],
    ['nothing', 200, '', now, failed(/no JSON object/)],
    ['204', 204, '', now, failed(/only 200 and 400/)],
    ['301', 301, '', now, failed(/Redirects are not followed/)],
    ['401', 401, pass, now, failed(/credentials/)],
    ['403', 403, pass, now, failed(/credentials/)],
    ['404', 404, pass, now, failed(/Check targetUrl/)],
    ['429', 429, pass, now, failed(/429/, true)],
    ['500', 500, pass, now, failed(/500/, true)],
  ]
  for (const [what, status, body, step, reading] of cases) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    t.match(readAnswer({ status, contentType: 'text/plain', body: text }, step), reading, what)
  }
  const forged = readAnswer(
    {
      status: 200,
      contentType: undefined,
      body: '{"version":"1.0.0","action":"Continue","__proto__":{"x":"y"},"constructor":"c"}',
    },
    now,
  )
  t.strictSame(Object.keys((forged as Extract<Reading, { action: 'Continue' }>).claims), ['constructor'])
  t.equal(({} as Record<string, unknown>)['x'], undefined)
  const long = readAnswer(
    { status: 200, contentType: undefined, body: JSON.stringify({ ...block, userMessage: 'x'.repeat(5_000) }) },
    now,
  )
  t.equal('userMessage' in long && long.userMessage.length, 1_000)
})

t.test('what is kept of an exchange has no values', async (t) => {
  t.strictSame(
    redacted({
      version: '1.0.0',
      action: 'Continue',
      email: 'ana@b.example',
      n: 7,
      list: ['a'],
      no: null,
      o: {},
      step: { deep: 1 },
    }),
    {
      version: '1.0.0',
      action: 'Continue',
      email: '<text of 13>',
      n: '<number>',
      list: '<list of 1>',
      no: '<null>',
      o: '<object>',
      step: '<object>',
    },
  )
  t.equal(redacted('ana@b.example'), '<text of 13>')
  const many = redacted(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`n${n}`, n])))
  t.equal(Object.keys(many as object).length, 61)
  t.equal(withoutQueryValues('https://a.example/b?code=secret&x=1#frag'), 'https://a.example/b?code=***&x=***')
  t.equal(withoutQueryValues('https://a.example/b'), 'https://a.example/b')
})

t.test('certificates, circuits and secrets', async (t) => {
  const now = new Date('2026-06-01T00:00:00Z')
  const at = (day: string) => new Date(`2026-${day}T00:00:00Z`)
  const certificate = (id: string, from: string, to: string) => ({ id, notBefore: at(from), notAfter: at(to) })
  const cases: [what: string, certificates: ReturnType<typeof certificate>[], active: string | undefined][] = [
    ['none', [], undefined],
    ['the later upload', [certificate('2', '01-01', '07-01'), certificate('1', '01-01', '12-01')], '2'],
    ['not one that is over', [certificate('1', '01-01', '12-01'), certificate('2', '01-01', '06-01')], '1'],
    ['nor one to come', [certificate('1', '01-01', '12-01'), certificate('2', '06-02', '12-01')], '1'],
    ['from its first moment', [certificate('1', '06-01', '12-01')], '1'],
    ['all over', [certificate('1', '01-01', '02-01')], undefined],
  ]
  for (const [what, certificates, active] of cases) t.equal(activeCertificate(certificates, now)?.id, active, what)

  const second = (n: number) => new Date(now.getTime() + n * 1_000)
  t.equal(circuitState({ openUntil: null }, now), 'closed')
  t.equal(circuitState({ openUntil: second(1) }, now), 'open')
  t.equal(circuitState({ openUntil: now }, now), 'halfOpen')
  t.equal(retryAfter({ failures: 5, openUntil: second(17), probeUntil: null }, now), 17)
  t.equal(retryAfter({ failures: 5, openUntil: second(-1), probeUntil: second(40) }, now), 40)
  t.equal(retryAfter({ failures: 5, openUntil: second(-1), probeUntil: null }, now), 1)

  const moved = ['https://a.example/x', 'https://b.example/x'] as const
  for (const kind of ['basic', 'bearer', 'oauth'] as const) t.equal(needsSecretAgain(kind, ...moved), true, kind)
  for (const kind of ['certificate', 'signature'] as const) t.equal(needsSecretAgain(kind, ...moved), false, kind)
  t.equal(needsSecretAgain('basic', 'https://a.example/x', 'https://a.example/y?z'), false)
  t.equal(needsSecretAgain('basic', 'https://a.example/x', 'https://a.example:444/x'), true)
  t.equal(needsSecretAgain('basic', 'https://a.example/x', 'http://a.example/x'), true)
})

t.test('a visitor waits twice 20 s at most, and less than a browser does', async (t) => {
  const { timeoutMs, patienceMs } = CALL_LIMITS
  t.equal(timeoutMs, 20_000, 'spec 11')
  t.ok(patienceMs + 2 * timeoutMs < HTTP_LIMITS.timeout)
})

t.test('the line', async (t) => {
  const limits = { perConnector: 2, perTenant: 3, mostWaiting: 40, patienceMs: 60_000 }
  const enterOf = (line: ReturnType<typeof createLine>) => {
    const inside: string[] = []
    const places = new Map<string, Place>()
    const refused: Refused[] = []
    const enter = (name: string, tenant: string, connector: string) =>
      line(tenant, connector).then((place) => {
        if (typeof place === 'string') return refused.push(place)
        inside.push(name)
        return places.set(name, place)
      })
    return { inside, places, refused, enter }
  }

  await t.test('each connector and each organization has its own places, and turns are taken', async (t) => {
    const { inside, places, enter } = enterOf(createLine(limits))
    for (const name of ['a1', 'a2', 'a3', 'a4']) void enter(name, 'A', 'first')
    for (const name of ['b1', 'b2']) void enter(name, 'A', 'second')
    void enter('c1', 'B', 'first')
    await turn()
    t.strictSame(inside, ['a1', 'a2', 'b1', 'c1'], 'two of a connector, three of an organization, others beside them')
    places.get('a1')?.leave()
    places.get('a1')?.leave()
    await turn()
    t.strictSame(inside.slice(4), ['a3'], 'a place is given back once')
    places.get('a2')?.leave()
    await turn()
    t.strictSame(inside.slice(5), ['b2'], 'the other connector is next')
    places.get('b1')?.leave()
    await turn()
    t.strictSame(inside.slice(6), ['a4'])
  })

  await t.test('nobody is kept waiting behind too many, and thousands are told a few at a time', async (t) => {
    const { places, inside, refused, enter } = enterOf(createLine({ ...limits, perConnector: 1, patienceMs: 500 }))
    for (let n = 0; n < 50; n++) void enter(`n${n}`, 'A', 'first')
    await turn()
    t.strictSame(refused, Array(9).fill('full'))
    let most = 0
    for (const deadline = Date.now() + 60_000; refused.length < 49 && Date.now() < deadline; ) {
      const before = refused.length
      await turn()
      most = Math.max(most, refused.length - before)
    }
    t.ok(most > 0 && most <= 16, `${most} in one turn of the event loop`)
    t.strictSame(refused.slice(9), Array(40).fill('impatient'))
    places.get('n0')?.leave()
    await enter('later', 'A', 'first')
    t.strictSame(inside, ['n0', 'later'], 'and the place is free again')
  })
})
