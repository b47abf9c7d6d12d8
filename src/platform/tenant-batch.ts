import { LRUCache } from 'lru-cache'
import { createCoalescer } from './coalescer.js'
import { isAnswered } from './database.js'

export type TenantBatchOptions<Row, Result> = {
  /** Runs one statement for rows of one tenant and answers each, in order. */
  run(tenantId: string, rows: Row[]): Promise<Result[]>
  /** Statements under way at once; unset: two. */
  inFlight?: number
  /** What a row locks. Rows that share it never travel together, and rows travel in its order. */
  lock(row: Row): string
}

/**
 * Rows of one tenant that wait together share a statement, as the coalescer has it; each has its own answer and its own
 * error. Rows are sorted by what they lock, so that two statements never wait for each other in a circle.
 */
export function createTenantBatch<Row, Result>(
  options: TenantBatchOptions<Row, Result>,
): (tenantId: string, row: Row) => Promise<Result> {
  type Entry = { row: Row; lock: string }
  const byTenant = new LRUCache<string, (entry: Entry) => Promise<Result>>({ max: 500 })
  const batchOf = (tenantId: string) => {
    const known = byTenant.get(tenantId)
    if (known) return known
    const made = createCoalescer<Entry, Result>({
      keys: ({ lock }) => [lock],
      run: (entries) => inOrder(entries, (rows) => options.run(tenantId, rows)),
      mayBeOneRow: isAnswered,
      ...(options.inFlight !== undefined && { inFlight: options.inFlight }),
    })
    byTenant.set(tenantId, made)
    return made
  }
  return (tenantId, row) => batchOf(tenantId)({ row, lock: options.lock(row) })
}

async function inOrder<Row, Result>(
  entries: { row: Row; lock: string }[],
  run: (rows: Row[]) => Promise<Result[]>,
): Promise<Result[]> {
  const order = entries.map((entry, index) => ({ ...entry, index })).sort((a, b) => (a.lock < b.lock ? -1 : 1))
  const results = await run(order.map(({ row }) => row))
  const answers: Result[] = []
  order.forEach(({ index }, position) => {
    const result = results[position]
    if (result !== undefined) answers[index] = result
  })
  return answers
}

/** Rows as a statement takes them: one JSON parameter, bytes in hexadecimal, instants as ISO 8601. */
export function asJson(rows: readonly Record<string, unknown>[]): string {
  return JSON.stringify(rows.map(withoutBytes))
}

function withoutBytes(row: Record<string, unknown>): Record<string, unknown> {
  let plain = row
  for (const name in row) {
    const value = row[name]
    if (!(value instanceof Uint8Array)) continue
    if (plain === row) plain = { ...row }
    plain[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
  }
  return plain
}
