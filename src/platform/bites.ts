import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Does work that is in no hurry in bites of at most `most` rows until one is not full, and rests after each as long as it
 * took: every other moment belongs to whoever waits for an answer. `bite` returns how many rows it took; so does this.
 */
export async function inBites(most: number, bite: () => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const began = performance.now()
    const taken = await bite()
    total += taken
    if (taken < most) return total
    await sleep(performance.now() - began)
  }
}
