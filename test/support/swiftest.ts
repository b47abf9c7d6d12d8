const TRIES = 4

/**
 * How many milliseconds something takes when the machine lets it: the least of a few tries, the first of which mostly
 * does. `attempt` tells what it took. For the few promises that name a time; everything else is waited for.
 */
export async function swiftest(enough: number, attempt: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < TRIES && least >= enough; tries++) least = Math.min(least, await attempt())
  return least
}
