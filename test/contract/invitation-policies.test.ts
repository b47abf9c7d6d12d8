import t from 'tap'
import { type Exchange, type GoldenError, INVITATION, play, wish } from './exchange.js'
import { type CallerName, openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
})

const ASK = 'POST /invitations'

async function setPolicy({ service }: World, method: string, path: string, body: object): Promise<void> {
  const answer = await service.api(method, path, body)
  if (answer.status >= 300) throw new Error(`the policy was not set: ${answer.text}`)
}
const allowInvitesFrom = (value: string) => (world: World) =>
  setPolicy(world, 'PATCH', '/policies/authorizationPolicy', { allowInvitesFrom: value })
const domains = (mode: string, ...names: string[]) => {
  return (world: World) => setPolicy(world, 'PUT', '/policies/invitationDomainPolicy', { mode, domains: names })
}

// Graph: `Authorization_RequestDenied` with this sentence, to the letter.
t.test('without the permission', async (t) => {
  const message =
    "Insufficient privileges to perform requested operation by the application '00000003-0000-0000-c000-000000000000'. ControllerName=MSGraphInviteAPI, ActionName=CreateInvite, URL absolute path=/api/{tenantId}/invites"
  const details = ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'].map((name) => ({
    code: 'permissionNeeded',
    message: `Enough for it: ${name}`,
  }))
  const error: GoldenError = { code: 'Authorization_RequestDenied', message, inner: 'permissionMissing', details }
  play(t, () => world, [
    {
      title: 'an application may not invite',
      as: 'readUsersApp',
      ask: ASK,
      body: wish('ana@partner.example'),
      status: 403,
      error,
    },
    {
      title: 'a person may not either, whatever their role',
      given: async ({ service, tokens, facts }) => {
        tokens.set('unscoped', await service.userToken(facts['administrator'] ?? '', ['User.Read.All']))
      },
      as: 'unscoped',
      ask: ASK,
      body: wish('ana@partner.example'),
      status: 403,
      error,
    },
    {
      title: 'nobody learns whether the body was good',
      as: 'readUsersApp',
      ask: ASK,
      body: { what: 'ever' },
      status: 403,
      error,
    },
  ])
})

t.test('addresses that are at home here', async (t) => {
  const atHome = (title: string, address: string, message: string, inner: string): Exchange => ({
    title,
    ask: ASK,
    body: wish(address),
    status: 400,
    error: { code: 'BadRequest', message, inner, target: 'invitedUserEmailAddress' },
  })
  const verified =
    "This user cannot be invited because the domain of the user's email address is a verified domain of this directory."
  play(t, () => world, [
    atHome('a verified domain of this directory', 'new@contoso.example', verified, 'verifiedDomain'),
    atHome('the same in capitals', 'new@CONTOSO.EXAMPLE', verified, 'verifiedDomain'),
    atHome(
      'the address of an internal user',
      'Internal@Elsewhere.example',
      'The invited user already exists in the directory as object ID: {internal}. They can use that account to sign in to shared apps and resources.',
      'alreadyInDirectory',
    ),
    atHome(
      'the address of an internal user who is blocked',
      'blocked@elsewhere.example',
      'The invited user already exists in the directory as object ID: {blocked}, but the account is blocked from signing in. If the account is unblocked, they can use that account to sign in to shared apps and resources.',
      'alreadyInDirectory',
    ),
  ])
})

// Graph: authorizationPolicy.allowInvitesFrom. App-only calls fail when invitations are off or for administrators only.
t.test('allowInvitesFrom', async (t) => {
  const callers: CallerName[] = [
    'inviteApp',
    'administrator',
    'userAdministrator',
    'guestInviter',
    'invitingGuest',
    'helpdesk',
    'member',
    'guest',
  ]
  const permitted: Record<string, readonly CallerName[]> = {
    none: [],
    adminsAndGuestInviters: ['administrator', 'userAdministrator', 'guestInviter', 'invitingGuest'],
    adminsGuestInvitersAndAllMembers: callers.filter((name) => name !== 'guest'),
    everyone: callers,
  }
  const table = Object.entries(permitted).flatMap(([value, names]) =>
    callers.map((as): Exchange => {
      const answer: Pick<Exchange, 'status' | 'names' | 'error'> = names.includes(as)
        ? { status: 201, names: INVITATION }
        : {
            status: 403,
            error: {
              code: 'Forbidden',
              message:
                'Guest invitations not allowed for your company. Contact your company administrator for more details.',
              inner: 'invitationsNotAllowed',
              details: [{ code: 'allowInvitesFrom', message: `allowInvitesFrom is ${value}` }],
            },
          }
      const title = `${value}: ${as} ${names.includes(as) ? 'invites' : 'does not'}`
      return { title, given: allowInvitesFrom(value), as, ask: ASK, body: wish(`${as}@partner.example`), ...answer }
    }),
  )
  play(t, () => world, [
    {
      title: 'unset: a guest does not invite, everybody else does',
      as: 'guest',
      ask: ASK,
      body: wish('ana@partner.example'),
      status: 403,
      error: {
        code: 'Forbidden',
        message: 'Guest invitations not allowed for your company. Contact your company administrator for more details.',
        inner: 'invitationsNotAllowed',
        details: [{ code: 'allowInvitesFrom', message: 'allowInvitesFrom is adminsGuestInvitersAndAllMembers' }],
      },
    },
    ...table,
  ])
})

t.test('inviting a member takes an administrator', async (t) => {
  const permitted: CallerName[] = ['everything', 'administrator', 'userAdministrator']
  const refused: CallerName[] = ['inviteApp', 'guestInviter', 'helpdesk', 'member']
  const request = (as: CallerName) => ({
    given: allowInvitesFrom('adminsGuestInvitersAndAllMembers'),
    as,
    ask: ASK,
    body: wish(`member-by-${as}@partner.example`, { invitedUserType: 'Member' }),
  })
  play(t, () => world, [
    ...permitted.map(
      (as): Exchange => ({
        ...request(as),
        title: `${as} does`,
        status: 201,
        names: INVITATION,
        is: { invitedUserType: 'Member' },
        check: async (t, { body }, { service }) => {
          const user = await service.api('GET', `/users/${body.invitedUser.id}?$select=userType,creationType`)
          t.match(user.body, { userType: 'Member', creationType: 'Invitation' })
        },
      }),
    ),
    ...refused.map(
      (as): Exchange => ({
        ...request(as),
        title: `${as} does not`,
        status: 403,
        error: {
          code: 'Forbidden',
          message:
            "invitedUserType 'Member' needs an administrator: Global Administrator or User Administrator, or an application with User.ReadWrite.All or Directory.ReadWrite.All. Leave invitedUserType out to invite a guest.",
          inner: 'memberNeedsAdministrator',
          target: 'invitedUserType',
        },
      }),
    ),
  ])
})

t.test('invitationDomainPolicy', async (t) => {
  const invite = (given: Exchange['given'], address: string) => ({
    ...(given && { given }),
    ask: ASK,
    body: wish(address),
  })
  const passes = (title: string, given: Exchange['given'], address: string): Exchange => ({
    ...invite(given, address),
    title,
    status: 201,
    names: INVITATION,
  })
  const fails = (title: string, given: Exchange['given'], address: string, list: 'block' | 'allow'): Exchange => {
    const domain = address.slice(address.indexOf('@') + 1).toLowerCase()
    const messages = {
      block: `Guests from ${domain} cannot be invited: invitationDomainPolicy blocks this domain. Use an address of another domain, or ask an administrator to take ${domain} off the list.`,
      allow: `Guests from ${domain} cannot be invited: invitationDomainPolicy allows only listed domains. Use an address of a listed domain, or ask an administrator to add ${domain}.`,
    }
    const inner = list === 'block' ? 'domainBlocked' : 'domainNotAllowed'
    const error: GoldenError = {
      code: 'Forbidden',
      message: messages[list],
      inner,
      target: 'invitedUserEmailAddress',
    }
    return { ...invite(given, address), title, status: 403, error }
  }
  const blockList = domains('blockList', 'evil.example', '*.spam.example')
  const allowList = domains('allowList', 'partner.example', 'bücher.example')
  play(t, () => world, [
    fails('a blocked domain', blockList, 'ana@evil.example', 'block'),
    fails('in capitals', blockList, 'ana@EVIL.example', 'block'),
    fails('a name below a wildcard', blockList, 'ana@mail.spam.example', 'block'),
    passes('a wildcard leaves out the name itself', blockList, 'ana@spam.example'),
    passes('a name that only ends alike', blockList, 'ana@notevil.example'),
    passes('a listed domain', allowList, 'listed@partner.example'),
    passes('the other spelling of a listed domain', allowList, 'ana@xn--bcher-kva.example'),
    fails('a domain that is not listed', allowList, 'ana@elsewhere2.example', 'allow'),
    fails('a name below a listed one', allowList, 'ana@mail.partner.example', 'allow'),
    passes('any domain again', domains('any'), 'ana@evil.example'),
  ])
})
