import { createHmac, randomUUID } from 'node:crypto'
import { decodeJwt, exportJWK, generateKeyPair, type JWK } from 'jose'
import t from 'tap'
import { grantPermissions, removeCredential, setApplicationEnabled } from '../../src/applications/index.js'
import type { TenantScope } from '../../src/platform/database.js'
import type { Subject } from '../../src/provider/index.js'
import { signTestToken, signWith } from '../support/tokens.js'
import { until } from '../support/until.js'
import { openWorld, type World } from './world.js'

const MINUTE = 60_000
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
let world: World
t.before(async () => {
  world = await openWorld()
})
t.teardown(() => world.close())

const contoso = () => world.tenantIds[0]
const fabrikam = () => world.tenantIds[1]
const within = <T>(work: (scope: TenantScope) => Promise<T>) => world.database.withTenant(contoso(), work)
const refused = (code: string, message?: string) => ({
  kind: 'unauthenticated',
  code,
  details: { graphCode: 'InvalidAuthenticationToken' },
  ...(message !== undefined && { message }),
})

type Client = Awaited<ReturnType<World['newClient']>>
const tokenOf = async (client: Client, secret = client.secretText): Promise<string> => {
  const url = `${world.origin}/${client.tenantId}/oauth2/v2.0/token`
  const scope = 'https://graph.microsoft.com/.default'
  const form = { client_id: client.appId, client_secret: secret, grant_type: 'client_credentials', scope }
  return String((await world.send(url, { form })).json['access_token'])
}
const newToken = async (tenantId = contoso()) => {
  const client = await world.newClient(tenantId)
  return { client, token: await tokenOf(client) }
}
const forge = async (token: string, claims: object, header: object = {}, tenantId = contoso()) => {
  const jwk = (await world.signingKeys.of(tenantId)).privateJwks[0]
  return signWith(jwk, { ...decodeJwt(token), ...claims }, { kid: jwk.kid, ...header })
}

t.test('a token of ours tells who calls, whichever process is asked and how often', async (t) => {
  const { client, token } = await newToken()
  const expected = {
    tenantId: contoso(),
    kind: 'application',
    clientId: client.appId,
    objectId: client.servicePrincipalId,
    displayName: 'Onboarding robot',
    directoryRoles: new Set(),
    permissions: new Set(['User.Invite.All', 'User.Read.All']),
    origin: world.origin,
  }
  t.strictSame(await world.authenticate(token), expected)
  t.strictSame(await world.authenticate(token), expected)
  t.strictSame(await world.openProcess().authenticate(token), expected)
})

t.test("what is no token is refused in Graph's words", async (t) => {
  const { token } = await newToken()
  const [header, payload, signature] = token.split('.')
  const malformed = refused('tokenMalformed', 'CompactToken parsing failed with error code: 80049217')
  await t.rejects(world.authenticate(), refused('tokenMissing', 'Access token is empty.'))
  await t.rejects(world.authenticate(''), refused('tokenMissing', 'Access token is empty.'))
  for (const text of ['abc', 'a.b.c', `${header}.${payload}`, 'x'.repeat(20_000), `${token} ${token}`, '....']) {
    await t.rejects(world.authenticate(text), malformed, text.slice(0, 20))
  }
  const wrong = refused('tokenSignature')
  await t.rejects(world.authenticate(`${header}.${payload}.`), wrong, 'no signature')
  await t.rejects(world.authenticate(`${header}.${payload}.${signature?.replace(/^.{4}/, 'AAAA')}`), wrong)
})

t.test('a token works from 30 seconds before its start to 30 seconds after its end', async (t) => {
  const { token } = await newToken()
  world.moveClock(30 * MINUTE + 20_000)
  t.ok(await world.authenticate(token))
  world.moveClock(15_000)
  const expired = refused('tokenExpired', 'Lifetime validation failed, the token is expired.')
  await t.rejects(world.authenticate(token), expired, 'one that was checked before')
  await t.rejects(world.openProcess().authenticate(token), expired, 'one that was not')
  world.moveClock(-30 * MINUTE - 35_000)
  world.moveClock(-MINUTE)
  await t.rejects(world.authenticate(token), refused('tokenNotYetValid'))
  world.moveClock(MINUTE)
})

t.test('the audience is this service under any of its names', async (t) => {
  const { token } = await newToken()
  const names = [world.origin, world.tlsOrigin, 'https://graph.microsoft.com']
  for (const aud of [...names, ...names.map((name) => `${name}/`), '00000003-0000-0000-c000-000000000000']) {
    t.ok(await world.authenticate(await forge(token, { aud })), aud)
  }
  const wrong = refused('tokenAudience', 'Access token validation failure. Invalid audience.')
  for (const aud of ['https://graph.windows.net', 'http://localhost', randomUUID(), '']) {
    await t.rejects(world.authenticate(await forge(token, { aud })), wrong, aud)
  }
})

t.test('a token of one tenant is nothing in another', async (t) => {
  const { token } = await newToken(contoso())
  const iss = `${world.origin}/${fabrikam()}/v2.0`
  await world.signingKeys.of(fabrikam())
  const cases: [string, string, string][] = [
    ["the other tenant's issuer", await forge(token, { iss }), 'tokenIssuer'],
    ["the other tenant's issuer and id, signed here", await forge(token, { iss, tid: fabrikam() }), 'tokenSignature'],
    ["this tenant's claims, signed there", await forge(token, {}, {}, fabrikam()), 'tokenSignature'],
    [
      "the other's signature, this one's kid",
      await forge(token, {}, await kid(contoso()), fabrikam()),
      'tokenSignature',
    ],
    [
      'a client that the other tenant does not have',
      await forge(token, { iss, tid: fabrikam() }, {}, fabrikam()),
      'clientDisabled',
    ],
    ['an unknown tenant', await forge(token, unknownTenant()), 'tokenIssuer'],
    ['another origin', await forge(token, { iss: `https://evil.example/${contoso()}/v2.0` }), 'tokenIssuer'],
    ['the domain for the id', await forge(token, { iss: `${world.origin}/contoso.example/v2.0` }), 'tokenIssuer'],
  ]
  for (const [name, forged, code] of cases) await t.rejects(world.authenticate(forged), refused(code), name)
  const rows = await world.database.sql`select distinct tenant_id from signing_keys`
  t.equal(rows.length, 2, 'a token that names an unknown tenant makes no key')
})

t.test('only RS256 with our key counts', async (t) => {
  const { token } = await newToken()
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = part(decodeJwt(token))
  const jwk = (await world.signingKeys.of(contoso())).privateJwks[0]
  const hmacInput = `${part({ alg: 'HS256', typ: 'at+jwt', kid: jwk.kid })}.${claims}`
  const own = await generateKeyPair('RS256', { extractable: true })
  const foreign: JWK = await exportJWK(own.privateKey)
  const embedded = { kid: jwk.kid, jwk: await exportJWK(own.publicKey) }
  const cases = {
    none: `${part({ alg: 'none', typ: 'at+jwt', kid: jwk.kid })}.${claims}.`,
    'the public key as a secret': `${hmacInput}.${createHmac('sha256', part(jwk.n)).update(hmacInput).digest('base64url')}`,
    'a key of the sender, by our kid': await signWith(foreign, decodeJwt(token), { kid: jwk.kid }),
    'a key of the sender, in the header': await signWith(foreign, decodeJwt(token), embedded),
    'a key of the sender, by URL': await signWith(foreign, decodeJwt(token), { kid: 'x', jku: 'https://evil.example' }),
    'no kid': await forge(token, {}, { kid: undefined }),
  }
  for (const [name, forged] of Object.entries(cases)) {
    await t.rejects(world.authenticate(forged), refused('tokenSignature'), name)
  }
  await t.rejects(world.authenticate(await forge(token, {}, { typ: 'JWT' })), refused('tokenKind'), 'an ID token')
  await t.rejects(world.authenticate(await forge(token, { roles: 'User.Read.All' })), refused('tokenKind'))
  await t.rejects(world.authenticate(await forge(token, { oid: randomUUID() })), refused('tokenKind'), 'another object')
})

// Fails when authenticate.ts leaves out `isWithdrawn` or the caches do not listen.
t.test('a token is refused in every process once its client is disabled or its secret removed', async (t) => {
  const other = world.openProcess()
  await until(() => other.listener.isUp())
  const withdrawals: [string, string, (client: Client) => Promise<void>][] = [
    [
      'disabled',
      'clientDisabled',
      (client) => within((scope) => setApplicationEnabled(scope, client.id, false, world)),
    ],
    [
      'secret removed',
      'tokenRevoked',
      (client) => within((scope) => removeCredential(scope, client.id, client.keyId, world)),
    ],
  ]
  for (const [name, code, withdraw] of withdrawals) {
    const { client, token } = await newToken()
    for (const process of [world, other]) t.ok(await process.authenticate(token), name)
    await withdraw(client)
    for (const process of [world, other]) {
      await until(async () =>
        process.authenticate(token).then(
          () => false,
          () => true,
        ),
      )
      await t.rejects(process.authenticate(token), refused(code), name)
    }
  }
})

t.test('enabling again revives no old token, and a new one of the same moment is good', async (t) => {
  const { client, token } = await newToken()
  await within((scope) => setApplicationEnabled(scope, client.id, false, world))
  await within((scope) => setApplicationEnabled(scope, client.id, true, world))
  const fresh = await tokenOf(client)
  await until(async () =>
    world.authenticate(token).then(
      () => false,
      () => true,
    ),
  )
  await t.rejects(world.authenticate(token), refused('tokenRevoked'))
  t.ok(await world.authenticate(fresh))
})

t.test(
  'a permission that is taken away is gone from tokens already issued, a new one waits for the next',
  async (t) => {
    const { client, token } = await newToken()
    t.ok((await world.authenticate(token)).permissions.has('User.Invite.All'))
    await within((scope) => grantPermissions(scope, client.id, ['User.Read.All', 'Policy.Read.All'], world))
    await until(async () => (await world.authenticate(token)).permissions.size === 1)
    t.strictSame((await world.authenticate(token)).permissions, new Set(['User.Read.All']))
    const next = await world.authenticate(await tokenOf(client))
    t.strictSame(next.permissions, new Set(['Policy.Read.All', 'User.Read.All']))
  },
)

t.test('while a process cannot hear of changes it reads them', async (t) => {
  const deaf = world.openProcess()
  await until(() => deaf.listener.isUp())
  const { client, token } = await newToken()
  t.ok(await deaf.authenticate(token))
  await deaf.listener.close()
  await within((scope) => setApplicationEnabled(scope, client.id, false, world))
  await t.rejects(deaf.authenticate(token), refused('clientDisabled'))
})

t.test('a disabled tenant lets nobody in', async (t) => {
  const { token } = await newToken()
  await world.setTenantEnabled(world.tenantIds[0], false)
  await t.rejects(world.authenticate(token), refused('tenantDisabled'))
  await world.setTenantEnabled(world.tenantIds[0], true)
  t.ok(await world.authenticate(token))
})

const by = { kind: 'service', displayName: 'a test' } as const

t.test('signing keys rotate: old tokens stay good, unless the old key is distrusted', async (t) => {
  const other = world.openProcess()
  await until(() => other.listener.isUp())
  const { client, token } = await newToken()
  t.ok(await other.authenticate(token))
  await world.signingKeys.rotate(contoso(), { by })
  const next = await tokenOf(client)
  t.not(next.split('.')[0], token.split('.')[0], 'another kid')
  for (const process of [world, other]) {
    t.ok(await process.authenticate(token))
    t.ok(await process.authenticate(next))
  }
  const published = await world.send(`${world.origin}/${contoso()}/discovery/v2.0/keys`)
  t.equal((published.json['keys'] as unknown[]).length, 2)

  await world.signingKeys.rotate(contoso(), { by, distrustOld: true })
  for (const process of [world, other]) {
    await until(async () =>
      process.authenticate(token).then(
        () => false,
        () => true,
      ),
    )
    await t.rejects(process.authenticate(token), refused('tokenSignature'))
    await t.rejects(process.authenticate(next), refused('tokenSignature'))
    t.ok(await process.authenticate(await tokenOf(client)))
  }
})

t.test('a key that retired an hour ago is gone', async (t) => {
  const { token } = await newToken()
  await world.signingKeys.rotate(contoso(), { by })
  const before = (await world.openProcess().signingKeys.of(contoso())).publicKeys.size
  world.moveClock(61 * MINUTE)
  const late = world.openProcess()
  t.equal((await late.signingKeys.of(contoso())).publicKeys.size, before - 1)
  await t.rejects(late.authenticate(token), refused('tokenSignature'))
  world.moveClock(-61 * MINUTE)
})

t.test('many processes that start together make one key', async (t) => {
  await world.database.sql`delete from signing_keys where tenant_id = ${fabrikam()}`
  const rings = await Promise.all(Array.from({ length: 6 }, () => world.openProcess().signingKeys.of(fabrikam())))
  t.equal(new Set(rings.map((ring) => ring.version)).size, 1)
})

t.test('the database holds no private key that can be read', async (t) => {
  const rows = await world.database.sql`select s::text as row, private_key_sealed as sealed from signing_keys s`
  t.ok(rows.length > 0)
  for (const row of rows) {
    const text = `${row['row']}${Buffer.from(row['sealed']).toString('latin1')}`
    t.notMatch(text, /PRIVATE|"d":|"kty"/)
  }
})

t.test('a delegated token speaks for a person who may still act', async (t) => {
  const { client } = await newToken()
  const userId = randomUUID()
  const person: Subject = {
    id: userId,
    displayName: 'Ana Lima',
    mail: 'ana@contoso.example',
    userType: 'Member',
    accountEnabled: true,
    directoryRoles: new Set([GLOBAL_ADMINISTRATOR]),
  }
  const scopes = ['User.Invite.All', 'openid']
  const token = await signTestToken(world.signingKeys, world.origin, {
    tenantId: contoso(),
    clientId: client.appId,
    userId,
    scopes,
  })
  await t.rejects(world.authenticate(token), refused('subjectDisabled'), 'unknown')
  world.subjects.set(userId, person)
  t.strictSame(await world.authenticate(token), {
    tenantId: contoso(),
    kind: 'user',
    reading: { guests: 'restricted', membersReadOthers: true },
    clientId: client.appId,
    objectId: userId,
    displayName: 'Ana Lima',
    mail: 'ana@contoso.example',
    userType: 'Member',
    directoryRoles: person.directoryRoles,
    permissions: new Set(scopes),
    origin: world.origin,
  })
  world.subjects.set(userId, { ...person, accountEnabled: false })
  await t.rejects(world.authenticate(token), refused('subjectDisabled'))
  world.subjects.set(userId, { ...person, tokensValidFrom: new Date(Date.now() + 5_000) })
  await t.rejects(world.authenticate(token), refused('tokenRevoked'))
  world.subjects.set(userId, person)
  await within((scope) => setApplicationEnabled(scope, client.id, false, world))
  await until(async () =>
    world.authenticate(token).then(
      () => false,
      () => true,
    ),
  )
  await t.rejects(world.authenticate(token), refused('clientDisabled'))
})

async function kid(tenantId: string): Promise<{ kid: string | undefined }> {
  return { kid: (await world.signingKeys.of(tenantId)).privateJwks[0].kid }
}

function unknownTenant(): object {
  const tid = randomUUID()
  return { tid, iss: `${world.origin}/${tid}/v2.0` }
}
