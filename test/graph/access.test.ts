import t from 'tap'
import type { RoutePermission } from '../../src/graph/access.js'
import { dialect } from './support.js'

const permission: RoutePermission = {
  application: ['User.Invite.All', ['Policy.Read.All', 'Policy.ReadWrite.Authorization']],
  delegated: ['User.Invite.All'],
}

t.test('a request is let in by any one set of permissions, whole', async (t) => {
  const app = await dialect((app) => {
    app.get('/v1.0/thing', { config: { permission } }, async (request) => ({ kind: request.caller.kind }))
    app.get('/v1.0/apps-only', { config: { permission: { application: ['User.Read.All'] } } }, async () => ({}))
    app.get('/open', { config: { permission: 'public' } }, async () => 'open')
  })
  t.teardown(() => app.close())
  const cases: [token: string | undefined, path: string, status: number][] = [
    ['app-User.Invite.All', '/v1.0/thing', 200],
    ['app-Policy.Read.All-Policy.ReadWrite.Authorization', '/v1.0/thing', 200],
    ['app-Policy.Read.All', '/v1.0/thing', 403],
    ['app-user.invite.all', '/v1.0/thing', 403],
    ['app', '/v1.0/thing', 403],
    ['user-User.Invite.All', '/v1.0/thing', 200],
    ['user-Policy.Read.All-Policy.ReadWrite.Authorization', '/v1.0/thing', 403],
    ['user-User.Read.All', '/v1.0/apps-only', 403],
    ['bad', '/v1.0/thing', 401],
    [undefined, '/v1.0/thing', 401],
    [undefined, '/open', 200],
  ]
  for (const [token, url, status] of cases) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await app.inject({ method, url, headers })
      t.equal(answer.statusCode, status, `${method} ${url} with ${token}`)
    }
  }
})

t.test('a missing permission answers in Graph words and names what would do', async (t) => {
  const app = await dialect((app) => {
    app.get('/v1.0/thing', { config: { permission } }, async () => ({}))
    const denied = () => 'Insufficient privileges to perform requested operation.'
    app.post('/v1.0/own-words', { config: { permission, denied, backEnd: 'invitations' } }, async () => ({}))
  })
  t.teardown(() => app.close())
  const headers = { authorization: 'Bearer app-User.Read.All' }
  const { error } = (await app.inject({ url: '/v1.0/thing', headers })).json()
  t.equal(error.code, 'Authorization_RequestDenied')
  t.equal(error.message, 'Insufficient privileges to complete the operation.')
  t.equal(error.innerError.code, 'permissionMissing')
  t.match(error.details[1].message, 'Policy.Read.All together with Policy.ReadWrite.Authorization')
  const own = (await app.inject({ method: 'POST', url: '/v1.0/own-words', headers })).json().error
  t.equal(own.code, 'Authorization_RequestDenied')
  t.equal(own.message, 'Insufficient privileges to perform requested operation.')
})

t.test('401 carries a challenge, with an error only when a token was sent', async (t) => {
  const app = await dialect((app) => void app.get('/v1.0/thing', { config: { permission } }, async () => ({})))
  t.teardown(() => app.close())
  for (const authorization of [undefined, '', 'Bearer', 'Bearer ', 'Basic dTpw', 'app-User.Invite.All']) {
    const answer = await app.inject({
      url: '/v1.0/thing',
      headers: authorization === undefined ? {} : { authorization },
    })
    t.equal(answer.statusCode, 401, String(authorization))
    t.match(answer.json().error, { code: 'InvalidAuthenticationToken', message: 'Access token is empty.' })
    t.equal(answer.headers['www-authenticate'], 'Bearer realm="Vestibule"')
  }
  const expired = await app.inject({ url: '/v1.0/thing', headers: { authorization: 'bearer bad' } })
  t.match(expired.json().error, {
    code: 'InvalidAuthenticationToken',
    message: 'Lifetime validation failed, the token is expired.',
  })
  t.match(expired.headers['www-authenticate'], 'error="invalid_token", error_description="Lifetime validation failed')
})

const mistakes: [title: string, permission: RoutePermission | undefined, message: RegExp][] = [
  ['no permission', undefined, /GET \/v1\.0\/thing names no permission/],
  ['a permission nobody knows', { application: ['User.Inivte.All'] }, /'User\.Inivte\.All' is no permission/],
  ['a delegated permission as an application one', { application: ['User.Read'] }, /'User\.Read' is no permission/],
  ['nobody', {}, /lets nobody in/],
  ['an empty set', { application: [[]] }, /empty set/],
]
for (const [title, permission, message] of mistakes) {
  t.test(`a route that names ${title} stops the start`, async (t) => {
    const config = permission === undefined ? {} : { permission }
    await t.rejects(
      dialect((app) => void app.get('/v1.0/thing', { config }, async () => ({}))),
      message,
    )
  })
}
