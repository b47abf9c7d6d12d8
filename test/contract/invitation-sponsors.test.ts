import t from 'tap'
import { type Exchange, INVITATION, play, wish } from './exchange.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
})

const sponsors = (...ids: string[]) =>
  ids.map((id) => ({ '@odata.type': '#microsoft.graph.user', id, displayName: 'ignored' }))
const stored: NonNullable<Exchange['check']> = async (t, { body }, { service, facts }) => {
  const [row] = await service.rows(
    `select array_agg(sponsor_id order by ordinal) as ids from user_sponsors where user_id = '${body.invitedUser.id}'`,
  )
  t.strictSame(row?.['ids'] ?? [], (facts['sponsors'] ?? '').split(' ').filter(Boolean))
}
const expecting = (...names: string[]) => {
  return async ({ facts }: World) => {
    facts['sponsors'] = names.map((name) => facts[name] ?? '').join(' ')
  }
}
const FIVE = ['administrator', 'member', 'helpdesk', 'guestInviter', 'guest']

t.test('sponsors', async (t) => {
  play(t, () => world, [
    {
      title: 'an application that names none leaves the guest without',
      given: expecting(),
      ask: 'POST /invitations',
      body: wish('sponsors0@partner.example'),
      status: 201,
      check: stored,
    },
    {
      title: 'a person who names an empty list is not stamped either',
      given: expecting(),
      as: 'member',
      ask: 'POST /invitations',
      body: wish('sponsors00@partner.example', { invitedUserSponsors: [] }),
      status: 201,
      check: stored,
    },
    {
      title: 'five are kept in their order and not answered',
      given: expecting(...FIVE),
      ask: 'POST /invitations',
      body: wish('sponsors5@partner.example', { invitedUserSponsors: sponsors(...FIVE.map((name) => `{${name}}`)) }),
      status: 201,
      names: INVITATION,
      check: stored,
    },
    {
      title: 'they may be bound by URL, of any host and in both spellings',
      given: expecting('member', 'helpdesk'),
      ask: 'POST /invitations',
      body: wish('bound@partner.example', {
        'invitedUserSponsors@odata.bind': [
          'https://graph.microsoft.com/v1.0/users/{member}',
          "{baseUrl}/v1.0/directoryObjects('{helpdesk}')",
        ],
      }),
      status: 201,
      check: stored,
    },
    {
      title: 'six are one too many',
      ask: 'POST /invitations',
      body: wish('sponsors6@partner.example', {
        invitedUserSponsors: sponsors(...[...FIVE, 'internal'].map((name) => `{${name}}`)),
      }),
      status: 400,
      error: {
        code: 'BadRequest',
        message: "Invalid value specified for property 'invitedUserSponsors': it must be at most 5 sponsors.",
        inner: 'invalidValue',
        target: 'invitedUserSponsors',
      },
    },
    {
      title: 'five and one more by URL are one too many',
      ask: 'POST /invitations',
      body: wish('sponsors51@partner.example', {
        invitedUserSponsors: sponsors(...FIVE.map((name) => `{${name}}`)),
        'invitedUserSponsors@odata.bind': ['{baseUrl}/v1.0/users/{internal}'],
      }),
      status: 400,
      error: {
        code: 'BadRequest',
        message: 'invitedUserSponsors: at most 5 sponsors.',
        inner: 'tooManySponsors',
        target: 'invitedUserSponsors',
      },
    },
    ...['{unknown}', 'ana', '{tenantId}'].map((id): Exchange => {
      const message = `invitedUserSponsors: '${id}' is not the id of a user of this organization.`
      return {
        title: `${id.replaceAll(/[{}]/g, '')} is nobody who could be one`,
        ask: 'POST /invitations',
        body: wish('sponsors1@partner.example', { invitedUserSponsors: sponsors('{member}', id) }),
        status: 400,
        error: { code: 'BadRequest', message, inner: 'unknownSponsor', target: 'invitedUserSponsors' },
      }
    }),
  ])
})
