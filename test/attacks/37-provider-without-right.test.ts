import t from 'tap'
import { Guest } from '../support/guest.js'
import { startOidcHome } from '../support/oidc-home.js'
import { startService } from '../support/service.js'
import { addPerson, changesNothing } from './scene.js'

// Keycloak CVE-2026-18201: whoever could bind an identity provider to an organization steered where its people sign in.
t.test('who may bind a provider, and to which domains', async (t) => {
  const records = new Map<string, string[]>()
  const service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  const home = await startOidcHome(t, { redirectTo: service.baseUrl })
  const wish = (domains: string[]) => ({
    '@odata.type': '#microsoft.graph.oidcIdentityProvider',
    displayName: 'Evil',
    issuer: home.issuer,
    clientId: 'x',
    clientSecret: 'y',
    domains,
  })
  const path = '/identity/identityProviders'

  t.test('without permission or role', async (t) => {
    const member = await addPerson(service, 'mia')
    const inviter = await addPerson(service, 'ina', { roles: ['95e79109-95c0-4d8e-aee3-d01accf2d47b'] })
    const tokens = [
      await service.appToken(['IdentityProvider.Read.All']),
      await service.appToken(['User.Invite.All', 'Directory.ReadWrite.All']),
      await service.userToken(member, ['IdentityProvider.ReadWrite.All']),
      await service.userToken(inviter, ['IdentityProvider.ReadWrite.All']),
    ]
    for (const token of tokens) {
      const answer = await changesNothing(t, service, () => service.api('POST', path, wish([]), { token }))
      t.equal(answer.status, 403)
    }
    const administrator = await addPerson(service, 'ida', { roles: ['be2f45a1-457d-42af-a067-6ec1fa63bc45'] })
    const token = await service.userToken(administrator, ['IdentityProvider.ReadWrite.All'])
    const made = await service.api('POST', path, wish([]), { token })
    t.equal(made.status, 201)
    t.equal((await service.api('DELETE', `${path}/${made.body.id}`)).status, 204)
  })

  t.test('for a domain whose owner has not agreed', async (t) => {
    for (const domain of ['victim.example', 'gmail.com', 'VICTIM.example']) {
      const answer = await changesNothing(t, service, () => service.api('POST', path, wish([domain])))
      t.equal(answer.status, 400, domain)
      t.match(answer.body.error.message, `DirectFedAuthUrl=${home.issuer}`)
    }
    records.set('victim.example', [`DirectFedAuthUrl=${home.issuer}.evil`, 'DirectFedAuthUrl=', home.issuer])
    t.equal((await service.api('POST', path, wish(['victim.example']))).status, 400, 'nor to something alike')
    t.equal((await service.api('POST', path, wish(['contoso.example']))).status, 400, 'nor for our own domain')
  })

  t.test('agreement goes with the address: another issuer has to be agreed to', async (t) => {
    records.set('partner.example', [`DirectFedAuthUrl=${home.issuer}`])
    const { body, status } = await service.api('POST', path, wish(['partner.example']))
    t.equal(status, 201)
    const moved = await service.api('PATCH', `${path}/${body.id}`, { issuer: 'https://evil.example' })
    t.equal(moved.status, 400)
    t.match(moved.body.error.message, /DirectFedAuthUrl=https:\/\/evil\.example/)
    const second = await service.api('POST', path, {
      ...wish(['partner.example']),
      issuer: 'https://login.partner.example',
    })
    t.equal(second.status, 400, 'one domain has one provider')
    t.equal(second.body.error.innerError.code, 'domainFederated')
  })

  t.test("another organization's providers are not found, and steer nobody here", async (t) => {
    const other = await service.otherTenant('fabrikam.example')
    const { value } = (await service.api('GET', path)).body
    const { id } = value.find((one: { displayName: string }) => one.displayName === 'Evil')
    const { token } = other
    t.same((await service.api('GET', path, undefined, { token })).body.value.length, 3, 'only what is built in')
    t.equal((await service.api('GET', `${path}/${id}`, undefined, { token })).status, 404)
    t.equal((await service.api('PATCH', `${path}/${id}`, { displayName: 'Mine' }, { token })).status, 404)
    t.equal((await service.api('DELETE', `${path}/${id}`, undefined, { token })).status, 404)
    const invitation = { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example/' }
    const { body } = await service.api('POST', '/invitations', invitation, { token })
    t.match((await new Guest().get(body.inviteRedeemUrl)).html, /value="send"/)
  })
})
