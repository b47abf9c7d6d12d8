import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { type Exchange, type GoldenError, play } from './exchange.js'
import { USER } from './property-sets.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
  const { service, facts } = world
  for (const name of ['ana', 'bo', 'cy']) {
    facts[name] = (await service.invite(`${name}@partner.example`)).invitedUser.id
  }
})

const isUser: Exchange['check'] = (t, { body }) => holdAgainst(t, 'microsoft.graph.user', body)
t.test('one user', async (t) => {
  play(t, () => world, [
    {
      title: 'shows eleven properties unless others are selected',
      ask: 'GET /users/{ana}',
      status: 200,
      names: ['@odata.context', ...USER],
      context: '$metadata#users/$entity',
      is: {
        businessPhones: [],
        displayName: 'ana',
        givenName: null,
        id: '{ana}',
        jobTitle: null,
        mail: 'ana@partner.example',
        mobilePhone: null,
        officeLocation: null,
        preferredLanguage: null,
        surname: null,
        userPrincipalName: 'ana_partner.example#EXT#@contoso.example',
      },
      check: isUser,
    },
    {
      title: 'is found by user principal name, the number sign encoded',
      ask: 'GET /users/ANA_partner.example%23EXT%23@contoso.example',
      status: 200,
      context: '$metadata#users/$entity',
      is: { id: '{ana}' },
    },
    {
      title: 'shows what is selected and nothing else, with the dollar sign encoded or not there',
      ask: 'GET /users/{ana}?%24select=displayName,userType',
      status: 200,
      names: ['@odata.context', 'displayName', 'userType'],
      context: '$metadata#users(displayName,userType)/$entity',
      is: { userType: 'Guest' },
      check: isUser,
    },
    {
      title: 'shows the state of a guest who was invited',
      ask: 'GET /users/{ana}?$select=id,userType,creationType,externalUserState,externalUserStateChangeDateTime,accountEnabled,mailNickname,otherMails,proxyAddresses,identities,createdDateTime,companyName',
      status: 200,
      is: {
        userType: 'Guest',
        creationType: 'Invitation',
        externalUserState: 'PendingAcceptance',
        accountEnabled: true,
        mailNickname: 'ana_partner.example#EXT#',
        otherMails: ['ana@partner.example'],
        proxyAddresses: ['SMTP:ana@partner.example'],
        identities: [
          {
            signInType: 'userPrincipalName',
            issuer: 'contoso.example',
            issuerAssignedId: 'ana_partner.example#EXT#@contoso.example',
          },
        ],
        companyName: null,
      },
      check: (t, answer, world) => {
        t.match(answer.body.externalUserStateChangeDateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
        return isUser(t, answer, world)
      },
    },
    {
      title: 'is found under /beta too, with its own context',
      ask: 'GET /users/{ana}',
      status: 200,
      check: async (t, { body }, { service, facts, tokens }) => {
        const bearer = tokens.get('readUsersApp')
        const url = `${service.baseUrl}/beta/users/${facts['ana']}`
        const beta = await (await fetch(url, { headers: { authorization: `Bearer ${bearer}` } })).json()
        t.strictSame(beta, { ...body, '@odata.context': `${service.baseUrl}/beta/$metadata#users/$entity` })
      },
    },
    {
      title: 'is changed with 204 and no body',
      ask: 'PATCH /users/{bo}',
      body: { jobTitle: 'Auditor', GivenName: 'Bo', id: 'ignored', '@odata.type': '#microsoft.graph.user' },
      status: 204,
      check: async (t, { text }, { service, facts }) => {
        t.equal(text, '')
        const user = await service.api('GET', `/users/${facts['bo']}`)
        t.match(user.body, { id: facts['bo'], jobTitle: 'Auditor', givenName: 'Bo' })
      },
    },
    {
      title: 'is deleted with 204, and is then not there',
      given: async ({ service, facts }) => {
        facts['gone'] = (await service.invite('gone@partner.example')).invitedUser.id
      },
      ask: 'DELETE /users/{gone}',
      status: 204,
      check: async (t, { text }, { service, facts }) => {
        t.equal(text, '')
        t.equal((await service.api('GET', `/users/${facts['gone']}`)).status, 404)
        t.equal((await service.api('DELETE', `/users/${facts['gone']}`)).status, 404)
      },
    },
  ])
})

const notThere = (id: string): GoldenError => ({
  code: 'Request_ResourceNotFound',
  message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  inner: 'userNotFound',
})

t.test('what is not there or not allowed', async (t) => {
  const missing = (title: string, ask: string, id: string, more: Partial<Exchange> = {}): Exchange => ({
    title,
    ask,
    status: 404,
    error: notThere(id),
    ...more,
  })
  const denied = (title: string, request: Partial<Exchange> & { ask: string }, names: string[]): Exchange => ({
    title,
    status: 403,
    error: {
      code: 'Authorization_RequestDenied',
      message: 'Insufficient privileges to complete the operation.',
      inner: 'permissionMissing',
      details: names.map((name) => ({ code: 'permissionNeeded', message: `Enough for it: ${name}` })),
    },
    ...request,
  })
  play(t, () => world, [
    missing('an unknown id', 'GET /users/{unknown}', '{unknown}'),
    missing('an unknown name', 'GET /users/nobody@contoso.example', 'nobody@contoso.example'),
    missing('a change of nobody', 'PATCH /users/{unknown}', '{unknown}', { body: { jobTitle: 'x' } }),
    missing('a deletion of nobody', 'DELETE /users/{unknown}', '{unknown}'),
    denied('users are not read with permission to invite', { as: 'inviteApp', ask: 'GET /users/{ana}' }, [
      'User.Read.All',
      'User.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
      'User.ReadBasic.All',
    ]),
    denied('users are not deleted with permission to read', { as: 'readUsersApp', ask: 'DELETE /users/{ana}' }, [
      'User.ReadWrite.All',
      'Directory.ReadWrite.All',
      'User.DeleteRestore.All',
    ]),
    {
      title: 'an unknown property of a user',
      ask: 'PATCH /users/{ana}',
      body: { jobTitel: 'x' },
      status: 400,
      error: {
        code: 'Request_BadRequest',
        message: "The property 'jobTitel' does not exist on this resource. Did you mean 'jobTitle'?",
        inner: 'unknownProperty',
        target: 'jobTitel',
      },
    },
    {
      title: 'a mail of somebody else',
      ask: 'PATCH /users/{ana}',
      body: { mail: 'BO@partner.example' },
      status: 400,
      error: {
        code: 'Request_BadRequest',
        message: 'A conflicting object with one or more of the specified property values is present in the directory.',
        inner: 'addressTaken',
        target: 'mail',
      },
    },
    {
      title: 'a segment nobody knows',
      ask: 'GET /users/{ana}/shoes',
      status: 400,
      error: { code: 'BadRequest', message: "Resource not found for the segment 'shoes'.", inner: 'unknownPath' },
    },
    {
      title: 'a method the target does not have',
      ask: 'PUT /users/{ana}',
      body: {},
      status: 405,
      answers: { allow: 'DELETE, GET, HEAD, PATCH' },
      error: {
        code: 'Request_BadRequest',
        message: 'Specified HTTP method is not allowed for the request target.',
        inner: 'methodNotAllowed',
      },
    },
  ])
})
