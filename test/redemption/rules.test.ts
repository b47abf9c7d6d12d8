import t from 'tap'
import { referenceOf } from '../../src/kernel/ids.js'
import { nextStep, type Situation, type Step } from '../../src/redemption/rules.js'
import type { InvitationView } from '../../src/redemption/store.js'

const now = new Date('2026-11-21T10:00:00Z')
const USER = '01900000-0000-7000-8000-000000000001'
const OTHER = '01900000-0000-7000-8000-000000000002'

type Change = Partial<Omit<Situation, 'invitation'>> & { invitation?: Partial<InvitationView> | null }

function situation(change: Change = {}): Situation {
  const invitation: InvitationView = {
    id: '01900000-0000-7000-8000-00000000000a',
    userId: USER,
    address: 'ana@partner.example',
    folded: 'ana@partner.example',
    redirectUrl: 'https://app.example/',
    status: 'pending',
    ticketVersion: 2,
    createdAt: '2026-11-20T10:00:00Z',
    expiresAt: '2026-12-20T10:00:00Z',
    redeemedAt: null,
    endedAt: null,
    inviterKind: 'application',
    inviterName: 'HR portal',
    inviterMail: null,
    contactUrl: null,
    language: null,
    mailed: true,
    lastEvent: 'sent',
    guest: {
      accountEnabled: true,
      accessEndsAt: null,
      addresses: ['ana@partner.example'],
      identities: [],
      state: 'PendingAcceptance',
      preferredLanguage: null,
    },
  }
  return {
    session: null,
    passcode: null,
    now,
    organizationEnabled: true,
    ticketVersion: 2,
    userId: USER,
    mayRedeem: { allowed: true, checks: [] },
    provesEnough: true,
    homes: [{ kind: 'passcode', key: 'code' }],
    ...change,
    invitation: change.invitation === null ? null : { ...invitation, ...change.invitation },
  }
}

const guest = situation().invitation?.guest ?? null
const session = {
  userId: USER,
  address: 'Ana@partner.example',
  folded: 'ana@partner.example',
  expiresAt: '',
  method: 'emailOneTimePasscode',
  amr: ['otp'],
  homeClaims: [],
  codesToKeep: null,
  issuer: null,
  subject: null,
}
const live = { address: '', folded: '', expiresAt: '', live: true, usedAt: null, triesLeft: 5 }
const accepted = guest && {
  ...guest,
  state: 'Accepted',
  identities: [{ issuer: 'mail', subject: 'ana@partner.example' }],
}
const elsewhere = { issuer: 'mail', subject: 'ana@home.example' }
const google = { issuer: 'google.com', subject: '113' }
const atHome = { kind: 'provider', key: 'organization', providerId: 'p', name: 'Partner', provider: 'oidc' } as const
const federated = { ...session, issuer: 'https://login.partner.example', subject: 'ana' }
const here = { kind: 'local', key: 'account' } as const
const byPassword = { ...session, method: 'password', issuer: 'contoso.example', subject: 'ana@partner.example' }
const completed = { status: 'completed' as const, redeemedAt: '2026-11-20T11:00:00Z', guest: accepted }

const cases: [title: string, change: Change, step: Step][] = [
  ['nobody vouches, so an account here: its page comes next', { homes: [here] }, { page: 'start' }],
  ['signed in to that account', { homes: [here], session: byPassword }, { page: 'consent' }],
  [
    'that account, and a home speaks for the domain since: it is no proof any more',
    { homes: [atHome], session: byPassword },
    { page: 'start' },
  ],
  [
    'a passkey of an account here, and a code is the way since',
    { session: { ...byPassword, method: 'fido2' } },
    { page: 'start' },
  ],
  ['a code from before codes were switched off', { homes: [here], session }, { page: 'start' }],
  [
    'signed in to an account here, and accepted by it',
    {
      homes: [here],
      session: byPassword,
      invitation: {
        ...completed,
        guest: accepted && { ...accepted, identities: [{ issuer: 'contoso.example', subject: 'ana@partner.example' }] },
      },
    },
    { page: 'onward' },
  ],
  ['no way at all: whom to ask', { homes: [] }, { page: 'blocked', reason: 'noWay' }],
  ['an invitation nobody has', { invitation: null }, { page: 'unknown' }],
  ['a link that names another user', { userId: OTHER }, { page: 'unknown' }],
  ['a ticket of a version that was never given out', { ticketVersion: 3 }, { page: 'unknown' }],
  ['a ticket from before a reset', { ticketVersion: 1 }, { page: 'revoked', reason: 'reset' }],
  ['a disabled organization', { organizationEnabled: false }, { page: 'blocked', reason: 'organization' }],
  ['a deleted guest', { invitation: { guest: null } }, { page: 'revoked', reason: 'revoked' }],
  [
    'a revoked invitation',
    { invitation: { status: 'revoked', lastEvent: 'revoked' } },
    { page: 'revoked', reason: 'revoked' },
  ],
  [
    'one that a reset ended',
    { invitation: { status: 'revoked', lastEvent: 'reset' } },
    { page: 'revoked', reason: 'reset' },
  ],
  ['one that the job wrote down as expired', { invitation: { status: 'expired' } }, { page: 'expired' }],
  ['one in error', { invitation: { status: 'error' } }, { page: 'unknown' }],
  [
    'one whose time is over although no job ran',
    { invitation: { expiresAt: '2026-11-21T09:59:59.999Z' } },
    { page: 'expired' },
  ],
  [
    'one whose time is over this very moment',
    { invitation: { expiresAt: '2026-11-21T10:00:00Z' } },
    { page: 'expired' },
  ],
  ['one that ends a moment later', { invitation: { expiresAt: '2026-11-21T10:00:00.001Z' } }, { page: 'start' }],
  ['one that never ends', { invitation: { expiresAt: null } }, { page: 'start' }],
  ['an expired one, signed in', { session, invitation: { expiresAt: '2026-11-21T09:00:00Z' } }, { page: 'expired' }],
  [
    'an address that was taken off the guest',
    { invitation: { guest: guest && { ...guest, addresses: ['bo@partner.example'] } } },
    { page: 'revoked', reason: 'revoked' },
  ],
  [
    'a disabled account',
    { invitation: { guest: guest && { ...guest, accountEnabled: false } } },
    { page: 'blocked', reason: 'account' },
  ],
  [
    'an access that has ended',
    { invitation: { guest: guest && { ...guest, accessEndsAt: '2026-11-21T10:00:00Z' } } },
    { page: 'blocked', reason: 'ended' },
  ],
  [
    'that one, signed in: the session is no way round it',
    { session, invitation: { ...completed, guest: accepted && { ...accepted, accessEndsAt: '2026-11-21T09:00:00Z' } } },
    { page: 'blocked', reason: 'ended' },
  ],
  [
    'a disabled account whose access has ended, too: switching it on comes first',
    {
      invitation: { guest: guest && { ...guest, accountEnabled: false, accessEndsAt: '2026-11-21T09:00:00Z' } },
    },
    { page: 'blocked', reason: 'account' },
  ],
  [
    'an access that ends a moment later',
    { session, invitation: { guest: guest && { ...guest, accessEndsAt: '2026-11-21T10:00:00.001Z' } } },
    { page: 'consent' },
  ],
  [
    'a domain that may no longer be invited',
    { mayRedeem: { allowed: false, checks: [] } },
    { page: 'blocked', reason: 'domain' },
  ],
  [
    'that domain, signed in as the guest',
    { session, mayRedeem: { allowed: false, checks: [] } },
    { page: 'blocked', reason: 'domain' },
  ],
  ['nobody signed in', {}, { page: 'start' }],
  ['a code under way', { passcode: live }, { page: 'code' }],
  ['a code that is over', { passcode: { ...live, live: false } }, { page: 'start' }],
  ['the guest, signed in', { session }, { page: 'consent' }],
  ['the guest, who has to prove more', { session, provesEnough: false }, { page: 'mfa' }],
  ['somebody else, signed in', { session: { ...session, userId: OTHER } }, { page: 'wrongAccount' }],
  [
    'somebody else, who has to prove more: not here',
    { session: { ...session, userId: OTHER }, provesEnough: false },
    { page: 'wrongAccount' },
  ],
  [
    'the same person, signed in by another address of theirs',
    { session: { ...session, folded: 'ana@home.example' } },
    { page: 'wrongAccount' },
  ],
  ['an accepted one, nobody signed in', { invitation: completed }, { page: 'start' }],
  ['an accepted one, a code under way', { invitation: completed, passcode: live }, { page: 'code' }],
  [
    'an accepted one, sent to an address the guest did not accept with: a code to it proves nobody',
    { homes: [], invitation: { ...completed, guest: accepted && { ...accepted, identities: [elsewhere] } } },
    { page: 'used' },
  ],
  [
    'that one, the guest signed in with the other address',
    {
      session: { ...session, folded: 'ana@home.example' },
      invitation: { ...completed, guest: accepted && { ...accepted, identities: [elsewhere] } },
    },
    { page: 'onward' },
  ],
  ['a home and no code', { homes: [atHome] }, { page: 'start' }],
  ['a home, and a code from before it was one', { homes: [atHome], passcode: live }, { page: 'start' }],
  ['a home, and a passcode session from before it was one', { homes: [atHome], session }, { page: 'start' }],
  ['signed in at the home', { homes: [atHome], session: federated }, { page: 'consent' }],
  ['no way to prove the address', { homes: [] }, { page: 'blocked', reason: 'noWay' }],
  [
    'an accepted one, known by a home that is gone',
    { homes: [], invitation: { ...completed, guest: accepted && { ...accepted, identities: [google] } } },
    { page: 'blocked', reason: 'noWay' },
  ],
  [
    'an accepted one by passcode, of a domain that has a home since: who is known stays known',
    { homes: [], session, invitation: completed },
    { page: 'onward' },
  ],
  ['an accepted one, the guest signed in', { session, invitation: completed }, { page: 'onward' }],
  [
    'an accepted one, the guest signed in with too little',
    { session, invitation: completed, provesEnough: false },
    { page: 'mfa' },
  ],
  [
    'an accepted one, somebody else signed in',
    { session: { ...session, userId: OTHER }, invitation: completed },
    { page: 'used' },
  ],
  [
    'an accepted one, whose date is past: acceptance has no end',
    { session, invitation: { ...completed, expiresAt: '2026-11-20T12:00:00Z' } },
    { page: 'onward' },
  ],
  [
    'an accepted one of a domain that is blocked now: guests who accepted keep their access',
    { session, invitation: completed, mayRedeem: { allowed: false, checks: [] } },
    { page: 'onward' },
  ],
  [
    'an accepted one of a disabled account',
    { session, invitation: { ...completed, guest: accepted && { ...accepted, accountEnabled: false } } },
    { page: 'blocked', reason: 'account' },
  ],
]

t.test('what a guest sees next', async (t) => {
  for (const [title, change, step] of cases) t.strictSame(nextStep(situation(change)), step, title)
})

t.test('every page is reached by one of the cases', async (t) => {
  const pages: Step['page'][] = [
    'unknown',
    'revoked',
    'expired',
    'blocked',
    'used',
    'wrongAccount',
    'start',
    'code',
    'mfa',
    'consent',
    'onward',
  ]
  const reached = new Set(cases.map(([, , { page }]) => page))
  for (const page of pages) t.ok(reached.has(page), page)
})

t.test('a reference has eight letters people can read out, and is always the same for an invitation', async (t) => {
  const id = '01900000-0000-7000-8000-0123456789ab'
  t.match(referenceOf(id), /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
  t.equal(referenceOf(id), referenceOf(id.toUpperCase()))
  t.not(referenceOf(id), referenceOf('01900000-0000-7000-8000-0123456789ac'))
})
