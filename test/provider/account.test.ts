import t from 'tap'
import type { ToldGroups } from '../../src/applications/index.js'
import { claimsOf, isLetIn, pairwiseSubject, standingOf } from '../../src/provider/account.js'
import type { Exchange } from '../../src/provider/exchange.js'
import type { AccountFacts } from '../../src/provider/sign-in-store.js'
import { startService } from '../support/service.js'
import { acceptedGuest, Browser, CALLBACK, relyingParty, signIn, start } from './relying-party.js'

const ROLE = { id: 'r1', value: 'Reader', displayName: 'Reader', allowedMemberTypes: ['User' as const] }
const party = {
  web: [],
  spa: [],
  publicClient: [],
  logoutUrl: null,
  backChannelLogoutUrl: null,
  homePageUrl: null,
  takesPublicClients: false,
  isAssignmentRequired: false,
  roles: [ROLE],
  toldGroups: 'all' as ToldGroups,
  requested: [],
}
const exchange = (more: Partial<typeof party> = {}): Exchange => ({
  tenant: { id: 't1', enabled: true, domains: ['contoso.example'] },
  from: '127.0.0.1',
  traceId: 'x',
  correlationId: 'x',
  origin: 'https://v.example',
  party: { ...party, ...more },
  accounts: new Map(),
  now: new Date(),
})
const guest: AccountFacts = {
  id: 'u1',
  displayName: 'Ana',
  mail: 'Ana@partner.example',
  userType: 'Guest',
  accountEnabled: true,
  accessEndsAt: null,
  state: 'Accepted',
  preferredLanguage: null,
  userPrincipalName: 'ana_partner.example#EXT#@contoso.example',
  tokensValidFrom: null,
  provedAddresses: ['ana@partner.example'],
  directoryRoles: [],
  givenName: null,
  surname: null,
  issuers: ['mail'],
  roleIds: ['r1'],
  groups: [],
  consented: [],
}

t.test('an address is verified only where it was proved, by the person or by a home that speaks for it', async (t) => {
  const google = ['google.com']
  const cases: [string, Partial<AccountFacts>, boolean | undefined][] = [
    ['the mailbox the guest proved', {}, true],
    ['an address an administrator wrote down since', { mail: 'other@partner.example' }, false],
    ['the address that the home of the guest vouched for', { issuers: google }, true],
    ['the same in other letters', { mail: 'ANA@Partner.example', issuers: google }, true],
    ['another one at the domain of the home', { mail: 'ceo@partner.example', issuers: google }, false],
    ['a guest whose home vouched for none', { provedAddresses: [], issuers: google }, false],
    [
      'a guest of another home at a domain of the organization',
      { mail: 'bo@contoso.example', provedAddresses: [], issuers: google },
      false,
    ],
    ['a guest who has not come yet', { provedAddresses: [], issuers: [] }, false],
    [
      'a member at a domain of the organization',
      { mail: 'bo@Contoso.example', provedAddresses: [], issuers: [] },
      true,
    ],
    [
      'a member at a domain that only ends like it',
      { mail: 'bo@notcontoso.example', provedAddresses: [], issuers: [] },
      false,
    ],
    [
      'a member below a domain of the organization',
      { mail: 'bo@a.contoso.example', provedAddresses: [], issuers: [] },
      false,
    ],
    ['a member at another domain', { mail: 'bo@else.example', provedAddresses: [], issuers: [] }, false],
    ['nobody’s address', { mail: null }, undefined],
  ]
  for (const [what, facts, expected] of cases) {
    t.equal(claimsOf(exchange(), { ...guest, ...facts })['email_verified'], expected, what)
  }
})

t.test('groups are told where the application asks, and beyond 200 where to ask for them', async (t) => {
  const groups = (count: number) => ({ ...guest, groups: Array.from({ length: count }, (_, n) => `g${n}`) })
  t.equal((claimsOf(exchange(), groups(200))['groups'] as string[]).length, 200)
  t.match(claimsOf(exchange(), groups(201)), {
    groups: undefined,
    _claim_names: { groups: 'src1' },
    _claim_sources: { src1: { endpoint: 'https://v.example/v1.0/users/u1/getMemberObjects' } },
  })
  t.notOk('groups' in claimsOf(exchange({ toldGroups: 'none' }), groups(3)))
})

t.test('roles are told by their values, and decide who is let in where an assignment is asked for', async (t) => {
  t.strictSame(claimsOf(exchange(), guest)['roles'], ['Reader'])
  t.notOk('roles' in claimsOf(exchange(), { ...guest, roleIds: ['gone'] }), 'a role that is no more')
  t.ok(isLetIn(exchange(), { roleIds: [] }))
  t.notOk(isLetIn(exchange({ isAssignmentRequired: true }), { roleIds: [] }))
  t.ok(isLetIn(exchange({ isAssignmentRequired: true }), guest))
})

t.test('whatever changes what a person may changes their standing, and nothing else does', async (t) => {
  const standing = standingOf(guest)
  t.not(standingOf({ ...guest, roleIds: [] }), standing)
  t.not(standingOf({ ...guest, directoryRoles: ['x'] }), standing)
  t.not(standingOf({ ...guest, userType: 'Member' }), standing)
  t.equal(standingOf({ ...guest, displayName: 'Other', groups: ['g'], consented: ['User.Read'] }), standing)
  const roles = { ...guest, directoryRoles: ['a', 'b'] }
  t.equal(standingOf(roles), standingOf({ ...roles, directoryRoles: ['b', 'a'] }), 'in any order')
})

t.test('subjects differ by organization, application and person', async (t) => {
  const subjects = [
    ['t1', 'a1', 'u1'],
    ['t2', 'a1', 'u1'],
    ['t1', 'a2', 'u1'],
    ['t1', 'a1', 'u2'],
  ].map(([tenant = '', app = '', user = '']) => pairwiseSubject(tenant, app, user))
  t.equal(new Set(subjects).size, 4)
})

t.test('an assignment to a group lets its members in, and not those of groups inside it', async (t) => {
  const service = await startService(t)
  const rp = await relyingParty(service, { principal: { appRoleAssignmentRequired: true } })
  const group = async (name: string) => {
    const body = { displayName: name, mailEnabled: false, mailNickname: name, securityEnabled: true }
    return (await service.api('POST', '/groups', body)).body.id as string
  }
  const join = (groupId: string, id: string) =>
    service.api('POST', `/groups/${groupId}/members/$ref`, { '@odata.id': `x/directoryObjects/${id}` })
  const [outer, inner] = [await group('outer'), await group('inner')]
  const [ana, bo] = [await acceptedGuest(t, service, 'ana'), await acceptedGuest(t, service, 'bo')]
  await join(outer, ana.id)
  await join(inner, bo.id)
  await join(outer, inner)
  const appRoleId = '00000000-0000-0000-0000-000000000000'
  const wish = { principalId: outer, resourceId: rp.principal.id, appRoleId }
  t.equal((await service.api('POST', `/groups/${outer}/appRoleAssignments`, wish)).status, 201)
  const enters = async (mail: string) => {
    const { url } = await signIn(service, new Browser(service.baseUrl), (await start(rp.config)).url, mail)
    return url.startsWith(CALLBACK) && new URL(url).searchParams.has('code')
  }
  t.ok(await enters(ana.mail))
  t.notOk(await enters(bo.mail), 'Entra: nesting does not count')
})
