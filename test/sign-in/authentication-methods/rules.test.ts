import t from 'tap'
import {
  type Facts,
  mayUseMailbox,
  readPhoneNumber,
  type SecondStep,
  secondStep,
  tryLimit,
} from '../../../src/sign-in/authentication-methods/rules.js'

const MAILBOX = 'ana@partner.example'
const code = { method: 'emailOneTimePasscode', folded: MAILBOX }
const federated = { method: 'federated', folded: MAILBOX }
const ALL = ['softwareOath', 'fido2', 'phone'] as const

const facts = (change: Partial<Facts> = {}): Facts => ({
  kinds: [],
  recoveryCodesLeft: 0,
  first: code,
  mailbox: { folded: MAILBOX },
  available: ['softwareOath', 'fido2'],
  ...change,
})

const cases: [title: string, facts: Partial<Facts>, wished: string | undefined, step: SecondStep][] = [
  ['nothing set up', {}, undefined, { step: 'enrol', way: 'softwareOath', others: ['fido2'] }],
  ['another way picked', {}, 'fido2', { step: 'enrol', way: 'fido2', others: ['softwareOath'] }],
  ['a way that is not there', {}, 'phone', { step: 'enrol', way: 'softwareOath', others: ['fido2'] }],
  ['no way at all', {}, 'password', { step: 'enrol', way: 'softwareOath', others: ['fido2'] }],
  [
    'text messages can be sent',
    { available: ALL },
    'phone',
    { step: 'enrol', way: 'phone', others: ['softwareOath', 'fido2'] },
  ],
  [
    'the mailbox that the first step was about is no second step, however it is asked for',
    {},
    'email',
    { step: 'enrol', way: 'softwareOath', others: ['fido2'] },
  ],
  ['a mailbox that is', { first: federated }, undefined, { step: 'challenge', way: 'email', others: [] }],
  [
    'recovery codes without anything set up open nothing',
    { recoveryCodesLeft: 3 },
    'recoveryCode',
    {
      step: 'enrol',
      way: 'softwareOath',
      others: ['fido2'],
    },
  ],
  [
    'an app',
    { kinds: ['softwareOath'], recoveryCodesLeft: 10 },
    undefined,
    { step: 'challenge', way: 'softwareOath', others: ['recoveryCode'] },
  ],
  [
    'an app, and a mailbox: the weaker one is not offered',
    { kinds: ['softwareOath'], first: federated },
    'email',
    { step: 'challenge', way: 'softwareOath', others: [] },
  ],
  [
    'an app is set up, so nothing else is set up on the way',
    { kinds: ['softwareOath'] },
    'fido2',
    { step: 'challenge', way: 'softwareOath', others: [] },
  ],
  [
    'an app and a passkey, the passkey picked',
    { kinds: ['fido2', 'softwareOath'], recoveryCodesLeft: 1 },
    'fido2',
    { step: 'challenge', way: 'fido2', others: ['softwareOath', 'recoveryCode'] },
  ],
  [
    'a phone, when no messages can be sent any more',
    { kinds: ['phone'], recoveryCodesLeft: 1 },
    undefined,
    { step: 'challenge', way: 'recoveryCode', others: [] },
  ],
]

t.test('which second step is due', async (t) => {
  for (const [title, change, wished, step] of cases) t.strictSame(secondStep(facts(change), wished), step, title)
})

t.test('a code to a mailbox is a second step only where the first was about something else', async (t) => {
  t.equal(mayUseMailbox(code, MAILBOX), false)
  t.equal(mayUseMailbox(code, 'ana@home.example'), true)
  t.equal(mayUseMailbox(federated, MAILBOX), true)
  t.equal(mayUseMailbox(federated, undefined), false)
})

t.test('wrong codes: five in a quarter of an hour, twenty in a day', async (t) => {
  const now = new Date('2026-11-21T10:00:00Z')
  const ago = (...minutes: number[]) => minutes.map((count) => new Date(now.getTime() - count * 60_000))
  t.strictSame(tryLimit([], now), { triesLeft: 5 })
  t.strictSame(tryLimit(ago(0, 1), now), { triesLeft: 3 })
  t.strictSame(tryLimit(ago(0, 1, 2, 3, 4), now), { retryAt: new Date('2026-11-21T10:11:00Z') })
  t.strictSame(tryLimit(ago(0, 1, 2, 3, 15), now), { triesLeft: 1 }, 'what is old does not count')
  const day = ago(...Array.from({ length: 19 }, (_, index) => 20 * (index + 1)))
  t.strictSame(tryLimit(day, now), { triesLeft: 1 })
  t.strictSame(tryLimit([...ago(1), ...day], now), { retryAt: new Date('2026-11-22T03:40:00Z') })
})

t.test('phone numbers are kept in E.164', async (t) => {
  t.equal(readPhoneNumber('+44 (20) 7946-0958'), '+442079460958')
  for (const bad of ['07946 0958', '+0123456789', '+44', 'call me', '+4420794609581234567', '+44 20 7946 0958;ext=1']) {
    t.equal(readPhoneNumber(bad), undefined, bad)
  }
})
