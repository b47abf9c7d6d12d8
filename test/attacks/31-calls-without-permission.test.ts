import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing, invited } from './scene.js'

/** What everybody may know: the shape of the service. */
const PUBLIC = new Set(['GET /v1.0/$metadata'])
/** Its items are asked one by one. */
const TOKEN_IS_ENOUGH = new Set(['POST /v1.0/$batch'])

// Seen to fail with `isGranted` (src/graph/access.ts) never asked: calls without a permission went through.
t.test('every route of the dialect asks for a token and for its own permission', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const document = (await (await fetch(`${service.baseUrl}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  )
  const dialect = routes.filter(({ path }) => /^\/(?:v1\.0|beta)\//.test(path))
  t.ok(dialect.length >= 12, `${dialect.length} routes`)
  // Of each kind a permission that is real and opens something else.
  const elsewhere = await service.appToken([])
  const policyReader = await service.appToken(['Policy.Read.All'])
  const delegated = await service.userToken(service.adminId, ['openid', 'profile'])
  const body = { invitedUserEmailAddress: 'bo@partner.example', inviteRedirectUrl: 'https://app.example/' }

  await changesNothing(t, service, async () => {
    for (const { method, path } of dialect) {
      const route = `${method} ${path}`
      if (PUBLIC.has(route)) continue
      const id = path.includes('/users/') ? ana.userId : ana.id
      const address = path.replace(/^\/v1\.0|^\/beta/, '').replace(/\{[^}]+\}/g, id)
      const ask = (token: string | null) =>
        service.api(method, address, method === 'GET' || method === 'DELETE' ? undefined : body, { token })
      t.equal((await ask(null)).status, 401, `${route} without a token`)
      if (TOKEN_IS_ENOUGH.has(route)) continue
      // Nobody is "me" for an application, whatever it may do.
      const forApplications = /^\/v1\.0\/me(?:\/|$)/.test(path) ? 400 : 403
      t.equal((await ask(elsewhere)).status, forApplications, `${route} without a permission`)
      t.equal((await ask(delegated)).status, 403, `${route} for a person whose client may nothing`)
      if (path.includes('/policies/') && method === 'GET') continue
      const answer = await ask(policyReader)
      t.equal(answer.status, forApplications, `${route} with a permission for something else`)
      if (forApplications === 403) t.equal(answer.body.error.code, 'Authorization_RequestDenied')
    }
  })
})

t.test('who may read may not write', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const reader = await service.appToken(['User.Read.All', 'Directory.Read.All', 'Policy.Read.All'])
  const inviter = await service.appToken(['User.Invite.All'])
  const wish = { invitedUserEmailAddress: 'bo@partner.example', inviteRedirectUrl: 'https://app.example/' }
  const calls: [string, string, unknown, string][] = [
    ['POST', '/invitations', wish, reader],
    ['POST', `/invitations/${ana.id}/revoke`, undefined, reader],
    ['POST', `/invitations/${ana.id}/resend`, undefined, reader],
    ['PATCH', `/users/${ana.userId}`, { displayName: 'x' }, reader],
    ['DELETE', `/users/${ana.userId}`, undefined, reader],
    ['PATCH', '/policies/authorizationPolicy', { allowInvitesFrom: 'everyone' }, reader],
    ['PUT', '/policies/invitationDomainPolicy', { mode: 'any' }, reader],
    ['PATCH', `/users/${ana.userId}`, { displayName: 'x' }, inviter],
    ['DELETE', `/users/${ana.userId}`, undefined, inviter],
    ['GET', '/users', undefined, inviter],
    ['PATCH', '/policies/authorizationPolicy', { allowInvitesFrom: 'everyone' }, inviter],
  ]
  await changesNothing(t, service, async () => {
    for (const [method, path, body, token] of calls) {
      t.equal((await service.api(method, path, body, { token })).status, 403, `${method} ${path}`)
    }
  })
})
