import type { Instant } from '../kernel/instant.js'
import type { Database } from '../platform/database.js'
import { deleteEndedState } from './store.js'

const ROWS_AT_A_TIME = 1_000

/** Deletes what the provider need not remember any more. Returns how many rows. Safe to run anywhere, any time. */
export async function sweepProviderState(needs: { database: Database; clock: () => Instant }): Promise<number> {
  let total = 0
  let deleted: number
  do {
    deleted = await deleteEndedState(needs.database, needs.clock(), ROWS_AT_A_TIME)
    total += deleted
  } while (deleted === ROWS_AT_A_TIME)
  return total
}
