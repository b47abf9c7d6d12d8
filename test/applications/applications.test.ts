import { exportJWK, generateKeyPair } from 'jose'
import t from 'tap'
import {
  addClientKey,
  addClientSecret,
  createApplication,
  findClient,
  grantPermissions,
  isLive,
  isSecretOf,
  removeCredential,
  revokeApplicationTokens,
  setApplicationEnabled,
  stillGranted,
} from '../../src/applications/index.js'
import { raised } from '../../src/applications/rules.js'
import type { TenantScope } from '../../src/platform/database.js'
import { openWorld, type World } from '../provider/world.js'
import { until } from '../support/until.js'

const HOUR = 3_600_000
let world: World
t.before(async () => {
  world = await openWorld()
})
t.teardown(() => world.close())

const [contoso, fabrikam] = [() => world.tenantIds[0], () => world.tenantIds[1]]
const within = <T>(tenantId: string, work: (scope: TenantScope) => Promise<T>) =>
  world.database.withTenant(tenantId, work)
const client = (tenantId: string, appId: string) => findClient(world.database.sql, tenantId, appId)

t.test('credentials are live from their start until before their end', async (t) => {
  const at = (ms: number) => isLive({ start: 1_000, end: 2_000 }, new Date(ms))
  t.strictSame([999, 1_000, 1_999, 2_000].map(at), [false, true, true, false])
  t.ok(isLive({ start: 1_000, end: null }, new Date(9e12)))
})

t.test('permissions are what the token has and is still granted', async (t) => {
  t.strictSame([...stillGranted(['A', 'B'], ['B', 'C'])], ['B'])
})

t.test('two withdrawals in one millisecond still differ', async (t) => {
  const now = new Date(5_000)
  t.equal(raised(null, now), 5_000)
  t.equal(raised(new Date(5_000), now), 5_001)
  t.equal(raised(new Date(9_000), now), 9_001, 'never lowered by a clock that is behind')
})

t.test('a new application is read back in one round trip, by its own tenant only', async (t) => {
  const made = await world.newClient(contoso(), ['User.Read.All', 'User.Invite.All', 'User.Read.All'])
  const found = await client(contoso(), made.appId)
  t.match(found, {
    applicationId: made.id,
    servicePrincipalId: made.servicePrincipalId,
    displayName: 'Onboarding robot',
    accountEnabled: true,
    permissions: ['User.Invite.All', 'User.Read.All'],
    tokensValidFrom: null,
    credentials: [{ keyId: made.keyId }],
  })
  t.equal(await client(fabrikam(), made.appId), undefined)
})

t.test('the database never sees a secret: it keeps an HMAC and the first three characters', async (t) => {
  const made = await world.newClient(contoso())
  t.equal(Buffer.from(made.secretText, 'base64url').length, 32)
  const rows = await world.database.sql.begin(async (tx) => {
    await tx`select set_config('vestibule.tenant', ${contoso()}, true)`
    return tx`select a::text as row from application_credentials a where key_id = ${made.keyId}`
  })
  const stored = String(rows[0]?.['row'])
  t.notMatch(stored, made.secretText)
  t.match(stored, made.secretText.slice(0, 3))
})

t.test('a secret copied to another tenant or client opens nothing', async (t) => {
  const made = await world.newClient(contoso())
  const other = await world.newClient(contoso())
  const found = await client(contoso(), made.appId)
  t.ok(isSecretOf(world, contoso(), made.appId, found, made.secretText))
  t.notOk(isSecretOf(world, fabrikam(), made.appId, found, made.secretText))
  t.notOk(isSecretOf(world, contoso(), other.appId, found && { ...found, appId: other.appId }, made.secretText))
  t.notOk(isSecretOf(world, contoso(), made.appId, undefined, made.secretText))
  t.notOk(isSecretOf(world, contoso(), made.appId, found, ''))
})

t.test('each secret has its own end', async (t) => {
  const made = await world.newClient(contoso())
  const endDateTime = new Date(world.clock().getTime() + HOUR)
  const short = await within(contoso(), (scope) => addClientSecret(scope, made.id, { endDateTime }, world))
  const found = await client(contoso(), made.appId)
  const atTheEnd = { ...world, clock: () => endDateTime }
  t.ok(isSecretOf(world, contoso(), made.appId, found, short.secretText))
  t.notOk(isSecretOf(atTheEnd, contoso(), made.appId, found, short.secretText))
  t.ok(isSecretOf(atTheEnd, contoso(), made.appId, found, made.secretText))
})

t.test('mistakes are refused by name and write nothing', async (t) => {
  const { clock } = world
  const make = (input: { displayName: string; permissions: string[] }) =>
    within(contoso(), (scope) => createApplication(scope, input, { clock }))
  await t.rejects(make({ displayName: ' ', permissions: [] }), { code: 'invalidDisplayName' })
  await t.rejects(make({ displayName: 'x', permissions: ['user.invite.all'] }), { code: 'unknownPermission' })
  const made = await world.newClient(contoso())
  const past = { endDateTime: clock() }
  await t.rejects(
    within(contoso(), (scope) => addClientSecret(scope, made.id, past, world)),
    { code: 'endsBeforeItStarts' },
  )
  await t.rejects(
    within(fabrikam(), (scope) => addClientSecret(scope, made.id, {}, world)),
    { code: 'applicationNotFound' },
    'of another tenant',
  )
  for (let i = 1; i < 20; i++) await within(contoso(), (scope) => addClientSecret(scope, made.id, {}, world))
  await t.rejects(
    within(contoso(), (scope) => addClientSecret(scope, made.id, {}, world)),
    { code: 'tooManyCredentials' },
  )
})

t.test('a key is stored as its public members only, and weak or secret keys are refused', async (t) => {
  const made = await world.newClient(contoso())
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const whole = { ...(await exportJWK(privateKey)), kid: 'my-key' }
  const add = (jwk: object) => within(contoso(), (scope) => addClientKey(scope, made.id, jwk, {}, world))
  const { keyId } = await add(whole)
  const stored = (await client(contoso(), made.appId))?.credentials.find((credential) => credential.keyId === keyId)
  t.strictSame(Object.keys(stored?.publicJwk ?? {}).sort(), ['e', 'kid', 'kty', 'n'])

  const curve = await generateKeyPair('ES384', { extractable: true })
  await t.rejects(add(await exportJWK(curve.publicKey)), { code: 'unusableKey' })
  await t.rejects(add({ kty: 'oct', k: 'c2VjcmV0' }), { code: 'unusableKey' })
  await t.rejects(add({ kty: 'RSA', e: 'AQAB', n: Buffer.alloc(128, 0xff).toString('base64url') }), {
    code: 'unusableKey',
  })
})

t.test(
  'whatever lowers rights raises the valid-from instant and tells every process in the same transaction',
  async (t) => {
    const made = await world.newClient(contoso())
    const heard: (string | undefined)[] = []
    world.listener.on('vestibule_security', (payload) => heard.push(payload))
    const validFrom = async () => (await client(contoso(), made.appId))?.tokensValidFrom ?? 0
    const steps: [string, (scope: TenantScope) => Promise<void>, boolean][] = [
      ['remove a credential', (scope) => removeCredential(scope, made.id, made.keyId, world), true],
      ['disable', (scope) => setApplicationEnabled(scope, made.id, false, world), true],
      ['enable', (scope) => setApplicationEnabled(scope, made.id, true, world), false],
      ['revoke', (scope) => revokeApplicationTokens(scope, made.id, world), true],
      ['take permissions away', (scope) => grantPermissions(scope, made.id, [], world), false],
    ]
    for (const [name, step, raises] of steps) {
      const before = await validFrom()
      heard.length = 0
      await within(contoso(), async (scope) => {
        await step(scope)
        t.strictSame(heard, [], `${name}: nobody hears before the commit`)
      })
      t.equal((await validFrom()) > before, raises, `${name}: valid from`)
      await until(() => heard.length > 0, `${name}: heard`)
      t.ok(heard.includes(contoso()), `${name}: heard`)
    }
    await t.rejects(
      within(contoso(), (scope) => removeCredential(scope, made.id, made.keyId, world)),
      { code: 'applicationNotFound' },
      'a second removal',
    )
  },
)
