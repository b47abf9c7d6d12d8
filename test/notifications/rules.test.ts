import t from 'tap'
import { Refusal } from '../../src/kernel/refusal.js'
import {
  isGap,
  isPermitted,
  mayFollow,
  readChangeOver,
  readChangeTypes,
  readExpiration,
  readResource,
  retryAfter,
  warningTime,
} from '../../src/notifications/rules.js'
import { shownSecret, signatureHeaders } from '../../src/platform/webhook-signature.js'

const ID = '6F9619FF-8B86-D011-B42D-00C04FC964FF'
const id = ID.toLowerCase()

t.test('what a resource means', async (t) => {
  const cases: [string, unknown][] = [
    ['users', { collection: 'users', objectId: undefined, watched: 'objects' }],
    ['/users', { collection: 'users', objectId: undefined, watched: 'objects' }],
    [`users/${ID}`, { collection: 'users', objectId: id, watched: 'objects' }],
    [`users('${ID}')`, { collection: 'users', objectId: id, watched: 'objects' }],
    [`groups/${ID}`, { collection: 'groups', objectId: id, watched: 'objects' }],
    [`groups/${ID}/members`, { collection: 'groups', objectId: id, watched: 'members' }],
    ['invitations', { collection: 'invitations', objectId: undefined, watched: 'objects' }],
  ]
  for (const [text, meaning] of cases) t.strictSame(readResource(text), meaning, text)
  const strange = [
    '',
    'Users',
    'users/',
    `users/${ID}/members`,
    'groups/members',
    `invitations/${ID}`,
    'users?$select=id',
  ]
  for (const text of [...strange, `groups/${ID}/members/`, `//users`, `users/${ID}x`]) {
    t.throws(() => readResource(text), Refusal, text)
  }
})

t.test('change types are known ones, once each', async (t) => {
  t.equal(readChangeTypes('updated', 'users'), 'updated')
  t.equal(readChangeTypes(' deleted , updated,deleted', 'groups'), 'deleted,updated')
  t.equal(readChangeTypes('created,updated,deleted', 'users'), 'created,updated,deleted', 'as clients of Graph send')
  t.equal(readChangeTypes('created', 'invitations'), 'created')
  for (const [text, collection] of [
    ['', 'users'],
    ['created', 'users'],
    ['Updated', 'users'],
    ['updated;deleted', 'users'],
    ['deleted', 'invitations'],
  ] as const) {
    t.throws(() => readChangeTypes(text, collection), Refusal, `${text} of ${collection}`)
  }
})

t.test('an expiration is 45 minutes to 41,760 minutes away', async (t) => {
  const now = new Date('2026-01-01T00:00:00Z')
  const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  t.strictSame(readExpiration(at(-5), now), at(45))
  t.strictSame(readExpiration(at(44), now), at(45))
  t.strictSame(readExpiration(at(46), now), at(46))
  t.strictSame(readExpiration(at(41_760), now), at(41_760))
  t.throws(() => readExpiration(at(41_762), now), Refusal)
})

t.test('who follows changes: applications, members who read others, and holders of a role', async (t) => {
  const none = new Set<string>()
  t.ok(mayFollow({ kind: 'application', directoryRoles: none }))
  const open = { membersReadOthers: true }
  t.ok(mayFollow({ kind: 'user', userType: 'Member', directoryRoles: none, reading: open }))
  t.notOk(mayFollow({ kind: 'user', userType: 'Member', directoryRoles: none }), 'nobody said that they may')
  t.notOk(mayFollow({ kind: 'user', userType: 'Guest', directoryRoles: none, reading: open }))
  const reading = { membersReadOthers: false }
  t.notOk(mayFollow({ kind: 'user', userType: 'Member', directoryRoles: none, reading }))
  t.ok(mayFollow({ kind: 'user', userType: 'Member', directoryRoles: new Set(['a role']), reading }))
  t.notOk(mayFollow({ kind: 'user', userType: 'Guest', directoryRoles: none }))
  t.ok(mayFollow({ kind: 'user', userType: 'Guest', directoryRoles: new Set(['a role']) }))
  t.ok(isPermitted('invitations', ['User.Invite.All']))
  t.notOk(isPermitted('users', ['User.Invite.All', 'Group.Read.All']))
  t.notOk(isPermitted('groups', []))
})

t.test('waiting doubles from 5 seconds to 10 minutes, give or take a fifth', async (t) => {
  t.equal(retryAfter(0, 0.5), 5_000)
  t.equal(retryAfter(1, 0.5), 10_000)
  t.equal(retryAfter(5, 0.5), 160_000)
  t.equal(retryAfter(7, 0.5), 600_000)
  t.equal(retryAfter(10_000, 0.5), 600_000)
  t.equal(retryAfter(0, 0), 4_000)
  t.equal(retryAfter(0, 1), 6_000)
})

t.test('a client is warned a day before the end, or after three quarters of a short life', async (t) => {
  const start = new Date('2026-01-01T00:00:00Z')
  const after = (hours: number) => new Date(start.getTime() + hours * 3_600_000)
  t.strictSame(warningTime(start, after(29 * 24)), after(28 * 24))
  t.strictSame(warningTime(start, after(4)), after(3))
})

t.test('the signature is that of Standard Webhooks', async (t) => {
  // The example of the specification, "Verifying signatures".
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const headers = signatureHeaders(
    [secret],
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    '{"test": 2432232314}',
  )
  t.strictSame(headers, {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
  t.equal(shownSecret(secret), 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const [other] = Object.values(signatureHeaders([Buffer.alloc(24)], 'a', new Date(0), '{}')).slice(-1)
  const both = signatureHeaders([secret, Buffer.alloc(24)], 'a', new Date(0), '{}')['webhook-signature']
  t.match(both?.split(' '), [/^v1,/, other], 'one for each secret, a space between them')
})

t.test('a secret that was replaced is good for a week at most', async (t) => {
  const start = new Date('2026-01-01T00:00:00Z')
  const days = (n: number) => new Date(start.getTime() + n * 24 * 3_600_000)
  t.strictSame(readChangeOver(days(7), start), days(7))
  t.strictSame(readChangeOver(days(-1), start), days(-1), 'one that is over ends it now')
  t.throws(() => readChangeOver(new Date(days(7).getTime() + 1), start), Refusal)
})

t.test('after a week without a look removals may be forgotten', async (t) => {
  const start = new Date('2026-01-01T00:00:00Z')
  const days = (n: number) => new Date(start.getTime() + n * 24 * 3_600_000)
  t.equal(isGap(start, days(7)), false)
  t.equal(isGap(start, new Date(days(7).getTime() + 1)), true)
})
