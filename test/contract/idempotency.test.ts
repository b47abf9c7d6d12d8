import t from 'tap'
import { signTestToken } from '../support/tokens.js'
import { type GoldenError, INVITATION, play, wish } from './exchange.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
})

t.test('Idempotency-Key', async (t) => {
  const headers = { 'idempotency-key': 'order-4711' }
  const first = wish('idem@partner.example', { invitedUserDisplayName: 'Idem' })
  const reused: GoldenError = {
    code: 'UnprocessableEntity',
    message: 'Idempotency-Key: this key was used for another request within 24 hours. Use a new key for a new request.',
    inner: 'idempotencyKeyReused',
    target: 'Idempotency-Key',
  }
  let answered: Record<string, unknown>
  play(t, () => world, [
    {
      title: 'the first request invites',
      headers,
      ask: 'POST /invitations',
      body: first,
      status: 201,
      names: INVITATION,
      check: (_t, { body }) => {
        answered = body
      },
    },
    {
      title: 'the same again gets the same answer, and nothing is made',
      headers,
      ask: 'POST /invitations',
      body: first,
      status: 201,
      names: INVITATION,
      check: async (t, { body }, { service }) => {
        t.strictSame(body, answered)
        const [row] = await service.rows(
          `select count(*)::int as n from invitations where address_folded like 'idem@%'`,
        )
        t.equal(row?.['n'], 1)
      },
    },
    {
      title: 'the same in other spellings is the same',
      headers,
      ask: 'POST /invitations',
      body: {
        INVITEDUSERDISPLAYNAME: 'Idem',
        InviteRedirectUrl: 'https://app.example/welcome',
        invitedUserEmailAddress: 'idem@partner.example',
        status: 'ignored',
      },
      status: 201,
      check: (t, { body }) => t.strictSame(body, answered),
    },
    {
      title: 'another body with the same key is refused',
      headers,
      ask: 'POST /invitations',
      body: wish('other@partner.example'),
      status: 422,
      error: reused,
    },
    {
      title: 'the key of another client is another key',
      headers,
      as: 'inviteApp',
      ask: 'POST /invitations',
      body: first,
      status: 201,
      names: INVITATION,
      check: (t, { body }) => {
        t.not(body.id, answered['id'])
        t.strictSame(body.invitedUser, answered['invitedUser'])
      },
    },
    {
      title: 'a caller without the permission learns nothing from a key',
      headers,
      as: 'readUsersApp',
      ask: 'POST /invitations',
      body: first,
      status: 403,
      error: {
        code: 'Authorization_RequestDenied',
        message:
          "Insufficient privileges to perform requested operation by the application '00000003-0000-0000-c000-000000000000'. ControllerName=MSGraphInviteAPI, ActionName=CreateInvite, URL absolute path=/api/{tenantId}/invites",
        inner: 'permissionMissing',
        details: ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'].map((name) => ({
          code: 'permissionNeeded',
          message: `Enough for it: ${name}`,
        })),
      },
    },
    {
      title: 'a key is not used up by a refusal',
      given: async ({ service }) => {
        const body = wish('new@contoso.example')
        const refused = await service.api('POST', '/invitations', body, { headers: { 'idempotency-key': 'k-2' } })
        if (refused.status !== 400) throw new Error(refused.text)
      },
      headers: { 'idempotency-key': 'k-2' },
      ask: 'POST /invitations',
      body: wish('k2@partner.example'),
      status: 201,
    },
    {
      title: 'a key has characters that can be seen',
      headers: { 'idempotency-key': 'a b' },
      ask: 'POST /invitations',
      body: wish('k3@partner.example'),
      status: 400,
      error: {
        code: 'BadRequest',
        message: 'Idempotency-Key: give 1 to 255 printable characters without spaces.',
        inner: 'malformedIdempotencyKey',
        target: 'Idempotency-Key',
      },
    },
    {
      title: 'after a day the key is free again',
      given: async (world) => {
        const { service, facts, tokens } = world
        const given = { tenantId: service.tenantId, clientId: service.clientId, userId: facts['member'] ?? '' }
        const claims = { exp: Math.floor(Date.now() / 1_000) + 48 * 3_600 }
        const keys = service.services.signingKeys
        const token = await signTestToken(keys, service.baseUrl, { ...given, scopes: ['User.Invite.All'], claims })
        tokens.set('patient', token)
        await service.api('POST', '/invitations', wish('today@partner.example'), { headers, token })
        service.advance(24 * 3_600_000)
      },
      headers,
      as: 'patient',
      ask: 'POST /invitations',
      body: wish('tomorrow@partner.example'),
      status: 201,
    },
  ])
})
