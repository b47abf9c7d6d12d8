import t from 'tap'
import { relatedView } from '../../src/directory/objects/rules.js'
import {
  externalNameLocal,
  groupView,
  identityProblem,
  issuerName,
  LIMITED_USER_PROPERTIES,
  maySeeMembers,
  narrower,
  type Reader,
  type ReadingPolicy,
  shows,
  userView,
  type View,
  type Way,
} from '../../src/directory/rules.js'
import { DEFAULT_AUTHORIZATION_POLICY, GUEST_USER_ROLES, readingPolicy } from '../../src/policies/documents.js'
import { ROLES } from '../../src/policies/rules.js'

const ME = '01900000-0000-7000-8000-000000000001'
const OTHER = '01900000-0000-7000-8000-000000000002'

type Who = Reader & { permissions: ReadonlySet<string> }
const reader = (more: Partial<Who>): Who => ({
  kind: 'user',
  objectId: ME,
  userType: 'Member',
  directoryRoles: new Set(),
  permissions: new Set(),
  ...more,
})
const application = reader({ kind: 'application', userType: undefined })
const hiddenReader = { ...application, permissions: new Set(['Member.Read.Hidden']) }
const member = reader({})
const administrator = reader({ directoryRoles: new Set([ROLES.userAdministrator]) })
const guest = reader({ userType: 'Guest' })
const guestWithRole = reader({ userType: 'Guest', directoryRoles: new Set([ROLES.guestInviter]) })

const same: ReadingPolicy = { guests: 'sameAsMembers', membersReadOthers: true }
const limited: ReadingPolicy = { guests: 'limited', membersReadOthers: true }
const restricted: ReadingPolicy = { guests: 'restricted', membersReadOthers: true }
const closed = (policy: ReadingPolicy): ReadingPolicy => ({ ...policy, membersReadOthers: false })

const ALL = 'everything'
const NO = 'nothing'
const SOME: View = { only: LIMITED_USER_PROPERTIES }
const ID: View = { only: new Set(['id']) }

t.test('what is seen of a user', async (t) => {
  const cases: [who: string, Reader, ReadingPolicy, userId: string | undefined, Record<Way, View>][] = [
    [
      'an application, whatever guests may',
      application,
      closed(restricted),
      OTHER,
      { named: ALL, related: ALL, listed: ALL },
    ],
    ['a member', member, restricted, OTHER, { named: ALL, related: ALL, listed: ALL }],
    [
      'a member of an organization where nobody reads others',
      member,
      closed(same),
      OTHER,
      { named: NO, related: NO, listed: NO },
    ],
    ['the same member, of themselves', member, closed(same), ME, { named: ALL, related: ALL, listed: ALL }],
    [
      'an administrator of that organization',
      administrator,
      closed(same),
      OTHER,
      { named: ALL, related: ALL, listed: ALL },
    ],
    ['a guest who reads as members do', guest, same, OTHER, { named: ALL, related: ALL, listed: ALL }],
    ['such a guest where members read nobody', guest, closed(same), OTHER, { named: NO, related: NO, listed: NO }],
    ['a limited guest', guest, limited, OTHER, { named: SOME, related: SOME, listed: NO }],
    ['a limited guest, of themselves', guest, limited, ME, { named: ALL, related: ALL, listed: ALL }],
    ['a limited guest, of everybody', guest, limited, undefined, { named: SOME, related: SOME, listed: NO }],
    [
      'a limited guest where members read nobody',
      guest,
      closed(limited),
      OTHER,
      { named: NO, related: NO, listed: NO },
    ],
    ['a restricted guest', guest, restricted, OTHER, { named: NO, related: NO, listed: NO }],
    ['a restricted guest, of themselves', guest, restricted, ME, { named: ALL, related: ALL, listed: ALL }],
    ['a guest with a directory role', guestWithRole, restricted, OTHER, { named: ALL, related: ALL, listed: ALL }],
  ]
  for (const [who, by, policy, userId, expected] of cases) {
    for (const way of ['named', 'related', 'listed'] as const) {
      const user = userId === undefined ? { way } : { userId, way }
      t.strictSame(userView(by, policy, user), expected[way], `${who}, ${way}`)
    }
  }
})

t.test('what is seen of a group', async (t) => {
  type Seen = Record<'named' | 'related' | 'listed', View>
  const all: Seen = { named: ALL, related: ALL, listed: ALL }
  const none: Seen = { named: NO, related: NO, listed: NO }
  const cases: [who: string, Reader, ReadingPolicy, isMember: boolean, hidesMembership: boolean, Seen][] = [
    ['an application', application, restricted, false, true, all],
    ['a member of the organization', member, closed(restricted), false, true, all],
    ['a guest who reads as members do', guest, closed(same), false, true, all],
    ['a limited guest in it', guest, limited, true, true, all],
    ['a limited guest outside it', guest, limited, false, false, { named: ALL, related: ALL, listed: NO }],
    ['a limited guest outside a hidden one', guest, limited, false, true, none],
    ['a restricted guest in it', guest, restricted, true, false, { named: NO, related: ID, listed: NO }],
    ['a restricted guest outside it', guest, restricted, false, false, none],
    ['a guest with a directory role', guestWithRole, restricted, false, true, all],
  ]
  for (const [who, by, policy, isMember, hidesMembership, expected] of cases) {
    for (const way of ['named', 'related', 'listed'] as const) {
      t.strictSame(groupView(by, policy, { way, isMember, hidesMembership }), expected[way], `${who}, ${way}`)
    }
  }
})

t.test('who sees the members of a group', async (t) => {
  const cases: [who: string, Who, ReadingPolicy, isMember: boolean, open: boolean, hidden: boolean][] = [
    ['an application', application, restricted, false, true, false],
    ['an application with Member.Read.Hidden', hiddenReader, restricted, false, true, true],
    ['a member outside it', member, restricted, false, true, false],
    ['a member in it', member, restricted, true, true, true],
    ['an administrator', administrator, restricted, false, true, true],
    [
      'a person whose client has Member.Read.Hidden',
      { ...member, permissions: hiddenReader.permissions },
      same,
      false,
      true,
      false,
    ],
    ['a guest who reads as members do', guest, same, false, true, false],
    ['a limited guest outside it', guest, limited, false, true, false],
    ['a limited guest in it', guest, limited, true, true, true],
    ['a restricted guest in it', guest, restricted, true, false, false],
  ]
  for (const [who, by, policy, isMember, open, hidden] of cases) {
    const of = (hidesMembership: boolean) => maySeeMembers(by, policy, { way: 'named', isMember, hidesMembership })
    t.equal(of(false), open, `${who}, an open group`)
    t.equal(of(true), hidden, `${who}, a hidden group`)
  }
})

t.test('what is seen of an object that something else leads to', async (t) => {
  const BASIC = ['displayName', 'givenName', 'id', 'mail', 'surname', 'userPrincipalName']
  const basic: View = { only: new Set(BASIC) }
  const little: View = { only: new Set(BASIC.filter((name) => LIMITED_USER_PROPERTIES.has(name))) }
  const TYPES = ['user', 'group', 'directoryRole', 'application', 'servicePrincipal'] as const
  type Seen = Record<(typeof TYPES)[number], View>
  const all: Seen = { user: ALL, group: ALL, directoryRole: ALL, application: ALL, servicePrincipal: ALL }
  const ids: Seen = { user: ID, group: ID, directoryRole: ID, application: ID, servicePrincipal: ID }
  const apps = { application: ALL, servicePrincipal: ALL } as const
  const cases: [who: string, Reader, ReadingPolicy, permissions: string[], Seen][] = [
    ['an application', application, closed(restricted), ['User.Read.All'], { ...ids, user: ALL }],
    ['an application', application, same, ['User.ReadWrite.All'], { ...ids, user: ALL }],
    ['an application', application, same, ['User.ReadBasic.All'], { ...ids, user: basic }],
    ['an application', application, same, ['GroupMember.Read.All'], { ...ids, group: ALL }],
    ['an application', application, same, ['GroupMember.ReadWrite.All'], { ...ids, group: ALL }],
    [
      'an application',
      application,
      same,
      ['Group.Read.All', 'User.ReadBasic.All'],
      { ...ids, group: ALL, user: basic },
    ],
    ['an application', application, same, ['Application.Read.All'], { ...ids, ...apps }],
    ['an application', application, same, ['Application.ReadWrite.OwnedBy'], { ...ids, ...apps }],
    ['an application', application, same, ['RoleManagement.Read.Directory'], { ...ids, directoryRole: ALL }],
    ['an application', application, same, ['Directory.Read.All'], all],
    ['an application', application, same, ['Directory.ReadWrite.All'], all],
    [
      'an application that writes what it may not read',
      application,
      same,
      ['Group.Create', 'User.DeleteRestore.All', 'User.Invite.All', 'User.EnableDisableAccount.All', 'Domain.Read.All'],
      ids,
    ],
    ['an application with nothing', application, same, [], ids],
    ["a member's client", member, restricted, ['User.Read'], ids],
    ["a member's client", member, restricted, ['User.ReadBasic.All'], { ...ids, user: basic }],
    ["a member's client", member, restricted, ['GroupMember.Read.All'], { ...ids, group: ALL }],
    ["a member's client", member, restricted, ['Directory.Read.All'], all],
    ["a member's client where nobody reads others", member, closed(same), ['Directory.Read.All'], { ...all, user: NO }],
    ["a limited guest's client", guest, limited, ['Directory.Read.All'], { ...all, user: SOME }],
    ["a limited guest's client", guest, limited, ['User.ReadBasic.All'], { ...ids, user: little }],
    ["a limited guest's client", guest, limited, ['User.Read'], ids],
    ["a limited guest's client", guest, limited, ['Application.Read.All'], { ...ids, ...apps }],
    [
      "a restricted guest's client",
      guest,
      restricted,
      ['Directory.Read.All'],
      { ...ids, user: NO, directoryRole: ALL },
    ],
    ["a restricted guest's client", guest, restricted, ['User.Read'], { ...ids, user: NO }],
    ['the client of a guest with a role', guestWithRole, restricted, ['Directory.Read.All'], all],
  ]
  for (const [who, by, policy, permissions, expected] of cases) {
    const caller = { ...by, permissions: new Set(permissions) }
    for (const name of TYPES) {
      const seen = relatedView(caller, policy, { type: `microsoft.graph.${name}` })
      t.strictSame(seen, expected[name], `${who} with ${permissions}: a ${name}`)
    }
    t.strictSame(relatedView(caller, policy, { type: 'microsoft.graph.device' }), ID, 'what is not known')
  }
  const user = { type: 'microsoft.graph.user', id: ME }
  const own = { ...guest, permissions: new Set(['User.Read']) }
  t.equal(relatedView(own, restricted, user), ALL, 'people, of themselves')
  t.strictSame(relatedView({ ...application, permissions: own.permissions }, same, user), ID, 'no application is one')
  const group = { type: 'microsoft.graph.group', isWritten: true }
  t.equal(relatedView(application, same, group), ALL, 'what it has just written itself')
  t.strictSame(relatedView(guest, restricted, group), ID, 'which gives people no more than they may')
})

t.test('two views leave what both show', async (t) => {
  const only = (...names: string[]): View => ({ only: new Set(names) })
  t.equal(narrower(ALL, ALL), ALL)
  t.equal(narrower(NO, ALL), NO)
  t.equal(narrower(only('id'), NO), NO)
  t.strictSame(narrower(ALL, only('id')), only('id'))
  t.strictSame(narrower(only('id', 'mail'), ALL), only('id', 'mail'))
  t.strictSame(narrower(only('id', 'mail'), only('mail', 'city')), only('mail'))
  t.ok(shows(ALL, 'city'))
  t.ok(shows(only('mail'), 'mail'))
  t.notOk(shows(only('mail'), 'city'))
  t.notOk(shows(NO, 'id'))
})

t.test('guestUserRoleId and allowedToReadOtherUsers as the rules read them', async (t) => {
  const of = (guestUserRoleId: string, allowedToReadOtherUsers = true) =>
    readingPolicy({
      ...DEFAULT_AUTHORIZATION_POLICY,
      guestUserRoleId,
      defaultUserRolePermissions: {
        ...DEFAULT_AUTHORIZATION_POLICY.defaultUserRolePermissions,
        allowedToReadOtherUsers,
      },
    })
  t.strictSame(of(GUEST_USER_ROLES.sameAsMembers), same)
  t.strictSame(of(GUEST_USER_ROLES.limited), limited)
  t.strictSame(of(GUEST_USER_ROLES.restricted, false), closed(restricted))
  t.strictSame(of('something unknown'), restricted, 'the safe side')
})

t.test('a name that a guest may be given', async (t) => {
  const cases: [given: string, kept: string | undefined][] = [
    ['gil_partner.example#EXT#', 'gil_partner.example#EXT#'],
    ['gil_partner.example#EXT', 'gil_partner.example#EXT#'],
    ['gil+x_partner.example#EXT#', 'gil+x_partner.example#EXT#'],
    ['gil', undefined],
    ['#EXT#', undefined],
    ['.gil#EXT#', undefined],
    ['gil#EXT#x', undefined],
    ['gil x#EXT#', undefined],
    ['gil#EXT#@evil.example#EXT#', undefined],
  ]
  for (const [given, kept] of cases) t.equal(externalNameLocal(given), kept, given)
})

t.test('issuers by the name that identities are kept under', async (t) => {
  const cases: [given: string, kept: string][] = [
    ['google', 'google.com'],
    ['Google.com', 'google.com'],
    ['FACEBOOK', 'facebook.com'],
    ['mail', 'mail'],
    ['https://login.partner.example', 'https://login.partner.example'],
    ['constructor', 'constructor'],
  ]
  for (const [given, kept] of cases) t.equal(issuerName(given), kept, given)
})

t.test('who is given a mailbox', async (t) => {
  const cases: [userType: 'Guest' | 'Member', signInType: string, issuer: string, isGiven: boolean][] = [
    ['Guest', 'federated', 'mail', true],
    ['Guest', 'emailAddress', 'Mail', true],
    ['Guest', 'userName', 'mail', false],
    ['Guest', 'federated', 'phone', false],
    ['Member', 'federated', 'mail', false],
    ['Member', 'emailAddress', 'mail', false],
  ]
  for (const [userType, signInType, issuer, isGiven] of cases) {
    const problem = identityProblem(
      { signInType, issuer, issuerAssignedId: 'a@b.example' },
      ['contoso.example'],
      userType,
    )
    t.equal(problem === undefined, isGiven, `${userType} ${signInType} ${issuer}`)
  }
})
