import t from 'tap'
import {
  addClientSecret,
  createApplication,
  grantPermissions,
  removeCredential,
  setApplicationEnabled,
} from '../../src/applications/index.js'
import { fetchToken, startService } from '../support/service.js'
import { until } from '../support/until.js'
import { anotherInstance } from './instance.js'
import { addPerson, changesNothing } from './scene.js'

const wish = { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example/' }

t.test('a token outlives neither its client, nor its secret, nor its permission, in any process', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId, baseUrl } = service
  const other = await anotherInstance(t, service)
  const inTenant = services.database.withTenant.bind(null, tenantId)
  const withdrawals: Record<string, { how: (id: string, keyId: string) => Promise<unknown>; status: number }> = {
    'the client was disabled': {
      how: (id) => inTenant((scope) => setApplicationEnabled(scope, id, false, services)),
      status: 401,
    },
    'its secret was removed': {
      how: (id, keyId) => inTenant((scope) => removeCredential(scope, id, keyId, services)),
      status: 401,
    },
    'its permission was taken away': {
      how: (id) => inTenant((scope) => grantPermissions(scope, id, [], services)),
      status: 403,
    },
    'it was disabled and enabled again': {
      how: async (id) => {
        for (const enabled of [false, true])
          await inTenant((scope) => setApplicationEnabled(scope, id, enabled, services))
      },
      status: 401,
    },
  }
  for (const [title, { how, status }] of Object.entries(withdrawals)) {
    const made = await services.database.withTenant(tenantId, async (scope) => {
      const application = await createApplication(
        scope,
        { displayName: title, permissions: ['User.Invite.All'] },
        services,
      )
      return { ...application, ...(await addClientSecret(scope, application.id, {}, services)) }
    })
    const token = await fetchToken(baseUrl, tenantId, made.appId, made.secretText)
    const ask = async (base: string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const response = await fetch(`${base}/v1.0/invitations/evaluate`, {
        method: 'POST',
        headers,
        body: JSON.stringify(wish),
      })
      await response.arrayBuffer()
      return response.status
    }
    // Both processes know the token and its client by now.
    for (const base of [baseUrl, other.baseUrl]) t.equal(await ask(base), 200)
    await how(made.id, made.keyId)
    await changesNothing(t, service, async () => {
      for (const base of [baseUrl, other.baseUrl]) {
        // In force elsewhere as soon as the word has come, long before what is cached would be read anew by itself.
        await until(async () => (await ask(base)) !== 200, title)
        t.equal(await ask(base), status, title)
      }
    })
  }
})

t.test('a person who was disabled, deleted or signed out everywhere has no token any more', async (t) => {
  const service = await startService(t, { workers: false })
  const ways: [string, (id: string) => Promise<unknown>][] = [
    ['disabled', (id) => service.api('PATCH', `/users/${id}`, { accountEnabled: false })],
    ['deleted', (id) => service.api('DELETE', `/users/${id}`)],
    [
      'signed out',
      (id) =>
        service.rows(
          `update users set sign_in_sessions_valid_from_date_time = now() + interval '1 second' where id = '${id}'`,
        ),
    ],
  ]
  for (const [how, withdraw] of ways) {
    const id = await addPerson(service, how.replace(' ', '-'))
    const token = await service.userToken(id, ['User.Invite.All'])
    t.equal((await service.api('POST', '/invitations/evaluate', wish, { token })).status, 200)
    await withdraw(id)
    await changesNothing(t, service, async () => {
      t.equal((await service.api('POST', '/invitations', wish, { token })).status, 401, how)
    })
  }
})
