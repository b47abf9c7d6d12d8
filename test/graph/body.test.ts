import { type TSchema, Type } from '@sinclair/typebox'
import t from 'tap'
import { compileBody } from '../../src/graph/body.js'
import { Refusal } from '../../src/kernel/refusal.js'
import { dialect } from './support.js'

const Recipient = Type.Object({
  emailAddress: Type.Optional(
    Type.Object({
      name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      address: Type.Optional(Type.String({ format: 'email' })),
    }),
  ),
})
const Invitation = Type.Object({
  id: Type.Optional(Type.String({ readOnly: true })),
  status: Type.Optional(Type.String({ readOnly: true })),
  invitedUserEmailAddress: Type.String({ minLength: 1, maxLength: 320 }),
  inviteRedirectUrl: Type.String({ format: 'uri', maxLength: 2_048 }),
  invitedUserDisplayName: Type.Optional(Type.String({ maxLength: 256 })),
  invitedUserType: Type.Optional(Type.Union([Type.Literal('Guest'), Type.Literal('Member')])),
  sendInvitationMessage: Type.Optional(Type.Boolean()),
  expiresDateTime: Type.Optional(Type.Union([Type.String({ format: 'date-time' }), Type.Null()])),
  invitedUserMessageInfo: Type.Optional(
    Type.Object({
      customizedMessageBody: Type.Optional(Type.String({ maxLength: 5, rule: 'plain text of at most 5 characters' })),
      ccRecipients: Type.Optional(Type.Union([Type.Array(Recipient, { maxItems: 1 }), Type.Null()])),
    }),
  ),
  'invitedUserSponsors@odata.bind': Type.Optional(Type.Array(Type.String())),
  order: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
})
const read = compileBody(Invitation)
const least = { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example/' }

const accepted: [title: string, body: object, normalised: object][] = [
  ['the least there can be', {}, {}],
  [
    'names in any case',
    { INVITEDUSERTYPE: 'Guest', sendinvitationmessage: true },
    { invitedUserType: 'Guest', sendInvitationMessage: true },
  ],
  [
    'nested names in any case',
    { invitedusermessageinfo: { CCRECIPIENTS: [{ EmailAddress: { Address: 'a@b.example' } }] } },
    { invitedUserMessageInfo: { ccRecipients: [{ emailAddress: { address: 'a@b.example' } }] } },
  ],
  [
    'annotations, dropped',
    { '@odata.type': '#x', 'status@odata.type': 5, invitedUserMessageInfo: { '@odata.type': '#y' } },
    { invitedUserMessageInfo: {} },
  ],
  [
    'annotations the schema declares, kept',
    { 'InvitedUserSponsors@odata.bind': ['x'] },
    { 'invitedUserSponsors@odata.bind': ['x'] },
  ],
  ['read-only properties, dropped unread', { id: 5, STATUS: { a: 1 } }, {}],
  [
    'null as absent',
    { invitedUserType: null, invitedUserMessageInfo: { customizedMessageBody: null } },
    { invitedUserMessageInfo: {} },
  ],
  [
    'null where it means something',
    { expiresDateTime: null, invitedUserMessageInfo: { ccRecipients: null } },
    { expiresDateTime: null, invitedUserMessageInfo: { ccRecipients: null } },
  ],
  ['emoji, line breaks and the empty string', { invitedUserDisplayName: '' }, { invitedUserDisplayName: '' }],
]
for (const [title, body, normalised] of accepted) {
  t.test(`takes ${title}`, async (t) => t.strictSame(read({ ...least, ...body }), { ...least, ...normalised }))
}

t.test('the body that came in is not changed', async (t) => {
  const body = Object.freeze({ ...least, ID: '1', invitedUserType: null })
  t.ok(read(body))
})

const deep = (levels: number): unknown => (levels === 0 ? 'x' : { '@a': deep(levels - 1) })
const refused: [title: string, body: unknown, code: string, target: string | undefined, message: RegExp][] = [
  [
    'a missing property',
    { invitedUserEmailAddress: 'x' },
    'missingProperty',
    'inviteRedirectUrl',
    /^A value is required for property 'inviteRedirectUrl'\.$/,
  ],
  [
    'null for a required property',
    { ...least, inviteRedirectUrl: null },
    'missingProperty',
    'inviteRedirectUrl',
    /required/,
  ],
  [
    'an unknown property',
    { ...least, wibble: 1 },
    'unknownProperty',
    'wibble',
    /^The property 'wibble' does not exist on this resource\.$/,
  ],
  [
    'a typing mistake',
    { ...least, inviteRedirectUri: 1 },
    'unknownProperty',
    'inviteRedirectUri',
    /Did you mean 'inviteRedirectUrl'\?$/,
  ],
  [
    'an unknown nested property',
    { ...least, invitedUserMessageInfo: { ccRecipients: [{ mail: 1 }] } },
    'unknownProperty',
    'invitedUserMessageInfo.ccRecipients[0].mail',
    /ccRecipients\[0\]\.mail/,
  ],
  [
    'a name in two cases',
    { ...least, INVITEREDIRECTURL: 'https://evil.example' },
    'duplicateProperty',
    'inviteRedirectUrl',
    /more than once/,
  ],
  [
    'a name in two cases, one of them null',
    { invitedUserType: 'Guest', INVITEDUSERTYPE: null, ...least },
    'duplicateProperty',
    'invitedUserType',
    /more than once/,
  ],
  [
    'a string for a boolean',
    { ...least, sendInvitationMessage: 'true' },
    'invalidValue',
    'sendInvitationMessage',
    /it must be true or false\.$/,
  ],
  [
    'a number for a string',
    { ...least, invitedUserDisplayName: 5 },
    'invalidValue',
    'invitedUserDisplayName',
    /it must be a string of at most 256 characters\.$/,
  ],
  [
    'a value outside the list',
    { ...least, invitedUserType: 'guest' },
    'invalidValue',
    'invitedUserType',
    /it must be 'Guest' or 'Member'\.$/,
  ],
  [
    'too long a string',
    { ...least, invitedUserDisplayName: 'x'.repeat(257) },
    'invalidValue',
    'invitedUserDisplayName',
    /at most 256/,
  ],
  [
    'a rule in words',
    { ...least, invitedUserMessageInfo: { customizedMessageBody: '123456' } },
    'invalidValue',
    'invitedUserMessageInfo.customizedMessageBody',
    /it must be plain text of at most 5 characters\.$/,
  ],
  [
    'too many items',
    { ...least, invitedUserMessageInfo: { ccRecipients: [{}, {}] } },
    'invalidValue',
    'invitedUserMessageInfo.ccRecipients',
    /a list of at most 1 item\.$/,
  ],
  [
    'null in a list',
    { ...least, invitedUserMessageInfo: { ccRecipients: [null] } },
    'invalidValue',
    'invitedUserMessageInfo.ccRecipients[0]',
    /an object/,
  ],
  [
    'a format broken deep inside',
    { ...least, invitedUserMessageInfo: { ccRecipients: [{ emailAddress: { address: 'x' } }] } },
    'invalidValue',
    'invitedUserMessageInfo.ccRecipients[0].emailAddress.address',
    /an e-mail address/,
  ],
  [
    'a script URL',
    { ...least, inviteRedirectUrl: 'javascript:alert(1)' },
    'invalidValue',
    'inviteRedirectUrl',
    /absolute http or https URL/,
  ],
  [
    'a relative URL',
    { ...least, inviteRedirectUrl: '//evil.example' },
    'invalidValue',
    'inviteRedirectUrl',
    /absolute http or https URL/,
  ],
  [
    'a date without zone',
    { ...least, expiresDateTime: '2026-01-01T00:00:00' },
    'invalidValue',
    'expiresDateTime',
    /date and time with a zone/,
  ],
  [
    'a day that does not exist',
    { ...least, expiresDateTime: '2026-02-30T00:00:00Z' },
    'invalidValue',
    'expiresDateTime',
    /date and time/,
  ],
  ['a number beyond its range', { ...least, order: 10 }, 'invalidValue', 'order', /a whole number from 1 to 9/],
  [
    'a list for an object',
    { ...least, invitedUserMessageInfo: [] },
    'invalidValue',
    'invitedUserMessageInfo',
    /an object/,
  ],
  ['a list as body', [], 'invalidBody', undefined, /The request body must be an object/],
  ['a string as body', 'x', 'invalidBody', undefined, /must be an object/],
  ['no body', undefined, 'emptyBody', undefined, /^Unable to read JSON request payload/],
  ['null as body', null, 'emptyBody', undefined, /^Unable to read/],
  ['a NUL character', { ...least, invitedUserDisplayName: 'a\0b' }, 'invalidText', 'invitedUserDisplayName', /NUL/],
  [
    'half a surrogate pair',
    { ...least, invitedUserDisplayName: '\ud83d' },
    'invalidText',
    'invitedUserDisplayName',
    /surrogate/,
  ],
  ['a NUL character in what is dropped', { ...least, '@note': ['\0'] }, 'invalidText', '@note[0]', /NUL/],
  ['__proto__', JSON.parse('{"__proto__":{"isAdmin":true}}'), 'forbiddenName', '__proto__', /cannot be called/],
  [
    'constructor, nested',
    { ...least, '@x': { constructor: { prototype: {} } } },
    'forbiddenName',
    'constructor',
    /cannot be called/,
  ],
  ['deep nesting', { ...least, '@x': deep(20) }, 'tooDeep', undefined, /deeper than 20 levels/],
  [
    'very deep nesting',
    { ...least, '@x': JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) },
    'tooDeep',
    undefined,
    /20/,
  ],
  ['an inherited name', { ...least, toString: 'x' }, 'unknownProperty', 'toString', /does not exist/],
  ['a name of a megabyte', { ...least, ['x'.repeat(1e6)]: 1 }, 'unknownProperty', undefined, /^.{1,200}$/s],
]
for (const [title, body, code, target, message] of refused) {
  t.test(`refuses ${title}`, async (t) => {
    const refusal = refusalOf(() => read(body))
    t.equal(refusal?.kind, 'invalid')
    t.equal(refusal?.code, code)
    if (target !== undefined) t.equal(refusal?.details.target, target)
    t.match(refusal?.message, message)
  })
}

t.test('nineteen levels of nesting are taken', async (t) => t.ok(read({ ...least, '@x': deep(19) })))

t.test('an open type keeps what it does not know, once', async (t) => {
  const readOpen = compileBody(Type.Object({ id: Type.Optional(Type.String()) }, { additionalProperties: true }))
  t.strictSame(readOpen({ ID: 'x', extension_a: { B: [1] } }), { id: 'x', extension_a: { B: [1] } })
  t.equal(refusalOf(() => readOpen({ extension_a: 1, Extension_A: 2 }))?.code, 'duplicateProperty')
})

t.test('schemas that could not be read as promised stop the start', async (t) => {
  const wrong: TSchema[] = [
    Type.Object({ id: Type.String({ readOnly: true }) }),
    Type.Object({ a: Type.String(), A: Type.String() }),
    Type.Object({ a: Type.Union([Type.Object({ b: Type.String() }), Type.Object({ c: Type.String() })]) }),
    Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })]),
  ]
  for (const schema of wrong) t.throws(() => compileBody(schema))
})

t.test('routes declare schemas and get the normalised body', async (t) => {
  const app = await dialect((app) => {
    const config = { permission: 'public', backEnd: 'invitations' } as const
    app.post('/v1.0/invitations', { config, schema: { body: Invitation } }, async (request) => request.body)
    const directory = { permission: 'public' } as const
    app.post('/v1.0/users', { config: directory, schema: { body: Invitation } }, async (request) => request.body)
  })
  t.teardown(() => app.close())
  const good = await app.inject({ method: 'POST', url: '/v1.0/invitations', payload: { ...least, ORDER: 3, id: 'x' } })
  t.strictSame(good.json(), { ...least, order: 3 })
  for (const [url, code] of [
    ['/v1.0/invitations', 'BadRequest'],
    ['/v1.0/users', 'Request_BadRequest'],
  ] as const) {
    const bad = await app.inject({ method: 'POST', url, payload: { ...least, order: '3' } })
    t.equal(bad.statusCode, 400)
    t.match(bad.json().error, { code, target: 'order', innerError: { code: 'invalidValue' } })
  }
  const empty = await app.inject({ method: 'POST', url: '/v1.0/invitations' })
  t.match(empty.json().error, { code: 'BadRequest', innerError: { code: 'emptyBody' } })
})

t.test('nothing at all is no body, whatever the media type says', async (t) => {
  const app = await dialect((app) => {
    const config = { permission: 'public' } as const
    const given = async (request: { body: unknown }) => ({ body: request.body ?? 'none' })
    app.delete('/v1.0/things/1', { config }, given)
    app.post('/v1.0/things/1/restore', { config, schema: { body: Type.Optional(Invitation) } }, given)
    app.post('/v1.0/things', { config, schema: { body: Invitation } }, given)
  })
  t.teardown(() => app.close())
  const headers = { 'content-type': 'application/json' }
  for (const [method, url] of [
    ['DELETE', '/v1.0/things/1'],
    ['POST', '/v1.0/things/1/restore'],
  ] as const) {
    t.strictSame((await app.inject({ method, url, headers })).json(), { body: 'none' }, method)
    t.equal((await app.inject({ method, url, headers, payload: '{' })).statusCode, 400, `${method} with half a body`)
  }
  const missing = await app.inject({ method: 'POST', url: '/v1.0/things', headers })
  t.match(missing.json().error, { innerError: { code: 'emptyBody' } })
})

t.test('query and path are checked for what is declared, and never quietly changed', async (t) => {
  const app = await dialect((app) => {
    const schema = {
      params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
      querystring: Type.Object({
        $top: Type.Optional(Type.Integer()),
        days: Type.Optional(Type.Integer({ minimum: 1 })),
        deep: Type.Optional(Type.Boolean()),
      }),
    }
    app.get('/v1.0/things/:id', { config: { permission: 'public' }, schema }, async (request) => request.query)
  })
  t.teardown(() => app.close())
  const id = '01980000-0000-7000-8000-000000000001'
  const ok = await app.inject(`/v1.0/things/${id}?days=7&deep=false&other=1&%24top=abc`)
  t.strictSame(ok.json(), { days: 7, deep: false, other: '1', $top: 'abc' })
  for (const query of ['days=', 'days=1e3', 'days=0', 'days=1&days=2', 'deep=1', 'other=%ED%A0%80x%00']) {
    const answer = await app.inject(`/v1.0/things/${id}?${query}`)
    t.equal(answer.statusCode, 400, query)
    t.equal(answer.json().error.code, 'BadRequest')
  }
  const bad = await app.inject('/v1.0/things/5')
  t.match(bad.json().error, { code: 'BadRequest', message: "The path parameter 'id' must be a GUID." })
})

function refusalOf(run: () => unknown): Refusal | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
