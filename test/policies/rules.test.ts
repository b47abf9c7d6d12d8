import t from 'tap'
import { parseEmailAddress } from '../../src/kernel/email-address.js'
import {
  ALLOW_INVITES_FROM,
  type AllowInvitesFrom,
  DEFAULT_AUTHORIZATION_POLICY,
  type InvitationDomainPolicy,
} from '../../src/policies/documents.js'
import {
  domainIsListed,
  type Inviter,
  mayChangePolicies,
  mayChangeSignIn,
  mayInvite,
  mayManageInvitationsOfOthers,
  mayReadInvitationsOfOthers,
  mayReadPolicies,
  mayRedeem,
  ROLES,
} from '../../src/policies/rules.js'

type Who = { role?: keyof typeof ROLES; permissions?: string[] }

const application = (...permissions: string[]): Inviter => ({
  kind: 'application',
  directoryRoles: new Set(),
  permissions: new Set(['User.Invite.All', ...permissions]),
})
const person = (userType: 'Member' | 'Guest', { role, permissions = ['User.Invite.All'] }: Who = {}): Inviter => ({
  kind: 'user',
  userType,
  directoryRoles: new Set(role ? [ROLES[role]] : []),
  permissions: new Set(permissions),
})

type Question = {
  from?: AllowInvitesFrom
  domains?: InvitationDomainPolicy
  own?: string[]
  by?: Inviter
  to?: string
  type?: 'Guest' | 'Member'
  reset?: boolean
}

function ask({ from = 'everyone', domains = { mode: 'any', domains: [] }, by = application(), ...rest }: Question) {
  const invitee = parseEmailAddress(rest.to ?? 'ana@partner.example')
  if (!invitee) throw new Error('the test has a bad address')
  return mayInvite(
    {
      version: 1,
      authorization: { ...DEFAULT_AUTHORIZATION_POLICY, allowInvitesFrom: from },
      invitationDomains: domains,
      guestAuthentication: { isMfaRequired: false, isMfaAccepted: false },
      externalIdentities: { allowExternalIdentitiesToLeave: true },
      authenticationFlows: { selfServiceSignUp: { isEnabled: false } },
    },
    rest.own ?? ['contoso.example'],
    { inviter: by, invitee, invitedUserType: rest.type ?? 'Guest', resetRedemption: rest.reset ?? false },
  )
}

t.test('who may invite, by allowInvitesFrom (Graph: authorizationPolicy)', async (t) => {
  const inviters: [name: string, by: Inviter][] = [
    ['an application', application()],
    ['a member', person('Member')],
    ['a guest', person('Guest')],
    ['a member who is Global Administrator', person('Member', { role: 'globalAdministrator' })],
    ['a member who is User Administrator', person('Member', { role: 'userAdministrator' })],
    ['a member who is Guest Inviter', person('Member', { role: 'guestInviter' })],
    ['a member who is Helpdesk Administrator', person('Member', { role: 'helpdeskAdministrator' })],
    ['a guest who is Guest Inviter', person('Guest', { role: 'guestInviter' })],
    ['a guest who is Helpdesk Administrator', person('Guest', { role: 'helpdeskAdministrator' })],
  ]
  //                                          app  member guest  GA     UA     GI     HA     guest GI  guest HA
  const table: Record<AllowInvitesFrom, boolean[]> = {
    none: [false, false, false, false, false, false, false, false, false],
    adminsAndGuestInviters: [false, false, false, true, true, true, false, true, false],
    adminsGuestInvitersAndAllMembers: [true, true, false, true, true, true, true, true, false],
    everyone: [true, true, true, true, true, true, true, true, true],
  }
  for (const from of ALLOW_INVITES_FROM) {
    for (const [index, [name, by]] of inviters.entries()) {
      const decision = ask({ from, by })
      const expected = table[from][index]
      t.equal(decision.allowed, expected, `${name}, ${from}`)
      if (!expected) {
        t.match(decision.refusal, { kind: 'forbidden', code: 'invitationsNotAllowed' })
        t.match(decision.refusal?.details.items, [{ code: 'allowInvitesFrom', message: `allowInvitesFrom is ${from}` }])
        t.ok(decision.checks[0]?.message.includes(`allowInvitesFrom is ${from}`), 'the check names the rule too')
      }
    }
  }
})

t.test('unless it was changed, members and applications invite, and guests do not', async (t) => {
  t.equal(DEFAULT_AUTHORIZATION_POLICY.allowInvitesFrom, 'adminsGuestInvitersAndAllMembers')
  t.equal(DEFAULT_AUTHORIZATION_POLICY.guestUserRoleId, '2af84b1e-32c8-42b7-82bc-daa82404023b', 'restricted')
})

t.test('who may add a Member', async (t) => {
  const cases: [title: string, by: Inviter, allowed: boolean][] = [
    ['an application with permission to invite only', application(), false],
    ['an application with User.ReadWrite.All', application('User.ReadWrite.All'), true],
    ['an application with Directory.ReadWrite.All', application('Directory.ReadWrite.All'), true],
    ['a member', person('Member'), false],
    [
      'a member through a client with User.ReadWrite.All',
      person('Member', { permissions: ['User.ReadWrite.All'] }),
      false,
    ],
    ['a Guest Inviter', person('Member', { role: 'guestInviter' }), false],
    ['a Helpdesk Administrator', person('Member', { role: 'helpdeskAdministrator' }), false],
    ['a User Administrator', person('Member', { role: 'userAdministrator' }), true],
    ['a Global Administrator', person('Member', { role: 'globalAdministrator' }), true],
    ['a guest who is User Administrator', person('Guest', { role: 'userAdministrator' }), true],
  ]
  for (const [title, by, allowed] of cases) {
    const decision = ask({ by, type: 'Member' })
    t.equal(decision.allowed, allowed, title)
    if (!allowed)
      t.match(decision.refusal, { code: 'memberNeedsAdministrator', details: { target: 'invitedUserType' } })
  }
})

t.test('who may reset a redemption or make an internal user external', async (t) => {
  const cases: [title: string, by: Inviter, allowed: boolean][] = [
    ['an application with permission to invite only', application(), false],
    ['an application with User.ReadWrite.All', application('User.ReadWrite.All'), true],
    ['an application with Directory.ReadWrite.All', application('Directory.ReadWrite.All'), true],
    ['a member', person('Member'), false],
    [
      'a member through a client with everything',
      person('Member', { permissions: ['Directory.ReadWrite.All'] }),
      false,
    ],
    ['a Guest Inviter', person('Member', { role: 'guestInviter' }), false],
    ['a Helpdesk Administrator', person('Member', { role: 'helpdeskAdministrator' }), true],
    ['a User Administrator', person('Member', { role: 'userAdministrator' }), true],
    ['a Global Administrator', person('Member', { role: 'globalAdministrator' }), true],
  ]
  for (const [title, by, allowed] of cases) {
    const decision = ask({ by, reset: true })
    t.equal(decision.allowed, allowed, title)
    if (!allowed) t.match(decision.refusal, { code: 'resetNeedsAdministrator', details: { target: 'resetRedemption' } })
    t.equal(mayChangeSignIn(by), allowed, title)
  }
})

t.test('addresses of the organization itself are not for inviting', async (t) => {
  const own = ['contoso.example', 'xn--bcher-kva.example']
  const cases: [to: string, code: string | undefined][] = [
    ['ana@contoso.example', 'verifiedDomain'],
    ['ana@CONTOSO.example', 'verifiedDomain'],
    ['ana@bücher.example', 'verifiedDomain'],
    ['ana@mail.contoso.example', undefined],
    ['ana@notcontoso.example', undefined],
    ['ana@contoso.example.evil.example', undefined],
  ]
  for (const [to, code] of cases) t.equal(ask({ own, to }).refusal?.code, code, to)
  t.equal(
    ask({ own, to: 'ana@contoso.example' }).refusal?.message,
    "This user cannot be invited because the domain of the user's email address is a verified domain of this directory.",
    'in the words of Graph',
  )
  t.equal(ask({ own, to: 'ana@contoso.example' }).refusal?.kind, 'invalid')
})

t.test('which domains are on a list', async (t) => {
  const cases: [list: string[], domain: string, listed: boolean][] = [
    [['partner.example'], 'partner.example', true],
    [['partner.example'], 'mail.partner.example', false],
    [['partner.example'], 'notpartner.example', false],
    [['partner.example'], 'partner.example.evil.example', false],
    [['*.partner.example'], 'mail.partner.example', true],
    [['*.partner.example'], 'a.b.partner.example', true],
    [['*.partner.example'], 'partner.example', false],
    [['*.partner.example'], 'notpartner.example', false],
    [['*.partner.example', 'partner.example'], 'partner.example', true],
    [['xn--bcher-kva.example'], 'xn--bcher-kva.example', true],
    [['*.xn--bcher-kva.example'], 'a.xn--bcher-kva.example', true],
    [[], 'partner.example', false],
  ]
  for (const [list, domain, listed] of cases)
    t.equal(domainIsListed(list, domain), listed, `${domain} on [${list.join(', ')}]`)
})

t.test('the list of domains, in each mode, when inviting and again when redeeming', async (t) => {
  const domains = ['partner.example', '*.fabrikam.example', 'xn--bcher-kva.example']
  const cases: [to: string, listed: boolean][] = [
    ['ana@partner.example', true],
    ['ana@Partner.Example', true],
    ['ana@eu.partner.example', false],
    ['ana@fabrikam.example', false],
    ['ana@eu.fabrikam.example', true],
    ['ana@BÜCHER.example', true],
    ['ana@other.example', false],
  ]
  for (const [to, listed] of cases) {
    const invitee = parseEmailAddress(to)
    if (!invitee) throw new Error('the test has a bad address')
    const allowed = ask({ domains: { mode: 'allowList', domains }, to })
    t.equal(allowed.refusal?.code, listed ? undefined : 'domainNotAllowed', `${to}, allow list`)
    const blocked = ask({ domains: { mode: 'blockList', domains }, to })
    t.equal(blocked.refusal?.code, listed ? 'domainBlocked' : undefined, `${to}, block list`)
    if (listed) t.match(blocked.refusal?.message, invitee.domain, 'the refusal names the domain')

    const redeem = (mode: 'allowList' | 'blockList') => mayRedeem({ invitationDomains: { mode, domains } }, invitee)
    t.equal(redeem('allowList').allowed, listed, `${to} redeems, allow list`)
    t.equal(redeem('blockList').allowed, !listed, `${to} redeems, block list`)
    t.equal(mayRedeem({ invitationDomains: { mode: 'any', domains: [] } }, invitee).allowed, true)
  }
  t.equal(ask({ domains: { mode: 'allowList', domains: [] } }).allowed, false, 'an empty allow list lets nobody in')
  t.equal(ask({ domains: { mode: 'blockList', domains: [] } }).allowed, true, 'an empty block list stops nobody')
})

t.test('every rule is answered, and the first "no" gives the refusal', async (t) => {
  const decision = ask({
    from: 'none',
    by: person('Guest'),
    type: 'Member',
    reset: true,
    to: 'ana@contoso.example',
    domains: { mode: 'blockList', domains: ['contoso.example'] },
  })
  t.strictSame(
    decision.checks.map(({ name, outcome }) => [name, outcome]),
    [
      ['allowInvitesFrom', 'failed'],
      ['invitedUserType', 'failed'],
      ['resetRedemption', 'failed'],
      ['verifiedDomain', 'failed'],
      ['invitationDomainPolicy', 'failed'],
    ],
  )
  t.equal(decision.refusal?.code, 'invitationsNotAllowed')

  const fine = ask({})
  t.strictSame(
    fine.checks.map(({ outcome }) => outcome),
    ['passed', 'notApplicable', 'notApplicable', 'passed', 'passed'],
  )
  t.notOk(fine.refusal)
})

t.test('who may change policies', async (t) => {
  t.ok(mayChangePolicies(application()), 'applications by the permission that the route asks for')
  t.ok(mayChangePolicies(person('Member', { role: 'globalAdministrator' })))
  t.notOk(mayChangePolicies(person('Member', { role: 'userAdministrator' })))
  t.notOk(mayChangePolicies(person('Member')))
})

t.test('who reads policies: guests only where they read as members do', async (t) => {
  const at = (guests: 'sameAsMembers' | 'limited' | 'restricted') => ({ reading: { guests, membersReadOthers: true } })
  const cases: [name: string, by: Inviter, reads: boolean][] = [
    ['an application', application(), true],
    ['a member', person('Member'), true],
    ['a guest of the level of members', { ...person('Guest'), ...at('sameAsMembers') }, true],
    ['a limited guest', { ...person('Guest'), ...at('limited') }, false],
    ['a restricted guest', { ...person('Guest'), ...at('restricted') }, false],
    ['a guest of whose level nothing is known', person('Guest'), false],
    ['a guest who holds a role', { ...person('Guest', { role: 'guestInviter' }), ...at('restricted') }, true],
  ]
  for (const [name, by, reads] of cases) t.equal(mayReadPolicies(by), reads, name)
})

t.test('who sees, and who resends and withdraws, the invitations of others', async (t) => {
  const reading = (membersReadOthers: boolean) => ({ reading: { guests: 'limited', membersReadOthers } }) as const
  const cases: [name: string, by: Inviter, reads: boolean, manages: boolean][] = [
    ['an application', application(), true, true],
    ['a member', { ...person('Member'), ...reading(true) }, true, false],
    ['a member where members read nobody else', { ...person('Member'), ...reading(false) }, false, false],
    ['a member, of whose policy nothing is known', person('Member'), false, false],
    ['a guest, whatever members may', { ...person('Guest'), ...reading(true) }, false, false],
    ['a guest', person('Guest'), false, false],
    ['a guest who is Guest Inviter', person('Guest', { role: 'guestInviter' }), true, true],
    ['a guest who is Helpdesk Administrator', person('Guest', { role: 'helpdeskAdministrator' }), true, false],
    ['a Guest Inviter', person('Member', { role: 'guestInviter' }), true, true],
    ['a User Administrator', person('Member', { role: 'userAdministrator' }), true, true],
    ['a Global Administrator', person('Member', { role: 'globalAdministrator' }), true, true],
    ['a Helpdesk Administrator', person('Member', { role: 'helpdeskAdministrator' }), true, false],
  ]
  for (const [name, by, reads, manages] of cases) {
    t.equal(mayReadInvitationsOfOthers(by), reads, `${name} sees`)
    t.equal(mayManageInvitationsOfOthers(by), manages, `${name} manages`)
  }
})
