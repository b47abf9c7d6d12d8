import t from 'tap'
import { isGuid } from '../../src/kernel/ids.js'
import { dialect } from './support.js'

const open = { permission: 'public' } as const

t.test('every answer carries both ids, and echoes only what is safe to echo', async (t) => {
  const app = await dialect((app) => {
    app.get('/v1.0/things', { config: open }, async () => ({ value: [] }))
    app.get('/v1.0/things/$count', { config: open }, async (_request, reply) => reply.type('text/plain').send('5'))
    app.delete('/v1.0/things', { config: open }, async (_request, reply) => reply.code(204).send())
    app.get('/healthz', { config: open }, async () => ({ status: 'ok' }))
  })
  t.teardown(() => app.close())

  const echoed = ['0d7e2a3c-1a2b-4c3d-8e9f-0a1b2c3d4e5f', 'az-cli:17', 'x'.repeat(64)]
  const replaced = [undefined, '', 'x'.repeat(65), 'a b', 'a\u00e9']
  for (const sent of [...echoed, ...replaced]) {
    const answer = await app.inject({
      url: '/v1.0/things',
      headers: sent === undefined ? {} : { 'client-request-id': sent },
    })
    const { 'request-id': ours, 'client-request-id': theirs } = answer.headers
    t.ok(isGuid(String(ours)))
    t.equal(String(ours)[14], '7', 'a UUID version 7')
    t.equal(theirs, sent !== undefined && echoed.includes(sent) ? sent : ours)
  }

  const list = await app.inject('/v1.0/things')
  t.match(list.headers, {
    'cache-control': 'no-cache',
    'odata-version': '4.0',
    'access-control-allow-origin': '*',
    'content-type':
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
  })
  t.notOk(list.headers['access-control-allow-credentials'])
  t.match((await app.inject('/v1.0/things/$count')).headers['content-type'], 'text/plain')
  const empty = await app.inject({ method: 'DELETE', url: '/v1.0/things' })
  t.equal(empty.headers['content-type'], undefined)
  t.ok(empty.headers['request-id'])

  const health = await app.inject('/healthz')
  t.ok(isGuid(String(health.headers['request-id'])))
  t.equal(health.headers['odata-version'], undefined)
  t.equal(health.headers['access-control-allow-origin'], undefined)
  t.equal(health.headers['content-type'], 'application/json; charset=utf-8')
})

t.test('a preflight is answered without a token and without touching the route', async (t) => {
  const app = await dialect((app) => {
    app.post('/v1.0/things', { config: { permission: { application: ['User.Read.All'] } } }, async () => ({}))
  })
  t.teardown(() => app.close())
  const headers = {
    origin: 'https://spa.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization, content-type,consistencylevel',
  }
  const answer = await app.inject({ method: 'OPTIONS', url: '/v1.0/things', headers })
  t.equal(answer.statusCode, 204)
  t.match(answer.headers, {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'authorization, content-type,consistencylevel',
    'access-control-allow-methods': /POST/,
  })
  const refused = await app.inject({ method: 'POST', url: '/v1.0/things', headers })
  t.equal(refused.statusCode, 401)
  t.match(
    refused.headers['access-control-expose-headers'],
    /request-id.*Retry-After/,
    'errors can be read by scripts too',
  )

  const odd = { ...headers, 'access-control-request-headers': 'a b, <x>' }
  const unnamed = await app.inject({ method: 'OPTIONS', url: '/v1.0/things', headers: odd })
  t.equal(unnamed.headers['access-control-allow-headers'], undefined)
  t.notOk((await app.inject({ method: 'OPTIONS', url: '/elsewhere', headers })).headers['access-control-allow-origin'])
})
