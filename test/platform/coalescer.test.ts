import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { createCoalescer } from '../../src/platform/coalescer.js'

type Row = { id: number; key?: string }

/** A coalescer whose statements wait until they are let go. */
function observed(options: { inFlight?: number; mostRows?: number; fails?: (rows: Row[]) => boolean } = {}) {
  const batches: number[][] = []
  const gates: (() => void)[] = []
  let open = false
  const submit = createCoalescer<Row, string>({
    ...options,
    keys: ({ id, key }) => [key ?? String(id)],
    async run(rows) {
      batches.push(rows.map(({ id }) => id))
      if (!open) await new Promise<void>((resolve) => gates.push(resolve))
      if (options.fails?.(rows)) throw new Error(`failed with ${rows.map(({ id }) => id).join()}`)
      return rows.map(({ id }) => `answer ${id}`)
    },
  })
  return {
    submit,
    batches,
    /** Lets every statement that waits, and those to come, finish. */
    letGo() {
      open = true
      for (const gate of gates.splice(0)) gate()
    },
  }
}

t.test('an idle coalescer waits for nothing but the end of this turn of the event loop', async (t) => {
  const { submit, batches, letGo } = observed()
  const answer = submit({ id: 1 })
  await turn()
  t.strictSame(batches, [[1]])
  letGo()
  t.equal(await answer, 'answer 1')
})

t.test('rows of one turn of the event loop travel together', async (t) => {
  const { submit, batches, letGo } = observed()
  const answers = [1, 2, 3].map((id) => submit({ id }))
  letGo()
  t.strictSame(await Promise.all(answers), ['answer 1', 'answer 2', 'answer 3'])
  t.strictSame(batches, [[1, 2, 3]])
})

t.test('rows that wait while two statements run travel together, each with its own answer', async (t) => {
  const { submit, batches, letGo } = observed()
  const answers: Promise<string>[] = []
  for (const id of [1, 2, 3, 4, 5]) {
    answers.push(submit({ id }))
    await turn()
  }
  t.strictSame(batches, [[1], [2]], 'two statements are under way at most')
  letGo()
  t.strictSame(await Promise.all(answers), ['answer 1', 'answer 2', 'answer 3', 'answer 4', 'answer 5'])
  t.strictSame(batches, [[1], [2], [3, 4, 5]])
})

t.test('many rows are shared evenly between the statements', async (t) => {
  const { submit, batches, letGo } = observed()
  const answers = Array.from({ length: 32 }, (_, id) => submit({ id }))
  await turn()
  t.strictSame(
    batches.map((batch) => batch.length),
    [16, 16],
  )
  letGo()
  await Promise.all(answers)
})

t.test('under load a statement waits for its share while rows arrive, and no longer', async (t) => {
  const { submit, batches, letGo } = observed()
  const answers = Array.from({ length: 32 }, (_, id) => submit({ id }))
  letGo()
  await Promise.all(answers)
  for (let id = 100; id < 106; id++) {
    answers.push(submit({ id }))
    await turn()
  }
  t.equal(batches.length, 2, 'rows keep arriving')
  await turn()
  t.strictSame(batches[2], [100, 101, 102, 103, 104, 105], 'a turn without a new row ends the wait')
  await Promise.all(answers)
})

t.test('a few rows are not worth the wait, nor a statement each', async (t) => {
  const { submit, batches, letGo } = observed()
  const answers = [1, 2, 3, 4, 5].map((id) => submit({ id }))
  await turn()
  t.strictSame(batches, [[1, 2, 3, 4, 5]])
  letGo()
  await Promise.all(answers)
})

t.test('a statement takes no more rows than it may', async (t) => {
  const { submit, batches, letGo } = observed({ inFlight: 1, mostRows: 2 })
  const answers = [1, 2, 3, 4, 5, 6].map((id) => submit({ id }))
  letGo()
  await Promise.all(answers)
  t.strictSame(batches, [
    [1, 2],
    [3, 4],
    [5, 6],
  ])
})

t.test('rows that share a key never travel together, and keep their order', async (t) => {
  const { submit, batches, letGo } = observed({ inFlight: 1 })
  const answers = [
    submit({ id: 0 }),
    submit({ id: 1, key: 'a' }),
    submit({ id: 2, key: 'a' }),
    submit({ id: 3, key: 'b' }),
    submit({ id: 4, key: 'a' }),
  ]
  letGo()
  await Promise.all(answers)
  t.strictSame(batches, [[0, 1, 3], [2], [4]])
})

t.test('a row with several keys waits for each of them', async (t) => {
  const batches: number[][] = []
  let open: () => void = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const submit = createCoalescer<{ id: number; keys: string[] }, number>({
    inFlight: 1,
    keys: ({ keys }) => keys,
    async run(rows) {
      batches.push(rows.map(({ id }) => id))
      await gate
      return rows.map(({ id }) => id)
    },
  })
  const answers = [
    submit({ id: 0, keys: [] }),
    submit({ id: 1, keys: ['x'] }),
    submit({ id: 2, keys: ['x', 'y'] }),
    submit({ id: 3, keys: ['y'] }),
  ]
  open()
  await Promise.all(answers)
  t.strictSame(batches, [[0, 1], [2], [3]], 'the third does not overtake the second')
})

t.test('one bad row fails alone: its neighbours are asked again one by one', async (t) => {
  const { submit, letGo } = observed({ inFlight: 1, fails: (rows) => rows.some(({ id }) => id === 3) })
  const answers = [1, 2, 3, 4].map((id) => submit({ id }))
  letGo()
  const settled = await Promise.allSettled(answers)
  t.strictSame(
    settled.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  )
  t.match(settled[2], { reason: { message: 'failed with 3' } })
})

t.test('an error that no row can have caused fails all of them, and nothing is asked again', async (t) => {
  const batches: number[] = []
  const submit = createCoalescer<number, number>({
    inFlight: 1,
    keys: () => [],
    mayBeOneRow: (error) => !(error instanceof TypeError),
    async run(rows) {
      batches.push(rows.length)
      await turn()
      throw new TypeError('the connection broke: nobody knows what was written')
    },
  })
  const settled = await Promise.allSettled([1, 2, 3, 4].map((row) => submit(row)))
  t.ok(settled.every(({ status }) => status === 'rejected'))
  t.strictSame(batches, [4])
})

t.test('a statement that answers too few rows fails those without an answer, not the others', async (t) => {
  const submit = createCoalescer<number, number>({ inFlight: 1, keys: () => [], run: async (rows) => rows.slice(0, 1) })
  const settled = await Promise.allSettled([submit(1), submit(2), submit(3)])
  t.strictSame(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected'],
  )
})

t.test('ten thousand rows in random order of keys are each answered once', async (t) => {
  const seen = new Map<number, number>()
  const submit = createCoalescer<Row, number>({
    keys: ({ key = '' }) => [key],
    async run(rows) {
      if (new Set(rows.map(({ key }) => key)).size < rows.length) throw new Error('a key came twice in one statement')
      for (const { id } of rows) seen.set(id, (seen.get(id) ?? 0) + 1)
      await turn()
      return rows.map(({ id }) => id)
    },
  })
  const answers = await Promise.all(
    Array.from({ length: 10_000 }, (_, id) => submit({ id, key: `key ${(id * 7_919) % 301}` })),
  )
  t.ok(answers.every((answer, id) => answer === id))
  t.equal(seen.size, 10_000)
  t.ok([...seen.values()].every((times) => times === 1))
})
