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

/** Rows that are not worth a second statement, nor a wait: a statement costs as much as this many rows. */
const FEW = 8

/** What a statement leaves of the memory of rows that were there at once: half after some thirty statements. */
const FADING = 0.98

type Waiting<Row, Result> = { row: Row; keys: string[]; resolve(result: Result): void; reject(error: unknown): void }

/**
 * Puts rows that wait at the same time into one statement. No timer: whatever arrived in one turn of the event loop or
 * while the last statements ran travels together, so an idle service answers at once and a busy one in batches. Under
 * load statements share the rows evenly: as long as each turn brings more rows, a statement waits for its share of what
 * lately was there at once. Taking whatever is there, most travel in one statement and the next goes out almost empty.
 * A statement that fails is repeated row by row, so that one bad row never fails its neighbours.
 */
export function createCoalescer<Row, Result>(options: CoalescerOptions<Row, Result>): (row: Row) => Promise<Result> {
  const inFlight = options.inFlight ?? 2
  const mostRows = options.mostRows ?? 64
  let waiting: Waiting<Row, Result>[] = []
  let running = 0
  let rowsRunning = 0
  let isDue = false
  /** Rows that were waiting or running at once: the most of late, since it falls more slowly than it rises. */
  let rowsOfLate = 0
  let waitingBefore = 0

  const take = (most: number): Waiting<Row, Result>[] => {
    const seen = new Set<string>()
    const batch: Waiting<Row, Result>[] = []
    const rest: Waiting<Row, Result>[] = []
    for (const entry of waiting) {
      const fits = batch.length < most && entry.keys.every((key) => !seen.has(key))
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
    if (waiting.length === 0 || running === inFlight) return
    const rows = rowsRunning + waiting.length
    rowsOfLate = Math.max(rows, rowsOfLate)
    const share = Math.min(mostRows, Math.max(FEW, Math.ceil(rowsOfLate / inFlight)))
    if (share > FEW && waiting.length < share && waiting.length > waitingBefore) {
      waitingBefore = waiting.length
      nextTurn()
      return
    }
    rowsOfLate = Math.max(rows, rowsOfLate * FADING)
    waitingBefore = 0
    do start(take(share))
    while (running < inFlight && waiting.length >= share)
    if (waiting.length > 0) nextTurn()
  }
  const start = (batch: Waiting<Row, Result>[]) => {
    running += 1
    rowsRunning += batch.length
    void run(batch).finally(() => {
      running -= 1
      rowsRunning -= batch.length
      nextTurn()
    })
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
