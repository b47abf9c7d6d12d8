import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { isGuid } from '../../src/kernel/ids.js'
import { Refusal, type RefusalKind } from '../../src/kernel/refusal.js'
import { dialect } from './support.js'

const open = { permission: 'public' } as const

function throwing(app: FastifyInstance, thrown: unknown): void {
  for (const backEnd of ['directory', 'invitations'] as const) {
    app.get(`/v1.0/${backEnd}`, { config: { ...open, backEnd } }, async () => {
      throw thrown
    })
  }
}

const kinds: [kind: RefusalKind, status: number, directory: string, invitations: string][] = [
  ['invalid', 400, 'Request_BadRequest', 'BadRequest'],
  ['unauthenticated', 401, 'InvalidAuthenticationToken', 'InvalidAuthenticationToken'],
  ['forbidden', 403, 'Authorization_RequestDenied', 'Forbidden'],
  ['notFound', 404, 'Request_ResourceNotFound', 'Request_ResourceNotFound'],
  ['conflict', 409, 'Request_MultipleObjectsWithSameKeyValue', 'Conflict'],
  ['gone', 410, 'Gone', 'Gone'],
  ['tooLarge', 413, 'RequestEntityTooLarge', 'RequestEntityTooLarge'],
  ['unprocessable', 422, 'UnprocessableEntity', 'UnprocessableEntity'],
  ['throttled', 429, 'TooManyRequests', 'TooManyRequests'],
  ['unavailable', 503, 'ServiceUnavailable', 'ServiceUnavailable'],
]
for (const [kind, status, directory, invitations] of kinds) {
  t.test(`a refusal of kind ${kind} answers ${status}`, async (t) => {
    const app = await dialect((app) =>
      throwing(app, new Refusal(kind, 'fineCode', 'Say why.', { internal: 'secret note' })),
    )
    t.teardown(() => app.close())
    for (const [backEnd, code] of Object.entries({ directory, invitations })) {
      const answer = await app.inject(`/v1.0/${backEnd}`)
      t.equal(answer.statusCode, status)
      t.match(answer.json().error, { code, message: 'Say why.', innerError: { code: 'fineCode' } })
      t.notMatch(answer.body, 'secret note')
    }
  })
}

t.test('the envelope has Graph shape and nothing else', async (t) => {
  const items = [{ code: 'ObjectConflict', message: 'Another one.', target: 'mail' }]
  const details = { target: 'mail', graphCode: 'Request_UnsupportedQuery', retryAfterSeconds: 1.2, items }
  const app = await dialect((app) => throwing(app, new Refusal('invalid', 'fineCode', 'Say why.', details)))
  t.teardown(() => app.close())
  const answer = await app.inject({ url: '/v1.0/directory', headers: { 'client-request-id': 'mine-1' } })
  const { error } = answer.json()
  t.same(Object.keys(error), ['code', 'message', 'target', 'details', 'innerError'])
  t.same(Object.keys(error.innerError), ['code', 'date', 'request-id', 'client-request-id'])
  t.match(error, { code: 'Request_UnsupportedQuery', target: 'mail', details: items })
  t.match(error.innerError.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  t.ok(isGuid(error.innerError['request-id']))
  t.equal(error.innerError['request-id'], answer.headers['request-id'])
  t.equal(error.innerError['client-request-id'], 'mine-1')
  t.equal(answer.headers['client-request-id'], 'mine-1')
  t.equal(answer.headers['retry-after'], '2')
  t.match(answer.headers['content-type'], /^application\/json;odata\.metadata=minimal;/)
})

const outages: [title: string, error: Error][] = [
  [
    'postgres.js lost its connection',
    Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' }),
  ],
  ['PostgreSQL refuses connections', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['PostgreSQL shuts down', Object.assign(new Error('terminating'), { code: '57P01' })],
  ['PostgreSQL starts up', Object.assign(new Error('starting'), { code: '57P03' })],
  ['PostgreSQL has no connection left', Object.assign(new Error('sorry'), { code: '53300' })],
  ['a statement took too long', Object.assign(new Error('canceling'), { code: '57014' })],
  ['a lock was not to be had', Object.assign(new Error('canceling'), { code: '55P03' })],
  ['the socket is gone', Object.assign(new Error('connect ENOENT'), { code: 'ENOENT', syscall: 'connect' })],
  [
    'the loss is wrapped',
    new Error('Failed query', { cause: Object.assign(new Error('x'), { code: 'CONNECT_TIMEOUT' }) }),
  ],
]
for (const [title, error] of outages) {
  t.test(`503 with Retry-After when ${title}`, async (t) => {
    const app = await dialect((app) => throwing(app, error))
    t.teardown(() => app.close())
    const answer = await app.inject('/v1.0/directory')
    t.equal(answer.statusCode, 503)
    t.ok(Number(answer.headers['retry-after']) > 0)
    t.notMatch(answer.body, error.message)
  })
}

for (const thrown of [
  new Error('password=hunter2'),
  Object.assign(new Error('no such file hunter2'), { code: 'ENOENT', syscall: 'open' }),
  Object.assign(new Error('hunter2 says 418'), { statusCode: 418 }),
  'hunter2',
]) {
  t.test(`an unexpected ${String(thrown)} is a 500 that tells nothing and is logged whole`, async (t) => {
    const lines: string[] = []
    const logger = { level: 'error', stream: { write: (line: string) => void lines.push(line) } }
    const app = await dialect((app) => throwing(app, thrown), { server: { logger } })
    t.teardown(() => app.close())
    const answer = await app.inject('/v1.0/directory')
    t.equal(answer.statusCode, 500)
    t.equal(answer.json().error.code, 'Service_InternalServerError')
    t.equal((await app.inject('/v1.0/invitations')).json().error.code, 'InternalServerError')
    t.notMatch(answer.body, 'hunter2')
    t.match(lines.join(''), 'hunter2')
    t.match(lines.join(''), String(answer.headers['request-id']))
  })
}

t.test('a body that cannot be read answers in Graph words', async (t) => {
  const app = await dialect((app) => {
    const schema = { body: Type.Object({}, { additionalProperties: true }) }
    app.post('/v1.0/things', { config: open, bodyLimit: 64 * 1_024, schema }, async () => ({}))
  })
  t.teardown(() => app.close())
  const json = 'application/json'
  const cases: [type: string, payload: string, innerCode: string][] = [
    [json, '{"a":', 'malformedJson'],
    [json, '', 'emptyBody'],
    [json, '{"__proto__":{"admin":true}}', 'malformedJson'],
    ['text/xml', '<a/>', 'unsupportedMediaType'],
    ['application/x-www-form-urlencoded', 'a=b', 'unsupportedMediaType'],
  ]
  for (const [type, payload, innerCode] of cases) {
    const answer = await app.inject({ method: 'POST', url: '/v1.0/things', headers: { 'content-type': type }, payload })
    t.equal(answer.statusCode, 400, payload)
    t.match(answer.json().error, {
      code: 'BadRequest',
      message:
        'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
      innerError: { code: innerCode },
    })
  }
  const big = await app.inject({ method: 'POST', url: '/v1.0/things', payload: { a: 'x'.repeat(70_000) } })
  t.equal(big.statusCode, 413)
  t.match(big.json().error, { innerError: { code: 'bodyTooLarge' }, message: /limit is 64 kB/ })
})

t.test('a path nobody serves names the segment; a wrong method names the right ones', async (t) => {
  const app = await dialect((app) => {
    app.get('/v1.0/users', { config: open }, async () => ({}))
    app.post('/v1.0/users', { config: open }, async () => ({}))
    app.get('/v1.0/users/:id', { config: open }, async () => ({}))
    app.get('/v1.0/users/:id/manager/$ref', { config: open }, async () => ({}))
    app.get('/v1.0/users/:id/memberOf/:item', { config: open }, async () => ({}))
    app.delete('/v1.0/things/*', { config: open }, async () => ({}))
  })
  t.teardown(() => app.close())
  const unknown: [url: string, segment: string][] = [
    ['/v1.0/nothing', 'nothing'],
    ['/v1.0/nothing/users', 'nothing'],
    ['/beta/users', 'beta'],
    ['/v1.0', 'v1.0'],
    ['/v1.0/users/1/nothing?x=1', 'nothing'],
    ['/v1.0/users/1/manager', 'manager'],
    ['/v1.0/Users', 'Users'],
    ['/v1.0/%3Cscript%3E', '<script>'],
    ['http://evil.example/v1.0/nothing', 'nothing'],
    ['/v1%2E0/nothing', 'nothing'],
    ['/v1.0/users/$count', '$count'],
    ['/v1.0/users/availableKinds()?x=1', 'availableKinds()'],
    ['/v1.0/users/delta?$deltatoken=x', 'delta'],
    ['/v1.0/users/1/memberOf/$ref', '$ref'],
  ]
  for (const [url, segment] of unknown) {
    const answer = await app.inject({ method: 'GET', url })
    t.equal(answer.statusCode, 400, url)
    t.match(answer.json().error, { code: 'BadRequest', message: `Resource not found for the segment '${segment}'.` })
  }
  for (const cast of ['graph.device', 'microsoft.graph.device']) {
    const answer = await app.inject(`/v1.0/users/1/memberOf/${cast}`)
    t.equal(answer.statusCode, 400, cast)
    const message = `A cast to '${cast}' is not supported here.`
    t.match(answer.json().error, { code: 'Request_UnsupportedQuery', message })
  }
  t.equal((await app.inject('/v1.0/users/%24count')).statusCode, 200, 'a key is percent-encoded')
  const wrong: [method: 'PUT' | 'DELETE' | 'GET' | 'OPTIONS', url: string, allow: string][] = [
    ['DELETE', '/v1.0/users', 'GET, HEAD, POST'],
    ['PUT', '/v1.0/users/ana%23EXT%23@x.example', 'GET, HEAD'],
    ['GET', '/v1.0/things/a/b', 'DELETE'],
    ['OPTIONS', '/v1.0/users', 'GET, HEAD, POST'],
  ]
  for (const [method, url, allow] of wrong) {
    const answer = await app.inject({ method, url })
    t.equal(answer.statusCode, 405, `${method} ${url}`)
    t.equal(answer.headers.allow, allow)
    t.match(answer.json().error, {
      code: 'Request_BadRequest',
      message: 'Specified HTTP method is not allowed for the request target.',
    })
  }
})

t.test('requests the router cannot read get the same envelope', async (t) => {
  const app = await dialect((app) => {
    app.get('/v1.0/users/:id', { config: open }, async (request) => request.params)
  })
  t.teardown(() => app.close())
  for (const url of ['/v1.0/users/%zz', '/v1.0/users/a%00b', `/v1.0/users/${'x'.repeat(200)}`]) {
    const answer = await app.inject({ url })
    t.ok(answer.statusCode >= 400 && answer.statusCode < 500, url)
    t.equal(answer.json().error.code, 'BadRequest')
    t.ok(isGuid(String(answer.headers['request-id'])))
  }
})

t.test('outside the dialect other areas answer in their own way', async (t) => {
  const fail = (app: FastifyInstance) => {
    app.get('/page', { config: open }, async () => {
      throw new Refusal('gone', 'expired', 'Gone.')
    })
  }
  const plain = await dialect(fail)
  t.teardown(() => plain.close())
  const missed = await plain.inject('/nothing')
  t.equal(missed.statusCode, 404)
  t.match(missed.headers['content-type'], 'text/plain')

  const pages = await dialect(fail, {
    elsewhere: {
      notFound: (_request, reply) => reply.code(404).type('text/html').send('<h1>Nothing here</h1>'),
      error: (problem, _request, reply) =>
        reply.code(problem.status).type('text/html').send(`<h1>${problem.message}</h1>`),
    },
  })
  t.teardown(() => pages.close())
  t.equal((await pages.inject('/nothing')).body, '<h1>Nothing here</h1>')
  t.match(await pages.inject('/page'), { statusCode: 410, body: '<h1>Gone.</h1>' })
  t.equal((await pages.inject('/v1.0/nothing')).json().error.code, 'BadRequest')
})
