import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { startService } from '../support/service.js'
import { Driver, expected, lastingToken } from './driver.js'
import { Model, type Step } from './model.js'

const RUNS = 2_000
t.setTimeout(1_800_000)

const which = fc.nat({ max: 5 })
const browser = fc.constantFrom<0 | 1>(0, 1)
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Each crosses a limit: between codes, between mails, of codes in a window, of a short invitation, of a code, and so on. */
const pause = fc.constantFrom(
  31 * SECOND,
  61 * SECOND,
  16 * MINUTE,
  21 * MINUTE,
  31 * MINUTE,
  25 * HOUR,
  31 * 24 * HOUR,
)

const invite: fc.Arbitrary<Step> = fc.record({
  act: fc.constant('invite' as const),
  send: fc.boolean(),
  expiry: fc.constantFrom('default', 'soon', 'never'),
})
const alone: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: invite, weight: 3 },
  { arbitrary: fc.record({ act: fc.constantFrom('reset', 'delete', 'expire', 'deliver') }), weight: 3 },
  fc.record({ act: fc.constantFrom('resend', 'revoke'), which }),
  fc.record({ act: fc.constant('advance' as const), ms: pause }),
  { arbitrary: fc.record({ act: fc.constantFrom('open', 'send', 'accept', 'decline'), which, browser }), weight: 3 },
  fc.record({ act: fc.constant('code' as const), which, browser, code: fc.constantFrom('right', 'wrong') }),
)
/** Chance alone would seldom bring a guest as far as the consent page. */
const signIn: fc.Arbitrary<Step[]> = fc
  .record({ which, browser, more: fc.constantFrom('accept', 'decline', undefined) })
  .map(({ which, browser, more }) => [
    { act: 'advance', ms: 31 * SECOND },
    { act: 'send', which, browser },
    { act: 'code', which, browser, code: 'right' },
    ...(more ? [{ act: more, which, browser } as const] : []),
  ])
/** As many mails as an address gets in a day. */
const burst = fc.constant<Step[]>(Array.from({ length: 10 }, () => ({ act: 'invite', send: true, expiry: 'default' })))
const story = fc
  .tuple(
    invite,
    fc.array(
      fc.oneof({ arbitrary: alone.map((step) => [step]), weight: 50 }, { arbitrary: signIn, weight: 15 }, burst),
      { maxLength: 9, size: 'max' },
    ),
  )
  .map(([first, rest]) => [first, ...rest.flat()])

/** However chance deals, thousands of steps meet each of these hundreds of times: if one is missing, no story leads there. */
const MUST_HAPPEN = [
  'invite: 201 PendingAcceptance asked',
  'invite: 201 PendingAcceptance suppressed',
  'invite: 201 Completed asked',
  'resend: 200 PendingAcceptance',
  'resend: 400',
  'resend: 429',
  'revoke: 204',
  'revoke: 400',
  'reset: 201 PendingAcceptance asked',
  'delete: 204',
  'delete: 404',
  'expire: done',
  'deliver: done',
  'open: 200 start',
  'open: 200 code',
  'open: 200 consent',
  'open: 303 landing',
  'open: 410 expired',
  'open: 410 revoked',
  'send: 303',
  'send: 429 limited',
  'code: 303',
  'code: 422 code',
  'accept: 303 landing',
  'accept: 410 revoked',
  'accept: 410 expired',
  'decline: 303 declined',
]

t.test(`${RUNS} random stories of one address end as the model says`, async (t) => {
  const service = await startService(t, { workers: false, env: { VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8,::1/128' } })
  const token = await lastingToken(service)
  let runs = 0
  let steps = 0
  const outcomes = new Map<string, number>()
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31)
  await fc.assert(
    fc.asyncProperty(story, async (story) => {
      const driver = new Driver(service, token, runs)
      const model = new Model()
      runs += 1
      try {
        for (const step of story) {
          const before = driver.now()
          const real = await driver.run(step)
          const predicted = predict(model, step, before)
          deepEqual(real, predicted, `${JSON.stringify(step)} answers ${real}, the model says ${predicted}`)
          steps += 1
          const seen = `${step.act}: ${real ?? 'done'}`
          outcomes.set(seen, (outcomes.get(seen) ?? 0) + 1)
        }
        deepEqual(await driver.read(), expected(model, driver.now()))
      } finally {
        driver.rewind()
      }
    }),
    { seed, numRuns: RUNS },
  )
  t.comment(
    `seed ${seed}: ${steps} steps\n${[...outcomes]
      .sort()
      .map(([what, times]) => `${what} x ${times}`)
      .join('\n')}`,
  )
  t.equal(runs, RUNS)
  for (const outcome of MUST_HAPPEN) t.ok(outcomes.has(outcome), `this has happened: ${outcome}`)
})

/** What the model makes of a step; undefined when there is nothing to see. */
function predict(model: Model, step: Step, now: number): string | undefined {
  switch (step.act) {
    case 'invite':
      return model.invite(now, step.send, step.expiry)
    case 'reset':
      return model.reset(now)
    case 'delete':
      return model.remove(now)
    case 'expire':
    case 'deliver':
      model[step.act](now)
      return undefined
    case 'advance':
      return undefined
  }
  const invitation = model.pick(step.which)
  if (!invitation) throw new Error('the first step always invites')
  switch (step.act) {
    case 'resend':
    case 'revoke':
      return model[step.act](now, invitation)
    case 'code':
      return model.code(now, step.browser, invitation, step.code === 'right')
    default:
      return model[step.act](now, step.browser, invitation)
  }
}
