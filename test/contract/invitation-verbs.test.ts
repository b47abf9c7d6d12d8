import t from 'tap'
import { holdAgainst, holdListAgainst } from '../support/contract.js'
import { Guest } from '../support/guest.js'
import { type Exchange, type GoldenError, INVITATION, play, wish } from './exchange.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t, {})
  for (const name of ['ana', 'bo', 'cy']) await invite(world, name)
  const { inviteRedeemUrl } = await invite(world, 'done')
  await new Guest().accept(world.service, inviteRedeemUrl, 'done@partner.example')
})

/** Invites by name and remembers the invitation as `{name}`, its guest as `{nameGuest}`. */
async function invite({ service, facts }: World, name: string, more: Record<string, unknown> = {}) {
  const made = await service.invite(`${name}@partner.example`, more)
  facts[name] = made.id
  facts[`${name}Guest`] = made.invitedUser.id
  return made
}

/** Documented additions; the redeem link is only in the answer to who invites. */
const ADDITIONS = [
  'contactUrl',
  'createdDateTime',
  'delivery',
  'expiresDateTime',
  'history',
  'lastSentDateTime',
  'redeemedDateTime',
  'sentCount',
]
const READABLE = [...INVITATION.filter((name) => name !== 'inviteRedeemUrl'), ...ADDITIONS]
const isInvitation: Exchange['check'] = (t, { body }) => {
  holdAgainst(t, 'microsoft.graph.invitation', body, { additions: ADDITIONS })
}
const notThere = (id: string): GoldenError => ({
  code: 'Request_ResourceNotFound',
  message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  inner: 'invitationNotFound',
})
const bad = (inner: string, message: string): GoldenError => ({ code: 'BadRequest', message, inner })

t.test('reading invitations, our addition', async (t) => {
  const just =
    (...names: string[]): NonNullable<Exchange['check']> =>
    (t, { body }, { facts }) => {
      holdListAgainst(t, 'microsoft.graph.invitation', body, { additions: ADDITIONS })
      const wanted = names.map((name) => facts[name])
      t.strictSame(
        body.value.map(({ id }: { id: string }) => id),
        wanted,
      )
    }
  const list = (title: string, query: string, ...names: string[]): Exchange => ({
    title,
    ask: `GET /invitations${query}`,
    status: 200,
    names: ['@odata.context', 'value'],
    context: '$metadata#invitations',
    check: just(...names),
  })
  play(t, () => world, [
    {
      title: 'one is the resource of Graph with additions and without the link',
      ask: 'GET /invitations/{ana}',
      as: 'readUsersApp',
      status: 200,
      names: ['@odata.context', ...READABLE.filter((name) => name !== '@odata.context')],
      context: '$metadata#invitations/$entity',
      is: {
        id: '{ana}',
        status: 'PendingAcceptance',
        invitedUser: { id: '{anaGuest}' },
        contactUrl: null,
        delivery: null,
        redeemedDateTime: null,
        sentCount: 0,
        lastSentDateTime: null,
      },
      check: isInvitation,
    },
    list('the list has the newest first', '', 'done', 'cy', 'bo', 'ana'),
    list('it is filtered by status', "?$filter=status eq 'Completed'", 'done'),
    list('and by address in any case', "?$filter=invitedUserEmailAddress eq 'BO@partner.example'", 'bo'),
    list('and by time', '?$filter=createdDateTime lt 2020-01-01T00:00:00Z'),
    {
      title: 'a status that does not exist is told, not answered with nothing',
      ask: "GET /invitations?$filter=status eq 'Accepted'",
      status: 400,
      error: {
        code: 'Request_UnsupportedQuery',
        message: "Unsupported or invalid query filter clause specified for property 'status' of resource 'Invitation'.",
        inner: 'invalidFilterValue',
        target: '$filter',
      },
    },
    {
      title: 'an unknown one',
      ask: 'GET /invitations/{unknown}',
      status: 404,
      error: notThere('{unknown}'),
    },
    { title: 'an id that is none', ask: 'GET /invitations/ana', status: 404, error: notThere('ana') },
  ])
})

t.test('resending and revoking, our additions', async (t) => {
  const mailed = (name: string) => (world: World) => invite(world, name, { sendInvitationMessage: true })
  play(t, () => world, [
    {
      title: 'a mail can be sent to who got none',
      ask: 'POST /invitations/{ana}/resend',
      status: 200,
      names: READABLE,
      context: '$metadata#invitations/$entity',
      is: { id: '{ana}', status: 'PendingAcceptance' },
      check: isInvitation,
    },
    {
      title: 'within a minute the answer says when to come back',
      given: async (world) => {
        await mailed('soon')(world)
        world.service.advance(10_000)
      },
      ask: 'POST /invitations/{soon}/resend',
      status: 429,
      answers: { 'retry-after': /^(49|50)$/ },
      isBusy: true,
      error: {
        code: 'TooManyRequests',
        message: /^This invitation was just sent\. Resend it in (?:49|50) seconds\.$/,
        inner: 'resentTooSoon',
      },
    },
    {
      title: 'after a minute it is sent',
      given: async ({ service }) => service.advance(60_000),
      ask: 'POST /invitations/{soon}/resend',
      status: 200,
      is: { id: '{soon}' },
    },
    { title: 'revoking answers 204', ask: 'POST /invitations/{cy}/revoke', status: 204 },
    { title: 'and again 204', ask: 'POST /invitations/{cy}/revoke', status: 204 },
    {
      title: 'a revoked one says so',
      ask: 'GET /invitations/{cy}',
      status: 200,
      is: { status: 'Revoked' },
      check: isInvitation,
    },
    {
      title: 'and is not resent',
      ask: 'POST /invitations/{cy}/resend',
      status: 400,
      error: bad('invitationEnded', 'This invitation is revoked and cannot be resent. Invite the guest again.'),
    },
    ...(['resend', 'revoke'] as const).map((verb): Exchange => {
      const done = { resend: 'resent', revoke: 'revoked' }[verb]
      const message = `This invitation was accepted, so it cannot be ${done}. To end the guest's access, delete or disable the user.`
      return {
        title: `an accepted one is not ${done}`,
        ask: `POST /invitations/{done}/${verb}`,
        status: 400,
        error: bad('invitationCompleted', message),
      }
    }),
    {
      title: 'an unknown one is not revoked',
      ask: 'POST /invitations/{unknown}/revoke',
      status: 404,
      error: notThere('{unknown}'),
    },
    {
      title: 'what would happen is told, and nothing happens',
      ask: 'POST /invitations/evaluate',
      as: 'inviteApp',
      body: wish('new@contoso.example'),
      status: 200,
      names: ['@odata.context', 'allowed', 'checks'],
      is: { allowed: false },
      check: async (t, { body }, { service }) => {
        for (const check of body.checks) {
          t.strictSame(Object.keys(check).sort(), ['message', 'name', 'outcome'])
          t.ok(['passed', 'failed', 'notApplicable'].includes(check.outcome), check.outcome)
        }
        const failed = body.checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed')
        t.match(failed, [{ name: 'verifiedDomain' }])
        const users = await service.api('GET', "/users?$filter=mail eq 'new@contoso.example'")
        t.strictSame(users.body.value, [])
      },
    },
  ])
})
