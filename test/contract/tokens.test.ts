import { decodeJwt } from 'jose'
import t from 'tap'
import { signTestToken } from '../support/tokens.js'
import { type Exchange, play, wish } from './exchange.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
})

/** A delegated token of the administrator with some claims replaced. */
const tokenWith = (name: string, claims: Record<string, unknown>, header: Record<string, unknown> = {}) => {
  return async ({ service, tokens, facts }: World) => {
    const userId = facts['administrator'] ?? ''
    const { tenantId, clientId } = service
    const given = { tenantId, clientId, userId, scopes: ['User.Read.All'], claims, header }
    tokens.set(name, await signTestToken(service.services.signingKeys, service.baseUrl, given))
  }
}
const refused = (title: string, as: string, given: Exchange['given'], message: string, inner: string): Exchange => ({
  title,
  ...(given && { given }),
  as,
  ask: 'GET /users',
  status: 401,
  answers: { 'www-authenticate': /^Bearer realm="Vestibule", error="invalid_token", error_description="[^"]+"$/ },
  error: { code: 'InvalidAuthenticationToken', message, inner },
})
const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow

// Graph: InvalidAuthenticationToken with these sentences, to the letter.
t.test('a token that is no good', async (t) => {
  play(t, () => world, [
    {
      title: 'no token',
      as: 'nobody',
      ask: 'POST /invitations',
      body: wish('ana@partner.example'),
      status: 401,
      answers: { 'www-authenticate': 'Bearer realm="Vestibule"' },
      error: { code: 'InvalidAuthenticationToken', message: 'Access token is empty.', inner: 'tokenMissing' },
    },
    {
      title: 'another scheme is no token',
      as: 'nobody',
      headers: { authorization: 'Basic YW5hOnNlY3JldA==' },
      ask: 'GET /users',
      status: 401,
      answers: { 'www-authenticate': 'Bearer realm="Vestibule"' },
      error: { code: 'InvalidAuthenticationToken', message: 'Access token is empty.', inner: 'tokenMissing' },
    },
    refused(
      'malformed',
      'malformed',
      async ({ tokens }) => tokens.set('malformed', 'abc.def'),
      'CompactToken parsing failed with error code: 80049217',
      'tokenMalformed',
    ),
    refused(
      'expired',
      'expired',
      tokenWith('expired', { nbf: seconds(-3_600), iat: seconds(-3_600), exp: seconds(-60) }),
      'Lifetime validation failed, the token is expired.',
      'tokenExpired',
    ),
    refused(
      'for another audience',
      'elsewhere',
      tokenWith('elsewhere', { aud: 'https://graph.windows.net' }),
      'Access token validation failure. Invalid audience.',
      'tokenAudience',
    ),
    refused(
      'of another issuer',
      'foreign',
      tokenWith('foreign', { iss: 'https://evil.example/v2.0' }),
      'Access token validation failure. Invalid issuer.',
      'tokenIssuer',
    ),
    refused(
      'of another key',
      'keyless',
      tokenWith('keyless', {}, { kid: 'another' }),
      'Access token validation failure. Invalid signature.',
      'tokenSignature',
    ),
    refused(
      'of a person who is blocked',
      'shutOut',
      async ({ service, tokens, facts }) => {
        tokens.set('shutOut', await service.userToken(facts['blocked'] ?? '', ['User.Read.All']))
      },
      'The account this token was issued for is disabled or no longer exists.',
      'subjectDisabled',
    ),
  ])
})

t.test('each audience a Graph client may name is ours', async (t) => {
  const audiences = [
    'https://graph.microsoft.com',
    'https://graph.microsoft.com/',
    '00000003-0000-0000-c000-000000000000',
    world.service.baseUrl,
  ]
  play(
    t,
    () => world,
    audiences.map((aud, index) => ({
      title: `audience ${index + 1}`,
      given: tokenWith('addressed', { aud }),
      as: 'addressed',
      ask: 'GET /users?$top=1',
      status: 200,
    })),
  )
})

t.test('a token of the service has the claims clients look at', async (t) => {
  const { service } = world
  const claims = decodeJwt(await service.appToken(['User.Invite.All']))
  t.match(claims, {
    aud: 'https://graph.microsoft.com',
    iss: `${service.baseUrl}/${service.tenantId}/v2.0`,
    tid: service.tenantId,
    idtyp: 'app',
    roles: ['User.Invite.All'],
  })
  t.equal(claims['appid'], claims['azp'])
  t.equal((claims.exp ?? 0) - (claims.iat ?? 0), 1_800)
})

t.test('requests are known by two ids', async (t) => {
  const mine = '5e5ba6a8-93e6-4b5f-9d3e-0d6a1f2c3b4d'
  const echoed: Exchange['check'] = (t, { headers, body }) => {
    t.not(headers.get('request-id'), mine)
    if (body.error) t.equal(body.error.innerError['client-request-id'], mine)
  }
  play(t, () => world, [
    {
      title: 'the id a client sends comes back',
      headers: { 'client-request-id': mine },
      ask: 'GET /users?$top=1',
      status: 200,
      answers: { 'client-request-id': mine },
      check: echoed,
    },
    {
      title: 'in errors too',
      headers: { 'client-request-id': mine },
      ask: 'GET /users/{unknown}',
      status: 404,
      answers: { 'client-request-id': mine },
      error: {
        code: 'Request_ResourceNotFound',
        message:
          "Resource '{unknown}' does not exist or one of its queried reference-property objects are not present.",
        inner: 'userNotFound',
      },
      check: echoed,
    },
    {
      title: 'without one it is the id of the request',
      ask: 'GET /users?$top=1',
      status: 200,
      check: (t, { headers }) => t.equal(headers.get('client-request-id'), headers.get('request-id')),
    },
    {
      title: 'an unusable one is not repeated',
      headers: { 'client-request-id': 'a b' },
      ask: 'GET /users?$top=1',
      status: 200,
      check: (t, { headers }) => t.equal(headers.get('client-request-id'), headers.get('request-id')),
    },
  ])
})
