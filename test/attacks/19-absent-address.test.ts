import t from 'tap'
import { startService } from '../support/service.js'
import { signTestToken } from '../support/tokens.js'
import { addPerson, changesNothing } from './scene.js'

t.test('a user without an address is matched by no invitation', async (t) => {
  const service = await startService(t, { workers: false })
  const nameless = await addPerson(service, 'nameless', { mail: null })
  await changesNothing(t, service, async () => {
    for (const address of ['', ' ', '@', 'null', 'undefined', 'mallory@evil.example']) {
      const answer = await service.api('POST', '/invitations', {
        invitedUserEmailAddress: address,
        inviteRedirectUrl: 'https://app.example/',
        invitedUser: { id: nameless },
      })
      t.equal(answer.status, 400, JSON.stringify(address))
    }
    const noAddress = { invitedUserEmailAddress: null, inviteRedirectUrl: 'https://app.example/' }
    t.equal((await service.api('POST', '/invitations', noAddress)).status, 400)
  })
})

t.test('a token whose claims are empty or missing speaks for nobody', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, baseUrl, tenantId, clientId, adminId } = service
  const nobody = await addPerson(service, 'nameless', { mail: null })
  await changesNothing(t, service, async () => {
    for (const name of ['oid', 'tid', 'appid', 'scp', 'exp', 'nbf', 'iss', 'aud']) {
      for (const value of [undefined, '', null]) {
        const subject = { tenantId, clientId, userId: adminId, scopes: ['User.Read.All'], claims: { [name]: value } }
        const token = await signTestToken(services.signingKeys, baseUrl, subject)
        const answer = await service.api('GET', '/users', undefined, { token })
        // An empty scope is no permission; anything else makes no token of it.
        t.equal(answer.status, name === 'scp' && value === '' ? 403 : 401, `${name} ${value}`)
      }
    }
    const token = await service.userToken(nobody, [])
    t.equal((await service.api('GET', '/users', undefined, { token })).status, 403)
  })
})
