import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing, invited } from './scene.js'

t.test('an item of a batch cannot leave the dialect, nest, or act for somebody else', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const other = await service.otherTenant('fabrikam.example')
  const one = async (item: Record<string, unknown>, token?: string) => {
    const answer = await service.api(
      'POST',
      '/$batch',
      { requests: [{ id: '1', method: 'GET', ...item }] },
      token === undefined ? {} : { token },
    )
    return answer.status === 200 ? answer.body.responses[0] : answer
  }
  await changesNothing(t, service, async () => {
    const urls = [
      '/$batch',
      '%24batch',
      '/v1.0/$batch',
      '/beta/%24Batch',
      'https://evil.example/v1.0/users',
      '//evil.example/v1.0/users',
      '/\\evil.example/users',
      'file:///etc/passwd',
      '/../dev/mailbox/messages',
      '/users/../../dev/mailbox/messages',
      '/%2e%2e/dev/mailbox/messages',
      '/v1.0/../healthz',
      'http://localhost:1/v1.0/users',
      `${service.baseUrl}/dev/mailbox/messages`,
      `${service.baseUrl}@evil.example/v1.0/users`,
      'javascript:alert(1)',
      '/users\r\nHost: evil.example',
    ]
    for (const url of urls) {
      const { status, body } = await one({ url })
      t.equal(status, 400, url)
      t.match(body.error.innerError.code, /^(?:urlNotAllowed|nestedBatch|unknownPath)$/, url)
    }
    const nested = { requests: [{ id: '1', method: 'GET', url: '/users' }] }
    const json = { headers: { 'Content-Type': 'application/json' }, body: nested }
    for (const method of ['POST', 'PATCH']) t.equal((await one({ url: '/$batch', method, ...json })).status, 400)
    for (const url of [
      '/$%62atch',
      '/%24b%61tch',
      '/v1%2E0/$%62atch',
      '/beta/$batc%68',
      '//$batch',
      '/users/../$%62atch',
    ]) {
      const { status, body } = await one({ url, method: 'POST', ...json })
      t.ok(status >= 400, `${url} answers ${status}`)
      t.notOk(body.responses, `${url} carries nothing out`)
    }
    const headers = [
      'Authorization',
      'authorization',
      'Cookie',
      'Host',
      'X-Forwarded-For',
      'Content-Length',
      'Transfer-Encoding',
      'Forwarded',
    ]
    for (const name of headers) {
      const { status, body } = await one({ url: '/users', headers: { [name]: `Bearer ${other.token}` } })
      t.equal(status, 400, name)
      t.equal(body.error.innerError.code, 'headerNotAllowed')
    }
    t.equal(
      (await one({ url: `/users/${ana.userId}` }, other.token)).status,
      404,
      "another organization's user stays hidden",
    )
    t.equal((await one({ url: `/users/${ana.userId}` }, 'not.a.token')).status, 401)
  })
})

t.test('twenty batches of twenty run one request each at a time', async (t) => {
  const service = await startService(t, { workers: false })
  await invited(service, 'ana@partner.example')
  let running = 0
  let most = 0
  const count = service.services.database.withTenant
  Object.assign(service.services.database, {
    withTenant: async (...given: Parameters<typeof count>) => {
      running += 1
      most = Math.max(most, running)
      try {
        return await count(...given)
      } finally {
        running -= 1
      }
    },
  })
  const search = `/users?$search=${encodeURIComponent('"displayName:a" OR "displayName:b"')}`
  const requests = Array.from({ length: 20 }, (_, id) => ({
    id: `${id}`,
    method: 'GET',
    url: search,
    headers: { ConsistencyLevel: 'eventual' },
  }))
  const answers = await Promise.all(Array.from({ length: 20 }, () => service.api('POST', '/$batch', { requests })))
  for (const { status, body } of answers) {
    t.equal(status, 200)
    t.ok(body.responses.every((each: { status: number }) => each.status === 200))
  }
  t.ok(most <= 20, `${most} at a time`)
  t.equal((await service.api('GET', '/users?$top=1')).status, 200)
})

t.test('a batch is bounded in what it takes and what it answers', async (t) => {
  const service = await startService(t, { workers: false })
  const body = { x: 'y'.repeat(1_100_000) }
  const large = await service.api('POST', '/$batch', { requests: [{ id: '1', method: 'POST', url: '/users', body }] })
  t.equal(large.status, 413)
  const deep = JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`)
  const nested = await service.api('POST', '/$batch', {
    requests: [{ id: '1', method: 'POST', url: '/users', headers: { 'Content-Type': 'application/json' }, body: deep }],
  })
  t.equal(nested.status, 400)
})
