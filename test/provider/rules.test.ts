import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import t from 'tap'
import { deriveKeys } from '../../src/platform/crypto.js'
import { readWhole } from '../../src/provider/replayed-request.js'
import { acceptedAudiences, assertionAudiences, audienceOf, isInTime, isWithdrawn } from '../../src/provider/rules.js'
import { withoutToken, withToken } from '../../src/provider/stored-tokens.js'

const ORIGINS = ['http://localhost:3000', 'https://guests.contoso.example']

t.test('a scope names one resource of this service followed by /.default', async (t) => {
  const cases: [string, string | undefined][] = [
    ['https://graph.microsoft.com/.default', 'https://graph.microsoft.com'],
    ['https://graph.microsoft.com//.default', 'https://graph.microsoft.com'],
    ['00000003-0000-0000-c000-000000000000/.default', 'https://graph.microsoft.com'],
    ['http://localhost:3000/.default', 'http://localhost:3000'],
    ['https://guests.contoso.example/.default', 'https://guests.contoso.example'],
    ['http://localhost:3000//.default', 'http://localhost:3000'],
    ['http://localhost:3000///.default', undefined],
    ['http://localhost:3000', undefined],
    ['https://graph.microsoft.com/User.Read', undefined],
    ['https://graph.microsoft.com/.default openid', undefined],
    ['http://localhost:3000/.default https://graph.microsoft.com/.default', undefined],
    ['https://graph.microsoft.com.evil.example/.default', undefined],
    ['HTTP://LOCALHOST:3000/.default', undefined],
    ['/.default', undefined],
    ['.default', undefined],
    ['', undefined],
  ]
  for (const [scope, audience] of cases) t.equal(audienceOf(scope, ORIGINS), audience, scope)
})

t.test('both origins, Graph and its application id are audiences, each address with and without a slash', async (t) => {
  t.strictSame(acceptedAudiences(['http://a']), [
    'http://a',
    'http://a/',
    'https://graph.microsoft.com',
    'https://graph.microsoft.com/',
    '00000003-0000-0000-c000-000000000000',
  ])
})

t.test(
  'an assertion may name issuer or token endpoint by id or domain at either origin, and nothing else',
  async (t) => {
    const audiences = assertionAudiences(ORIGINS, ['the-id', 'contoso.example'])
    t.equal(audiences.size, 8)
    t.ok(audiences.has('http://localhost:3000/the-id/v2.0'))
    t.ok(audiences.has('https://guests.contoso.example/contoso.example/oauth2/v2.0/token'))
    t.notOk(audiences.has('http://localhost:3000'))
    t.notOk(audiences.has('http://localhost:3000/another/oauth2/v2.0/token'))
  },
)

t.test('times have 30 seconds of leeway at both ends', async (t) => {
  const token = { nbf: 1_000, exp: 2_000 }
  const at = (seconds: number) => isInTime(token, new Date(seconds * 1_000))
  t.equal(at(969), 'early')
  t.equal(at(970), 'yes')
  t.equal(at(2_029), 'yes')
  t.equal(at(2_030), 'expired')
})

t.test(
  'a token is withdrawn when it was minted under an earlier valid-from instant than the current one',
  async (t) => {
    t.equal(isWithdrawn({ iat: 10, mintedUnder: 0 }, null), false)
    t.equal(isWithdrawn({ iat: 10, mintedUnder: 0 }, 10_500), true)
    t.equal(isWithdrawn({ iat: 10, mintedUnder: 10_500 }, 10_500), false, 'a fresh token of the same second is good')
    t.equal(isWithdrawn({ iat: 99, mintedUnder: 10_499 }, 10_500), true, 'a late clock does not save an old token')
    t.equal(isWithdrawn({ iat: 10 }, 10_500), true)
    t.equal(isWithdrawn({ iat: 11 }, 10_500), false)
  },
)

t.test(
  'a code that waits for a device is over with the secret that sealed it, and fails nobody’s request',
  async (t) => {
    const keys = deriveKeys('a secret')
    const device = { jti: 'the code', userCode: 'BDWPHQPK' }
    const interaction = { jti: 'an id', deviceCode: 'the code' }
    for (const [model, payload] of Object.entries({ DeviceCode: device, Interaction: interaction })) {
      const kept = withoutToken(keys, model, payload)
      t.notMatch(JSON.stringify(kept), /the code/, `${model} in a copy of the database`)
      t.strictSame(withToken(keys, model, kept), payload, model)
      t.strictSame(
        withToken(deriveKeys('the next', ['a secret']), model, kept),
        payload,
        `${model} after a change of it`,
      )
      t.equal(withToken(deriveKeys('another'), model, kept), undefined, `${model} once it is given up`)
      t.equal(withToken(keys, model, payload), undefined, `${model} of a release that sealed nothing`)
    }
  },
)

t.test('who went away before their body was read is not waited for', async (t) => {
  const raw = new IncomingMessage(new Socket())
  raw.destroy()
  await new Promise((resolve) => setImmediate(resolve))
  await t.rejects(readWhole(raw), /ended before its body/)
})
