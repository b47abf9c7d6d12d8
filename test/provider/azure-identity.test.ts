import { generateKeyPairSync } from 'node:crypto'
import { ClientAssertionCredential, ClientSecretCredential } from '@azure/identity'
import { importPKCS8, SignJWT } from 'jose'
import t from 'tap'
import { addClientKey } from '../../src/applications/index.js'
import { openWorld, type World } from './world.js'

let world: World
let client: Awaited<ReturnType<World['newClient']>>
t.before(async () => {
  world = await openWorld()
  client = await world.newClient(world.tenantIds[0])
})
t.teardown(() => world.close())

const options = () => ({
  authorityHost: world.tlsOrigin,
  disableInstanceDiscovery: true,
  tlsOptions: { ca: world.ca },
  retryOptions: { maxRetries: 0 },
})

t.test('@azure/identity gets a token with a client secret, by tenant id and by domain', async (t) => {
  for (const tenant of [world.tenantIds[0], 'contoso.example']) {
    for (const scope of ['https://graph.microsoft.com/.default', `${world.tlsOrigin}/.default`]) {
      const credential = new ClientSecretCredential(tenant, client.appId, client.secretText, options())
      const { token, expiresOnTimestamp } = await credential.getToken(scope)
      t.match(await world.authenticate(token), { clientId: client.appId, kind: 'application' }, `${tenant} ${scope}`)
      t.ok(Math.abs(expiresOnTimestamp - Date.now() - 1_800_000) < 10_000)
    }
  }
})

t.test('@azure/identity gets a token with a signed assertion', async (t) => {
  const tenantId = world.tenantIds[0]
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const jwk = publicKey.export({ format: 'jwk' })
  await world.database.withTenant(tenantId, (scope) =>
    addClientKey(scope, client.id, { ...jwk, kty: 'RSA' }, {}, world),
  )
  const key = await importPKCS8(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'PS256')
  const sign = () =>
    new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'PS256' })
      .setIssuer(client.appId)
      .setSubject(client.appId)
      .setAudience(`${world.tlsOrigin}/${tenantId}/oauth2/v2.0/token`)
      .setExpirationTime('5m')
      .sign(key)
  const credential = new ClientAssertionCredential(tenantId, client.appId, sign, options())
  const { token } = await credential.getToken('https://graph.microsoft.com/.default')
  t.match(await world.authenticate(token), { clientId: client.appId })
})

t.test('@azure/identity shows our words when secret or tenant are wrong', async (t) => {
  const scope = 'https://graph.microsoft.com/.default'
  const wrongSecret = new ClientSecretCredential(world.tenantIds[0], client.appId, 'wrong', options())
  await t.rejects(wrongSecret.getToken(scope), { message: /AADSTS7000215/ })
  const wrongTenant = new ClientSecretCredential('unknown.example', client.appId, client.secretText, options())
  await t.rejects(wrongTenant.getToken(scope), { message: /invalid_request|AADSTS90002|endpoints_resolution/ })
})
