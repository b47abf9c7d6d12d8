import Fastify from 'fastify'
import t from 'tap'
import { RouteTree } from '../../src/graph/route-tree.js'
import { alternateKey, spelled } from '../../src/graph/spelling.js'

const routes = new RouteTree()
const paths = [
  '/v1.0/users',
  '/v1.0/users/$count',
  '/v1.0/users/delta',
  '/v1.0/users/:id',
  '/v1.0/users/:id/manager/$ref',
  '/v1.0/users/:id/checkMemberGroups',
  '/v1.0/groups/:id',
  '/v1.0/groups/:id/members/$ref',
  '/v1.0/groups/:id/members/microsoft.graph.user',
  '/v1.0/groups/:id/members/microsoft.graph.user/$count',
  '/v1.0/groups/:id/members/:memberId/$ref',
  '/v1.0/directory/deletedItems/microsoft.graph.user',
  '/v1.0/$metadata',
  "/v1.0/applications(appId=':appId(^.+)')",
  '/v1.0/applications/:id',
]
for (const path of paths) routes.add('GET', path)

const rewritten: [from: string, to: string][] = [
  ['/v1.0/users', '/v1.0/users'],
  ['/v1.0/users?$filter=x/y()', '/v1.0/users?$filter=x/y()'],
  ['/v1.0/Users', '/v1.0/users'],
  ['/v1.0/users/delta()', '/v1.0/users/delta'],
  ['/v1.0/users/delta()?$select=id', '/v1.0/users/delta?$select=id'],
  ['/v1.0/users/microsoft.graph.delta', '/v1.0/users/delta'],
  ['/v1.0/users/microsoft.graph.delta()', '/v1.0/users/delta'],
  ['/v1.0/users/graph.delta()', '/v1.0/users/delta'],
  ['/v1.0/users/microsoft.graph.delta%28%29', '/v1.0/users/delta'],
  ['/v1.0/users/%24count', '/v1.0/users/$count'],
  ['/v1.0/%24metadata', '/v1.0/$metadata'],
  ["/v1.0/users('abc')", '/v1.0/users/abc'],
  ["/v1.0/users('abc')/manager/%24ref", '/v1.0/users/abc/manager/$ref'],
  ["/v1.0/users(userPrincipalName='a@x.example')", '/v1.0/users/a%40x.example'],
  ["/v1.0/users('%24a@x.example')", '/v1.0/users/%24a%40x.example'],
  ["/v1.0/users('ana_x.example%23EXT%23@c.example')", '/v1.0/users/ana_x.example%23EXT%23%40c.example'],
  ["/v1.0/users('o''neil@x.example')", "/v1.0/users/o'neil%40x.example"],
  ["/v1.0/groups(uniqueName='it team')", "/v1.0/groups/uniqueName%3D'it%20team'"],
  ["/v1.0/groups(uniqueName='it')/members/$ref", "/v1.0/groups/uniqueName%3D'it'/members/$ref"],
  ['/v1.0/groups/g/members/graph.user', '/v1.0/groups/g/members/microsoft.graph.user'],
  ['/v1.0/groups/g/members/microsoft.graph.user', '/v1.0/groups/g/members/microsoft.graph.user'],
  ['/v1.0/groups/g/members/graph.user/$count', '/v1.0/groups/g/members/microsoft.graph.user/$count'],
  ['/v1.0/groups/g/members/graph.robot', '/v1.0/groups/g/members/graph.robot'],
  ['/v1.0/directory/deleteditems/Microsoft.Graph.User', '/v1.0/directory/deletedItems/microsoft.graph.user'],
  ['/v1.0/users/x/microsoft.graph.checkMemberGroups', '/v1.0/users/x/checkMemberGroups'],
  ["/v1.0/Applications(appId='x')", "/v1.0/applications(appId='x')"],
  ['/v1.0/applications(appId=%27x%2Fy%27)', "/v1.0/applications(appId='x%2Fy')"],
  ["/v1.0/applications(uniqueName='x')", "/v1.0/applications/uniqueName%3D'x'"],
  // A key keeps its case and its encoding.
  ['/v1.0/users/ANA%40x.example', '/v1.0/users/ANA%40x.example'],
  ['http://evil.example/v1.0/Users?x=1', '/v1.0/users?x=1'],
]
for (const [from, to] of rewritten) {
  t.test(`${from} is ${to}`, async (t) => {
    t.equal(spelled(from, routes), to)
    t.equal(spelled(to, routes), to, 'and stays so')
  })
}

t.test('nothing encoded becomes part of the path', async (t) => {
  const hostile = [
    '/v1.0/users%2F$count',
    '/v1.0/users/%2e%2e/groups/x',
    "/v1.0/users('..')",
    "/v1.0/users('.')",
    "/v1.0/users('a/../../groups/g')",
    "/v1.0/users('a%2F..%2F..%2Fgroups%2Fg')",
    "/v1.0/users('a?b#c')",
    "/v1.0/users('x')('y')",
    "/v1.0/users('x",
    '/v1.0/users(x)',
    "/v1.0/users('')",
    '/v1.0/users/%zz/manager',
    "/v1.0/users(__proto__='x')",
    "/v1.0/constructor('x')",
    `/v1.0/users(${"'".repeat(5_000)})`,
    `/v1.0/${'('.repeat(5_000)}`,
  ]
  for (const url of hostile) {
    const target = spelled(url, routes)
    const before = url.split('?')[0]?.split('/').length ?? 0
    // A key moves into a segment of its own; every other slash was there before.
    t.ok(target.split('?')[0]?.split('/').length ?? 0 <= before + 1, `${url.slice(0, 60)} → ${target.slice(0, 60)}`)
    const path = target.split('?')[0] ?? ''
    if (path !== url.split('?')[0]) t.notMatch(path, /\/\.{1,2}(?:\/|$)|%2f.*%2f.*\/groups/i, url)
  }
  t.equal(spelled("/v1.0/users('a%2Fb')", routes), '/v1.0/users/a%2Fb')
  t.equal(spelled('/other/Users', routes), '/other/Users', 'pages are left alone')
})

t.test('a key that starts with a dollar sign is no operation', async (t) => {
  const tree = new RouteTree()
  const app = Fastify({ rewriteUrl: ({ url = '/' }) => spelled(url, tree) })
  app.addHook('onRoute', ({ method, url }) => tree.add(method, url))
  app.get('/v1.0/users/$count', async () => 'count')
  app.get<{ Params: { id: string } }>('/v1.0/users/:id', async ({ params, originalUrl }) => ({
    id: params.id,
    originalUrl,
  }))
  t.equal((await app.inject('/v1.0/users/%24count')).body, 'count')
  t.strictSame((await app.inject("/v1.0/users('%24count')")).json(), {
    id: '$count',
    originalUrl: "/v1.0/users('%24count')",
  })
  t.strictSame((await app.inject("/v1.0/users('a%2Fb')")).json().id, 'a/b')
  await app.close()
})

t.test('an alternate key is read from where the spelling leaves it', async (t) => {
  t.strictSame(alternateKey("uniqueName='it team'"), { property: 'uniqueName', value: 'it team' })
  t.strictSame(alternateKey("uniqueName='o'neil'"), { property: 'uniqueName', value: "o'neil" })
  for (const id of ['8a3f', "x='", "='x'", '']) t.equal(alternateKey(id), undefined)
})

t.test('what is remembered of a path is its names, whatever the ids, and nothing that somebody made up', async (t) => {
  const [one, other] = ['0198f6b2-0000-7000-8000-000000000001', '0198F6B2-0000-7000-8000-00000000000F']
  routes.wellSpelled.clear()
  for (const id of [one, other, one]) {
    t.equal(spelled(`/v1.0/users/${id}/manager/$ref?$x=1`, routes), `/v1.0/users/${id}/manager/$ref?$x=1`)
    t.equal(spelled(`/v1.0/Users/${id}/manager/$ref`, routes), `/v1.0/users/${id}/manager/$ref`)
    t.equal(spelled(`/v1.0/users('${id}')/manager/$ref`, routes), `/v1.0/users/${id}/manager/$ref`)
  }
  t.strictSame([...routes.wellSpelled], ['/v1.0/users/*/manager/$ref'])
  for (const made of [`/v1.0/users/ana@x.example`, `/v1.0/users//${one}`, `/v1.0/made/up`, `/v1.0/users/${one}/made`]) {
    t.equal(spelled(made, routes), made)
  }
  t.equal(routes.wellSpelled.size, 1)
})
