import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { startOidcHome } from '../support/oidc-home.js'
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

// Seen to fail with `fetch` of the process in place of the guarded one (src/sign-in/federation/openid-connect.ts).
t.test('nor what an honest address names inside, in its metadata or by a redirect', async (t) => {
  const asked: string[] = []
  const inside = createServer((request, response) => {
    asked.push(String(request.url))
    response.setHeader('content-type', 'application/json')
    response.end('{"keys":[],"access_token":"x","token_type":"Bearer"}')
  })
  await new Promise<void>((done) => inside.listen(0, '127.0.0.2', done))
  t.teardown(() => inside.close())
  const within = `http://127.0.0.2:${(inside.address() as AddressInfo).port}`
  const service = await startService(t, { workers: false, env: { VESTIBULE_EGRESS_ALLOW: '127.0.0.1' } })
  const home = await startOidcHome(t, { redirectTo: service.baseUrl })
  const made = await service.api('POST', '/identity/identityProviders', {
    '@odata.type': '#microsoft.graph.oidcIdentityProvider',
    displayName: 'Partner',
    issuer: home.issuer,
    clientId: 'vestibule',
    clientSecret: 'a secret between the two',
  })
  const test = async () =>
    (await service.api('POST', `/identity/identityProviders/${made.body.id}/testConnection`)).body.checks
  t.match(await test(), [{ outcome: 'passed' }, { outcome: 'passed' }, { outcome: 'passed' }], 'as it is')
  const document = await (await fetch(home.wellKnownEndpoint)).json()
  for (const [name, check] of [
    ['jwks_uri', 'keys'],
    ['token_endpoint', 'client'],
  ] as const) {
    home.before = (request, response) => {
      if (!request.url?.endsWith('/openid-configuration')) return false
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ ...(document as object), [name]: `${within}/${name}` }))
      return true
    }
    const failed = (await test()).filter(({ outcome }: { outcome: string }) => outcome === 'failed')
    t.match(failed[0], { name: check }, name)
  }
  home.before = (_request, response) => response.writeHead(302, { location: `${within}/redirected` }).end() && true
  t.match(await test(), [{ name: 'metadata', outcome: 'failed' }])
  t.strictSame(asked, [])
})
