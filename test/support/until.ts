import { setTimeout as sleep } from 'node:timers/promises'

const MOST_MS = 180_000
const PAUSE_MS = 20

/**
 * Waits until `check` holds: as long as a machine busy with other tests may need, since no test measures time.
 *
 * @throws {Error} says what it waited for, after three minutes.
 */
export async function until(check: () => Promise<boolean> | boolean, what = 'it'): Promise<void> {
  for (const deadline = Date.now() + MOST_MS; Date.now() < deadline; await sleep(PAUSE_MS)) if (await check()) return
  throw new Error(`still not so after three minutes: ${what}`)
}
