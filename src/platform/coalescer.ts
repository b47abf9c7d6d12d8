/** How rows of many requests become few statements. */
export type CoalescerOptions<Row, Result> = {
  /** Runs one statement for all rows and answers each, in order. */
  run(rows: Row[]): Promise<Result[]>
  /** Two rows that share a key never travel in one statement: the later one waits for the next. */
  keys(row: Row): string[]
  /** Whether one of the rows may have caused an error; unset: always. If not, all of them fail with it. */
  mayBeOneRow?(error: unknown): boolean
  /** Statements under way at once. */
  inFlight?: number
  mostRows?: number
}

type Waiting<Row, Result> = { row: Row; keys: string[]; resolve(result: Result): void; reject(error: unknown): void }

/**
 * Puts rows that wait at the same time into one statement. No timer: whatever arrived in one turn of the event loop or
 * while the last statements ran travels together, so an idle service answers at once and a busy one in batches. A statement that fails is repeated
 * row by row, so that one bad row never fails its neighbours.
 */
export function createCoalescer<Row, Result>(options: CoalescerOptions<Row, Result>): (row: Row) => Promise<Result> {
  const inFlight = options.inFlight ?? 2
  const mostRows = options.mostRows ?? 64
  let waiting: Waiting<Row, Result>[] = []
  let running = 0
  let isDue = false

  const take = (): Waiting<Row, Result>[] => {
    const seen = new Set<string>()
    const batch: Waiting<Row, Result>[] = []
    const rest: Waiting<Row, Result>[] = []
    for (const entry of waiting) {
      const fits = batch.length < mostRows && entry.keys.every((key) => !seen.has(key))
      // A key is taken even by a row that has to wait, so rows of one key keep their order.
      for (const key of entry.keys) seen.add(key)
      ;(fits ? batch : rest).push(entry)
    }
    waiting = rest
    return batch
  }

  const run = async (batch: Waiting<Row, Result>[]) => {
    try {
      const results = await options.run(batch.map((entry) => entry.row))
      batch.forEach((entry, index) => {
        const result = results[index]
        if (result === undefined) entry.reject(new Error('a statement answered fewer rows than it was given'))
        else entry.resolve(result)
      })
    } catch (error) {
      const mayBeOneRow = options.mayBeOneRow?.(error) ?? true
      if (batch.length === 1 || !mayBeOneRow) {
        for (const entry of batch) entry.reject(error)
        return
      }
      for (const entry of batch) await run([entry])
    }
  }

  const next = () => {
    isDue = false
    while (running < inFlight && waiting.length > 0) {
      running += 1
      void run(take()).finally(() => {
        running -= 1
        nextTurn()
      })
    }
  }
  // When this turn of the event loop is over: requests that were read together travel together. At once, the first
  // of them would take a statement for itself.
  const nextTurn = () => {
    if (isDue) return
    isDue = true
    setImmediate(next)
  }

  return (row) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ row, keys: options.keys(row), resolve, reject })
      nextTurn()
    })
}
