import t from 'tap'
import { faultsOf } from './checker.js'
import { answersTo, holdMutants } from './exchange.js'
import { KINDS, mutantsOf, seeded } from './mutants.js'
import { changing, creating } from './user-exchanges.js'
import { deleted, oneself, relating } from './user-relation-exchanges.js'
import { openWorld } from './world.js'

/** Mutants each answer is changed into here; with the exchanges of users, more than 500. */
const EACH = 8

t.test('a change in an answer is seen by the exchange it belongs to', async (t) => {
  const world = await openWorld(t)
  const goldens = await answersTo(world, [...creating, ...changing, ...relating, ...oneself, ...deleted])

  await t.test('as they came, none has a fault', async (t) => {
    for (const { title, expected, answer } of goldens) t.strictSame(faultsOf(expected, answer), [], title)
  })

  await t.test('changed in one thing, 95 percent have', async (t) => {
    t.ok(goldens.length * EACH >= 500, `${goldens.length * EACH} mutants`)
    holdMutants(t, goldens, EACH)
  })

  await t.test('no kind of change goes unseen as a whole', async (t) => {
    for (const [kind, list] of Object.entries(KINDS)) {
      const all = goldens.flatMap(({ expected, answer }) => list(answer).map((mutant) => ({ expected, ...mutant })))
      const seen = all.filter(({ expected, answer }) => faultsOf(expected, answer).length > 0)
      t.ok(all.length > 0 && seen.length >= all.length * 0.95, `${kind}: ${seen.length} of ${all.length}`)
    }
  })

  await t.test('the same seed makes the same mutants', async (t) => {
    const [first] = goldens
    if (!first) throw new Error('no answers')
    const names = (seed: number) => mutantsOf(first.answer, 20, seeded(seed)).map(({ what }) => what)
    t.strictSame(names(7), names(7))
    t.notSame(names(7), names(8))
  })

  await t.test('a checker that looks at the status alone would not do', async (t) => {
    const expected = goldens.map((golden) => ({ ...golden, expected: { ask: '', status: golden.expected.status } }))
    const blind = expected.flatMap(({ expected, answer }) =>
      mutantsOf(answer, EACH, seeded(1)).filter((mutant) => mutant.answer.status === expected.status),
    )
    t.ok(blind.length > goldens.length * EACH * 0.5, `${blind.length} would go unseen`)
  })
})
