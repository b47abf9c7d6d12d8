import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { Guest } from '../support/guest.js'
import { type Exchange, INVITATION, play, wish } from './exchange.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t, {})
})

const NO_COPY = [{ emailAddress: { name: null, address: null } }]
const NO_MESSAGE = { messageLanguage: null, customizedMessageBody: null, ccRecipients: NO_COPY }

/** Remembers the guest and the invitation of an arrangement as `{<name>}` and `{<name>Invitation}`. */
async function invited(world: World, name: string, address: string, more: Record<string, unknown> = {}) {
  const invitation = await world.service.invite(address, more)
  world.facts[name] = invitation.invitedUser.id
  world.facts[`${name}Invitation`] = invitation.id
  return invitation
}

const created: Exchange[] = [
  {
    title: 'the least that invites answers the whole resource with every default',
    ask: 'POST /invitations',
    body: wish('ana@partner.example'),
    status: 201,
    answers: { location: /^http:\/\/localhost:\d+\/v1\.0\/invitations\/[0-9a-f-]{36}$/ },
    names: INVITATION,
    context: '$metadata#invitations/$entity',
    is: {
      invitedUserDisplayName: null,
      invitedUserEmailAddress: 'ana@partner.example',
      invitedUserMessageInfo: NO_MESSAGE,
      invitedUserType: 'Guest',
      inviteRedirectUrl: 'https://app.example/welcome',
      resetRedemption: false,
      sendInvitationMessage: false,
      status: 'PendingAcceptance',
    },
    check: (t, { body, headers }) => {
      t.ok(headers.get('location')?.endsWith(body.id))
      t.not(body.id, body.invitedUser.id, 'an invitation is not its user')
      t.strictSame(Object.keys(body.invitedUser), ['id'])
    },
  },
  {
    title: 'everything that was sent comes back as it was sent',
    ask: 'POST /invitations',
    body: wish('Bo.Berg@Partner.Example', {
      invitedUserDisplayName: 'Bo Berg',
      sendInvitationMessage: true,
      inviteRedirectUrl: 'http://app.example/start?from=invitation&x=%C3%A4#top',
      invitedUserMessageInfo: {
        messageLanguage: 'de-AT',
        customizedMessageBody: 'Welcome!\n<b>Bo</b>',
        ccRecipients: [{ emailAddress: { name: 'Cy', address: 'cy@contoso.example' } }],
      },
    }),
    status: 201,
    names: INVITATION,
    is: {
      invitedUserDisplayName: 'Bo Berg',
      invitedUserEmailAddress: 'Bo.Berg@Partner.Example',
      sendInvitationMessage: true,
      inviteRedirectUrl: 'http://app.example/start?from=invitation&x=%C3%A4#top',
      invitedUserMessageInfo: {
        messageLanguage: 'de-AT',
        customizedMessageBody: 'Welcome!\n<b>Bo</b>',
        ccRecipients: [{ emailAddress: { name: 'Cy', address: 'cy@contoso.example' } }],
      },
    },
  },
  {
    title: "the empty copy of Graph's own answers may be sent back and means none",
    ask: 'POST /invitations',
    body: wish('copy@partner.example', { invitedUserMessageInfo: NO_MESSAGE }),
    status: 201,
    is: { invitedUserMessageInfo: NO_MESSAGE },
  },
  {
    title: 'property names count in any case, at every depth',
    ask: 'POST /invitations',
    body: {
      InvitedUserEmailAddress: 'case@partner.example',
      INVITEREDIRECTURL: 'https://app.example',
      invitedusermessageinfo: { CustomizedMessageBody: 'Hi' },
    },
    status: 201,
    names: INVITATION,
    is: {
      invitedUserEmailAddress: 'case@partner.example',
      inviteRedirectUrl: 'https://app.example',
      invitedUserMessageInfo: { ...NO_MESSAGE, customizedMessageBody: 'Hi' },
    },
  },
  {
    title: 'annotations are ignored',
    ask: 'POST /invitations',
    body: wish('annotated@partner.example', {
      '@odata.type': '#microsoft.graph.invitation',
      'x@odata.note': 1,
      invitedUserMessageInfo: { '@odata.type': '#microsoft.graph.invitedUserMessageInfo', messageLanguage: 'fr' },
    }),
    status: 201,
    names: INVITATION,
    is: { invitedUserMessageInfo: { ...NO_MESSAGE, messageLanguage: 'fr' } },
  },
  {
    title: 'null is the same as nothing',
    ask: 'POST /invitations',
    body: wish('nulls@partner.example', {
      invitedUserDisplayName: null,
      invitedUserMessageInfo: null,
      invitedUserType: null,
      sendInvitationMessage: null,
      resetRedemption: null,
      invitedUser: null,
      invitedUserSponsors: null,
      contactUrl: null,
    }),
    status: 201,
    names: INVITATION,
    is: { invitedUserDisplayName: null, invitedUserMessageInfo: NO_MESSAGE, invitedUserType: 'Guest' },
  },
  {
    title: 'read-only properties are ignored, whatever they hold',
    ask: 'POST /invitations',
    body: wish('readonly@partner.example', {
      id: '{unknown}',
      status: 'Completed',
      inviteRedeemUrl: 'https://evil.example',
      history: 7,
    }),
    status: 201,
    names: INVITATION,
    is: { status: 'PendingAcceptance' },
    check: (t, { body }, { facts }) => {
      t.not(body.id, facts['unknown'])
      t.ok(body.inviteRedeemUrl.startsWith(`${facts['baseUrl']}/redeem?tenant=${facts['tenantId']}&user=`))
    },
  },
  {
    title: 'a media type with parameters is JSON all the same',
    ask: 'POST /invitations',
    headers: { 'content-type': 'application/json; odata.metadata=minimal; charset=utf-8' },
    body: wish('media@partner.example'),
    status: 201,
  },
  {
    title: 'a plus sign in the address is kept, and makes another guest',
    given: (world) => invited(world, 'plain', 'plus@partner.example'),
    ask: 'POST /invitations',
    body: wish('plus+tag@partner.example'),
    status: 201,
    is: { invitedUserEmailAddress: 'plus+tag@partner.example' },
    check: async (t, { body }, { service, facts }) => {
      t.not(body.invitedUser.id, facts['plain'])
      const user = await service.api('GET', `/users/${body.invitedUser.id}`)
      t.equal(user.body.mail, 'plus+tag@partner.example')
      t.equal(user.body.userPrincipalName, 'plus+tag_partner.example#EXT#@contoso.example')
      t.equal(user.body.displayName, 'plus+tag')
    },
  },
  {
    title: 'an internationalised domain is one domain in both of its spellings',
    given: (world) => invited(world, 'idn', 'eva@xn--bcher-kva.example'),
    ask: 'POST /invitations',
    body: wish('Eva@Bücher.example'),
    status: 201,
    is: { invitedUserEmailAddress: 'Eva@Bücher.example', invitedUser: { id: '{idn}' } },
    check: async (t, _answer, { service, facts }) => {
      const user = await service.api('GET', `/users/${facts['idn']}`)
      t.equal(user.body.userPrincipalName, 'eva_xn--bcher-kva.example#EXT#@contoso.example')
    },
  },
  {
    title: 'a person with the permission invites as an application does',
    as: 'member',
    ask: 'POST /invitations',
    body: wish('bymember@partner.example'),
    status: 201,
    names: INVITATION,
    check: async (t, { body }, { service, facts }) => {
      const rows = await service.rows(`select sponsor_id from user_sponsors where user_id = '${body.invitedUser.id}'`)
      t.same(rows, [{ sponsor_id: facts['member'] }], 'who invites is the sponsor')
    },
  },
  {
    title: 'inviting a pending guest again answers another invitation of the same user',
    given: (world) => invited(world, 'again', 'again@partner.example'),
    ask: 'POST /invitations',
    body: wish('AGAIN@partner.example', { invitedUserType: 'Guest' }),
    status: 201,
    names: INVITATION,
    is: { invitedUser: { id: '{again}' }, status: 'PendingAcceptance' },
    check: (t, { body }, { facts }) => t.not(body.id, facts['againInvitation']),
  },
  {
    title: 'inviting a guest who has accepted answers Completed and leaves the guest as they are',
    given: async (world) => {
      const { inviteRedeemUrl } = await invited(world, 'accepted', 'accepted@partner.example')
      await new Guest().accept(world.service, inviteRedeemUrl, 'accepted@partner.example')
    },
    ask: 'POST /invitations',
    body: wish('accepted@partner.example'),
    status: 201,
    names: INVITATION,
    is: { invitedUser: { id: '{accepted}' }, status: 'Completed' },
    check: async (t, _answer, { service, facts }) => {
      const user = await service.api('GET', `/users/${facts['accepted']}?$select=externalUserState`)
      t.equal(user.body.externalUserState, 'Accepted')
    },
  },
  {
    title: 'our additions are answered to who uses them',
    ask: 'POST /invitations',
    body: wish('additions@partner.example', { expiresDateTime: null, contactUrl: 'mailto:help@contoso.example' }),
    status: 201,
    names: [...INVITATION, 'expiresDateTime', 'contactUrl'],
    is: { expiresDateTime: null, contactUrl: 'mailto:help@contoso.example' },
  },
]

t.test('POST /invitations answers 201', async (t) => {
  const additions = ['expiresDateTime', 'contactUrl', 'delivery']
  const held = created.map((exchange): Exchange => {
    const check: Exchange['check'] = async (t, answer, world) => {
      holdAgainst(t, 'microsoft.graph.invitation', answer.body, { additions })
      holdAgainst(t, 'microsoft.graph.invitedUserMessageInfo', answer.body.invitedUserMessageInfo)
      await exchange.check?.(t, answer, world)
    }
    return { ...exchange, check }
  })
  play(t, () => world, held)
})
