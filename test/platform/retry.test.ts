import t from 'tap'
import { GIVE_UP_AFTER_MS, nextTry } from '../../src/platform/mail/retry.js'

const createdAt = new Date('2026-11-21T10:00:00Z')
const at = (ms: number) => new Date(createdAt.getTime() + ms)
const HOUR = 3_600_000

t.test('the pause doubles from five seconds to an hour', async (t) => {
  const pauses = Array.from({ length: 14 }, (_, failures) =>
    nextTry({ failures, createdAt, now: createdAt, random: 0.5 }),
  )
  t.strictSame(pauses.slice(0, 4), [5_000, 10_000, 20_000, 40_000])
  t.strictSame(pauses.slice(-3), [HOUR, HOUR, HOUR])
})

t.test('jitter moves a pause by a fifth at most, either way', async (t) => {
  t.equal(nextTry({ failures: 0, createdAt, now: createdAt, random: 0 }), 4_000)
  t.equal(nextTry({ failures: 0, createdAt, now: createdAt, random: 0.999999 }), 6_000)
})

t.test('the wish of the other side is a lower bound, and never shortens a pause', async (t) => {
  t.equal(nextTry({ failures: 0, createdAt, now: createdAt, retryAfterSeconds: 120, random: 0.5 }), 120_000)
  t.equal(nextTry({ failures: 5, createdAt, now: createdAt, retryAfterSeconds: 1, random: 0.5 }), 160_000)
})

t.test('after 24 hours a mail is given up, whoever asks for patience', async (t) => {
  t.equal(nextTry({ failures: 30, createdAt, now: at(GIVE_UP_AFTER_MS - HOUR), random: 0.5 }), HOUR)
  t.equal(nextTry({ failures: 30, createdAt, now: at(GIVE_UP_AFTER_MS - HOUR + 1), random: 0.5 }), undefined)
  t.equal(nextTry({ failures: 0, createdAt, now: createdAt, retryAfterSeconds: 86_401, random: 0.5 }), undefined)
  t.equal(nextTry({ failures: 0, createdAt, now: at(2 * GIVE_UP_AFTER_MS), random: 0.5 }), undefined)
})

t.test('any number of failures gives a finite pause', async (t) => {
  t.equal(nextTry({ failures: 1_000_000, createdAt, now: createdAt, random: 0.5 }), HOUR)
})
