import t from 'tap'
import { Guest } from '../support/guest.js'
import { type Exchange, type GoldenError, INVITATION, play, wish } from './exchange.js'
import { type CallerName, openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t, {})
})

const ASK = 'POST /invitations'
const reset = (address: string, user: string, more: object = {}) =>
  wish(address, { resetRedemption: true, invitedUser: { id: `{${user}}` }, ...more })
const convert = (address: string, user: string) => wish(address, { invitedUser: { id: `{${user}}` } })

/** A guest who has accepted, remembered by name; with further addresses. */
const accepted = (name: string, ...otherMails: string[]) => {
  return async ({ service, facts }: World) => {
    const address = `${name}@partner.example`
    const { invitedUser, inviteRedeemUrl } = await service.invite(address)
    await new Guest().accept(service, inviteRedeemUrl, address)
    facts[name] = invitedUser.id
    if (otherMails.length > 0) await service.api('PATCH', `/users/${invitedUser.id}`, { otherMails })
  }
}
const SELECT = 'id,mail,otherMails,userPrincipalName,userType,creationType,externalUserState,identities'
const user = async ({ service, facts }: World, name: string) =>
  (await service.api('GET', `/users/${facts[name]}?$select=${SELECT}`)).body
const bad = (inner: string, target: string, message: string): GoldenError => ({
  code: 'BadRequest',
  message,
  inner,
  target,
})
const notFound = (id: string): GoldenError => ({
  code: 'Request_ResourceNotFound',
  message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  inner: 'userNotFound',
  target: 'invitedUser',
})

t.test('resetRedemption', async (t) => {
  const permitted: CallerName[] = ['everything', 'administrator', 'userAdministrator', 'helpdesk']
  const refused: CallerName[] = ['inviteApp', 'guestInviter', 'member']
  play(t, () => world, [
    ...permitted.map(
      (as): Exchange => ({
        title: `${as} makes a guest who accepted pending again, with the same id and name`,
        given: accepted(`reset-by-${as}`),
        as,
        ask: ASK,
        body: reset(`reset-by-${as}@partner.example`, `reset-by-${as}`),
        status: 201,
        names: INVITATION,
        is: { resetRedemption: true, status: 'PendingAcceptance', invitedUser: { id: `{reset-by-${as}}` } },
        check: async (t, _answer, world) => {
          t.match(await user(world, `reset-by-${as}`), {
            userPrincipalName: `reset-by-${as}_partner.example#EXT#@contoso.example`,
            externalUserState: 'PendingAcceptance',
            identities: [{ signInType: 'userPrincipalName', issuer: 'contoso.example' }],
          })
        },
      }),
    ),
    ...refused.map(
      (as): Exchange => ({
        title: `${as} may not: permission to invite is not enough`,
        as,
        ask: ASK,
        body: reset('reset-by-everything@partner.example', 'reset-by-everything'),
        status: 403,
        error: {
          code: 'Forbidden',
          message:
            'Resetting a redemption needs the role Helpdesk Administrator, User Administrator or Global Administrator, or an application with User.ReadWrite.All or Directory.ReadWrite.All. Permission to invite is not enough.',
          inner: 'resetNeedsAdministrator',
          target: 'resetRedemption',
        },
      }),
    ),
    {
      title: 'a new address that is among the other mails becomes the mail; the name stays',
      given: accepted('moving', 'moved@partner.example'),
      ask: ASK,
      body: reset('moved@partner.example', 'moving'),
      status: 201,
      is: { invitedUserEmailAddress: 'moved@partner.example', invitedUser: { id: '{moving}' } },
      check: async (t, _answer, world) => {
        t.match(await user(world, 'moving'), {
          mail: 'moved@partner.example',
          otherMails: ['moved@partner.example', 'moving@partner.example'],
          userPrincipalName: 'moving_partner.example#EXT#@contoso.example',
          externalUserState: 'PendingAcceptance',
        })
      },
    },
    {
      title: 'a new address that is not theirs is refused',
      ask: ASK,
      body: reset('stranger@partner.example', 'moving'),
      status: 400,
      error: bad(
        'addressNotOnUser',
        'invitedUserEmailAddress',
        "invitedUserEmailAddress: a new address must first be in the user's mail or otherMails. Add it there, then reset.",
      ),
    },
    {
      title: 'it names the user',
      ask: ASK,
      body: wish('moved@partner.example', { resetRedemption: true }),
      status: 400,
      error: bad('resetNeedsUser', 'invitedUser', 'resetRedemption: name the user to reset in invitedUser.id.'),
    },
    {
      title: 'an internal user has nothing to reset',
      ask: ASK,
      body: reset('internal@elsewhere.example', 'internal'),
      status: 400,
      error: bad(
        'notExternal',
        'resetRedemption',
        'resetRedemption: only a guest who was invited can be reset. This user signs in with an account of this organization.',
      ),
    },
    {
      title: 'an application may not reset a guest who holds a directory role',
      ask: ASK,
      body: reset('inviter@partner.example', 'invitingGuest'),
      status: 403,
      error: {
        code: 'Forbidden',
        message:
          'This user holds a directory role, so only a Global Administrator may change how they sign in. Applications may not.',
        inner: 'privilegedTarget',
        target: 'invitedUser',
      },
    },
    {
      title: 'a user nobody knows',
      ask: ASK,
      body: reset('ana@partner.example', 'unknown'),
      status: 404,
      error: notFound('{unknown}'),
    },
    {
      title: 'an id that is none',
      ask: ASK,
      body: wish('ana@partner.example', { resetRedemption: true, invitedUser: { id: 'ana' } }),
      status: 404,
      error: notFound('ana'),
    },
  ])
})

t.test('invitedUser.id without a reset', async (t) => {
  play(t, () => world, [
    {
      title: 'turns an internal user into an external one, with id, name and type as they were',
      ask: ASK,
      body: convert('internal@elsewhere.example', 'internal'),
      status: 201,
      names: INVITATION,
      is: {
        invitedUser: { id: '{internal}' },
        status: 'PendingAcceptance',
        resetRedemption: false,
        invitedUserType: 'Member',
      },
      check: async (t, _answer, world) => {
        t.match(await user(world, 'internal'), {
          userPrincipalName: 'internal@contoso.example',
          userType: 'Member',
          externalUserState: 'PendingAcceptance',
        })
      },
    },
    {
      title: 'wants the external address as their mail first',
      ask: ASK,
      body: convert('new@elsewhere.example', 'blocked'),
      status: 400,
      error: bad(
        'addressNotOnUser',
        'invitedUserEmailAddress',
        "invitedUserEmailAddress: set the user's mail to the external address first, then invite the user with invitedUser.id.",
      ),
    },
    {
      title: 'is not for applications that may only invite',
      as: 'inviteApp',
      ask: ASK,
      body: convert('blocked@elsewhere.example', 'blocked'),
      status: 403,
      error: {
        code: 'Forbidden',
        message:
          'Inviting an internal user needs the role Helpdesk Administrator, User Administrator or Global Administrator, or an application with User.ReadWrite.All or Directory.ReadWrite.All.',
        inner: 'conversionNeedsAdministrator',
        target: 'invitedUser',
      },
    },
    {
      title: 'does not touch a holder of a directory role',
      ask: ASK,
      body: convert('helpdesk@contoso.example', 'helpdesk'),
      status: 400,
      error: bad(
        'verifiedDomain',
        'invitedUserEmailAddress',
        "This user cannot be invited because the domain of the user's email address is a verified domain of this directory.",
      ),
    },
    {
      title: 'invites a pending guest once more',
      ask: ASK,
      body: convert('moved@partner.example', 'moving'),
      status: 201,
      is: { invitedUser: { id: '{moving}' }, status: 'PendingAcceptance' },
    },
    {
      title: 'an object of another organization is not there',
      given: async ({ service, facts }) => {
        facts['foreigner'] = (await service.otherTenant('fabrikam.example')).adminId
      },
      ask: ASK,
      body: convert('ana@partner.example', 'foreigner'),
      status: 404,
      error: notFound('{foreigner}'),
    },
  ])
})
