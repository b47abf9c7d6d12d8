import t from 'tap'
import { enforce } from '../../src/kernel/decision.js'
import { later } from '../../src/kernel/instant.js'
import { Refusal } from '../../src/kernel/refusal.js'

t.test('a decision that says no throws the refusal of its rule, one that says yes nothing', async (t) => {
  const refusal = new Refusal('forbidden', 'domainBlocked', 'No.', { target: 'invitedUserEmailAddress' })
  t.throws(() => enforce({ allowed: false, checks: [], refusal }), refusal)
  t.throws(() => enforce({ allowed: false, checks: [] }), /without a refusal/, 'a "no" never passes for want of words')
  t.doesNotThrow(() => enforce({ allowed: true, checks: [] }))
})

t.test('a refusal keeps its code, its public sentence and its note for the log apart', async (t) => {
  const cause = new Error('why')
  const refusal = new Refusal('throttled', 'resentTooSoon', 'Later.', { retryAfterSeconds: 7, internal: 'note', cause })
  t.match(refusal, { kind: 'throttled', code: 'resentTooSoon', message: 'Later.', name: 'Refusal', cause })
  t.equal(refusal.details.retryAfterSeconds, 7)
  t.notMatch(refusal.message, 'note')
})

t.test('a moment later leaves the moment itself alone', async (t) => {
  const start = new Date('2026-11-21T10:00:00Z')
  t.equal(later(start, 90_000).toISOString(), '2026-11-21T10:01:30.000Z')
  t.equal(start.toISOString(), '2026-11-21T10:00:00.000Z')
})
