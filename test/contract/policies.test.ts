import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { type GoldenError, play } from './exchange.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
})

const AUTHORIZATION_POLICY = [
  'allowEmailVerifiedUsersToJoinOrganization',
  'allowInvitesFrom',
  'allowUserConsentForRiskyApps',
  'allowedToSignUpEmailBasedSubscriptions',
  'allowedToUseSSPR',
  'blockMsolPowerShell',
  'defaultUserRolePermissions',
  'deletedDateTime',
  'description',
  'displayName',
  'guestUserRoleId',
  'id',
]
const RESTRICTED = '2af84b1e-32c8-42b7-82bc-daa82404023b'
const bad = (inner: string, target: string, message: string): GoldenError => ({
  code: 'Request_BadRequest',
  message,
  inner,
  target,
})
const denied = (...names: string[]): GoldenError => ({
  code: 'Authorization_RequestDenied',
  message: 'Insufficient privileges to complete the operation.',
  inner: 'permissionMissing',
  details: names.map((name) => ({ code: 'permissionNeeded', message: `Enough for it: ${name}` })),
})

t.test('authorizationPolicy', async (t) => {
  const path = '/policies/authorizationPolicy'
  play(t, () => world, [
    {
      title: 'is read with safe defaults',
      ask: `GET ${path}`,
      status: 200,
      names: ['@odata.context', ...AUTHORIZATION_POLICY],
      context: '$metadata#policies/authorizationPolicy/$entity',
      is: {
        id: 'authorizationPolicy',
        allowInvitesFrom: 'adminsGuestInvitersAndAllMembers',
        guestUserRoleId: RESTRICTED,
      },
      check: (t, { body }) => {
        holdAgainst(t, 'microsoft.graph.authorizationPolicy', body)
        holdAgainst(t, 'microsoft.graph.defaultUserRolePermissions', body.defaultUserRolePermissions)
      },
    },
    {
      title: 'is changed with 204, and what was not named stays',
      as: 'administrator',
      ask: `PATCH ${path}`,
      body: { allowInvitesFrom: 'everyone', defaultUserRolePermissions: { allowedToCreateApps: true } },
      status: 204,
      check: async (t, _answer, { service }) => {
        const { body } = await service.api('GET', path)
        holdAgainst(t, 'microsoft.graph.authorizationPolicy', body)
        t.match(body, {
          allowInvitesFrom: 'everyone',
          guestUserRoleId: RESTRICTED,
          defaultUserRolePermissions: { allowedToCreateApps: true, allowedToReadOtherUsers: true },
        })
      },
    },
    {
      title: 'takes no value Graph does not have',
      ask: `PATCH ${path}`,
      body: { allowInvitesFrom: 'adminsOnly' },
      status: 400,
      error: bad(
        'invalidValue',
        'allowInvitesFrom',
        "Invalid value specified for property 'allowInvitesFrom': it must be 'none', 'adminsAndGuestInviters', 'adminsGuestInvitersAndAllMembers' or 'everyone'.",
      ),
    },
    {
      title: 'is not changed with permission to read it',
      as: 'readPolicyApp',
      ask: `PATCH ${path}`,
      body: { allowInvitesFrom: 'none' },
      status: 403,
      error: denied('Policy.ReadWrite.Authorization'),
    },
    {
      title: 'is not read with permission to read users',
      as: 'readUsersApp',
      ask: `GET ${path}`,
      status: 403,
      error: denied('Policy.Read.All', 'Policy.ReadWrite.Authorization'),
    },
    {
      title: 'is not changed by a person who is no Global Administrator',
      as: 'userAdministrator',
      ask: `PATCH ${path}`,
      body: { allowInvitesFrom: 'none' },
      status: 403,
      error: {
        code: 'Authorization_RequestDenied',
        message: 'Changing this policy needs the role Global Administrator.',
        inner: 'policyNeedsAdministrator',
      },
    },
  ])
})

t.test('invitationDomainPolicy', async (t) => {
  const path = '/policies/invitationDomainPolicy'
  const names = ['@odata.context', 'mode', 'domains']
  const context = '$metadata#policies/invitationDomainPolicy/$entity'
  play(t, () => world, [
    {
      title: 'lets every domain in at first',
      ask: `GET ${path}`,
      status: 200,
      names,
      context,
      is: { mode: 'any', domains: [] },
    },
    {
      title: 'is replaced, names in the form they are compared in',
      ask: `PUT ${path}`,
      body: { mode: 'allowList', domains: ['Partner.Example', '*.Bücher.example', 'partner.example'] },
      status: 200,
      names,
      context,
      is: { mode: 'allowList', domains: ['partner.example', '*.xn--bcher-kva.example'] },
      check: async (t, { body }, { service }) => t.strictSame((await service.api('GET', path)).body, body),
    },
    {
      title: 'holds domains only',
      ask: `PUT ${path}`,
      body: { mode: 'blockList', domains: ['ana@partner.example'] },
      status: 400,
      error: bad(
        'malformedDomain',
        'domains',
        "domains: 'ana@partner.example' is not a domain name. Write partner.example, or *.partner.example for every name below it.",
      ),
    },
    {
      title: 'holds no list that nothing looks at',
      ask: `PUT ${path}`,
      body: { mode: 'any', domains: ['partner.example'] },
      status: 400,
      error: bad(
        'listWithoutMode',
        'domains',
        "domains: mode 'any' takes no list. Choose allowList or blockList, or leave domains empty.",
      ),
    },
    {
      title: 'is replaced, not patched',
      ask: `PATCH ${path}`,
      body: { mode: 'any' },
      status: 405,
      answers: { allow: 'GET, HEAD, PUT' },
      error: {
        code: 'Request_BadRequest',
        message: 'Specified HTTP method is not allowed for the request target.',
        inner: 'methodNotAllowed',
      },
    },
  ])
})
