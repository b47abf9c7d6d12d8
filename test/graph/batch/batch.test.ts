import t from 'tap'
import { startService, type TestService } from '../../support/service.js'

let service: TestService
t.before(async () => {
  service = await startService(t, { workers: false })
})

type Item = Record<string, unknown>
const batch = (requests: Item[], options = {}) => service.api('POST', '/$batch', { requests }, options)
const byId = (body: { responses: { id: string }[] }) =>
  Object.fromEntries(body.responses.map((each) => [each.id, each]))

t.test('each request has its own status, headers and body', async (t) => {
  const { status, body } = await batch([
    { id: 'a', method: 'GET', url: '/users?$select=id&$top=1' },
    { id: 'b', method: 'get', url: 'users/00000000-0000-0000-0000-000000000000' },
    {
      id: 'c',
      method: 'POST',
      url: '/invitations',
      headers: { 'Content-Type': 'application/json' },
      body: { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example/' },
    },
    { id: 'd', method: 'GET', url: '/users/$count', headers: { ConsistencyLevel: 'eventual' } },
    { id: 'e', method: 'GET', url: '/users/$count' },
    { id: 'f', method: 'GET', url: `${service.baseUrl}/v1.0/users?$top=1` },
    { id: 'g', method: 'GET', url: "/beta/users?$filter=mail eq 'ana@partner.example'&$select=id" },
    { id: 'h', method: 'GET', url: "/users?$filter=startswith(mail,'x" },
  ])
  t.equal(status, 200)
  t.strictSame(
    body.responses.map(({ id }: { id: string }) => id),
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
  )
  const { a, b, c, d, e, f, g, h } = byId(body) as Record<string, any>
  t.equal(a.status, 200)
  t.match(a.headers['Content-Type'], /^application\/json;odata.metadata=minimal/)
  t.equal(a.body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#users(id)`)
  t.equal(a.body.value.length, 1)
  t.equal(b.status, 404)
  t.equal(b.body.error.code, 'Request_ResourceNotFound')
  t.equal(c.status, 201)
  t.ok(c.headers.Location.startsWith(`${service.baseUrl}/v1.0/invitations/`))
  t.equal(d.status, 200)
  t.match(d.headers['Content-Type'], /^text\/plain/)
  t.equal(d.body, '2')
  t.equal(e.status, 400)
  t.equal(e.body.error.message, '$count is not currently supported.')
  t.equal(f.status, 200)
  t.equal(g.body.value.length, 1)
  t.ok(g.body['@odata.context'].startsWith(`${service.baseUrl}/beta/`))
  t.equal(h.status, 400)
  t.not(a.headers['request-id'], b.headers['request-id'], 'each has an id of its own')
})

t.test('an answer without a body has none', async (t) => {
  const made = await service.invite('gone@partner.example')
  const { body } = await batch([{ id: '1', method: 'DELETE', url: `/users/${made.invitedUser.id}` }])
  t.equal(body.responses[0].status, 204)
  t.notOk('body' in body.responses[0])
})

t.test('what depends on a failed request is not carried out', async (t) => {
  const invite = (id: string, address: string, dependsOn: string[]): Item => ({
    id,
    method: 'POST',
    url: '/invitations',
    headers: { 'content-type': 'application/json' },
    body: { invitedUserEmailAddress: address, inviteRedirectUrl: 'https://app.example/' },
    dependsOn,
  })
  const { body } = await batch([
    invite('last', 'last@partner.example', ['MIDDLE']),
    invite('middle', 'middle@partner.example', ['first']),
    { id: 'first', method: 'GET', url: '/users/nobody@partner.example' },
    invite('free', 'free@partner.example', []),
  ])
  const { first, middle, last, free } = byId(body) as Record<string, any>
  t.equal(first.status, 404)
  t.equal(middle.status, 424)
  t.equal(middle.body.error.code, 'FailedDependency')
  t.equal(last.status, 424)
  t.equal(free.status, 201)
  const rows = await service.rows(
    "select mail from users where mail in ('last@partner.example', 'middle@partner.example')",
  )
  t.equal(rows.length, 0)
})

const refused: [title: string, requests: Item[], message: string][] = [
  [
    'an id twice, in another case too',
    [
      { id: 'A', method: 'GET', url: '/users' },
      { id: 'a', method: 'GET', url: '/users' },
    ],
    'Request Id a has to be unique in a batch.',
  ],
  [
    'more than twenty',
    Array.from({ length: 21 }, (_, id) => ({ id: `${id}`, method: 'GET', url: '/users' })),
    'Number of batch request steps exceeds the maximum value of 20.',
  ],
  ['none', [], 'The batch holds no requests.'],
  [
    'a dependency that is not there',
    [{ id: '1', method: 'GET', url: '/users', dependsOn: ['2'] }],
    "Request '1' depends on '2', which the batch does not hold.",
  ],
  [
    'a circle',
    [
      { id: '1', method: 'GET', url: '/users', dependsOn: ['2'] },
      { id: '2', method: 'GET', url: '/users', dependsOn: ['1'] },
    ],
    "Request '1' depends on itself.",
  ],
  [
    'a body without its type',
    [{ id: '1', method: 'POST', url: '/invitations', body: {} }],
    'Write request id : 1 does not contain Content-Type header or body.',
  ],
  [
    'an unknown method',
    [{ id: '1', method: 'TRACE', url: '/users' }],
    "Invalid value specified for property 'requests[0].method': it must be GET, POST, PUT, PATCH or DELETE.",
  ],
  ['no url', [{ id: '1', method: 'GET' }], "A value is required for property 'requests[0].url'."],
]
for (const [title, requests, message] of refused) {
  t.test(`the whole batch is refused: ${title}`, async (t) => {
    const { status, body } = await batch(requests)
    t.equal(status, 400)
    t.equal(body.error.message, message)
  })
}

t.test('permissions are asked for each request, of the caller of the batch', async (t) => {
  const token = await service.appToken(['User.Read.All'])
  const { body } = await batch(
    [
      { id: 'read', method: 'GET', url: '/users?$top=1' },
      { id: 'write', method: 'DELETE', url: '/users/x' },
    ],
    { token },
  )
  const { read, write } = byId(body) as Record<string, any>
  t.equal(read.status, 200)
  t.equal(write.status, 403)
  t.equal((await batch([{ id: '1', method: 'GET', url: '/users' }], { token: null })).status, 401)
})
