import t from 'tap'
import { startReceiver } from '../support/receiver.js'
import { startService } from '../support/service.js'

// Zitadel CVE-2026-27945 and 55671: an address of metadata that points inside is a way to ask the inside.
t.test('neither metadata nor connectors are asked inside', async (t) => {
  const inside = await startReceiver(t)
  const service = await startService(t, { workers: false, env: { VESTIBULE_EGRESS_ALLOW: 'allowed.example' } })
  const addresses = [
    `${inside.origin}/metadata`,
    inside.origin.replace('http:', 'https:'),
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:127.0.0.1]/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://localhost./',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'https://user:word@partner.example/',
  ]
  for (const address of addresses) {
    const federation = { metadataExchangeUri: address, domains: [{ id: 'partner.example' }] }
    const first = await service.api('POST', '/directory/federationConfigurations', federation)
    t.equal(first.status, 400, address)
    const oidc = {
      '@odata.type': '#microsoft.graph.oidcIdentityProvider',
      displayName: 'x',
      issuer: 'https://login.partner.example',
      wellKnownEndpoint: address,
      clientId: 'x',
      clientSecret: 'y',
    }
    const second = await service.api('POST', '/identity/identityProviders', oidc)
    // A name is looked up only when it is called.
    if (second.status === 201) {
      const { id } = second.body
      const tested = await service.api('POST', `/identity/identityProviders/${id}/testConnection`)
      t.equal(tested.status, 200)
      t.equal(tested.body.isWorking, false, address)
      await service.api('DELETE', `/identity/identityProviders/${id}`)
    } else t.equal(second.status, 400, address)
    for (const connector of connectorsAt(address)) {
      const made = await service.api('POST', '/identity/apiConnectors', connector)
      if (made.status === 400) continue
      t.equal(made.status, 201, made.text)
      const claims = { email: 'ana@partner.example' }
      const tested = await service.api('POST', `/identity/apiConnectors/${made.body.id}/test`, { claims })
      const reason = /The host is not on the public internet|could not be resolved/
      t.match(tested.body, { response: null, reading: { action: 'Failed', reason } }, address)
    }
  }
  t.same(inside.received.length + inside.validations.length, 0, 'nothing inside was asked')
})

/** Both addresses of a connector that this service calls. */
function connectorsAt(address: string): object[] {
  const displayName = 'x'
  return [
    {
      displayName,
      targetUrl: address,
      authenticationConfiguration: { '@odata.type': '#vestibule.bearerAuthentication', token: 'y' },
    },
    {
      displayName,
      targetUrl: 'https://connector.example/',
      authenticationConfiguration: {
        '@odata.type': '#vestibule.clientCredentialsAuthentication',
        tokenEndpoint: address,
        clientId: 'x',
        clientSecret: 'y',
      },
    },
  ]
}
