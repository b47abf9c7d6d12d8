import { DAY_MS } from '../../kernel/instant.js'
import type { Work } from '../queue.js'

/** A mail that could not leave for 24 hours is given up. */
export const GIVE_UP_AFTER_MS = DAY_MS

const FIRST_MS = 5_000
const LONGEST_MS = 3_600_000

/**
 * When to try a mail again: exponential from 5 s to an hour with a jitter of 20 %, never before the other side's
 * `Retry-After`. Undefined when that would be more than 24 hours after the mail was asked for.
 */
export function nextTry(input: {
  failures: number
  createdAt: Date
  now: Date
  retryAfterSeconds?: number | undefined
  random: number
}): number | undefined {
  const exponential = Math.min(FIRST_MS * 2 ** Math.min(input.failures, 20), LONGEST_MS)
  const jittered = exponential * (0.8 + 0.4 * input.random)
  const inMs = Math.max(jittered, (input.retryAfterSeconds ?? 0) * 1_000)
  return input.now.getTime() + inMs - input.createdAt.getTime() > GIVE_UP_AFTER_MS ? undefined : Math.round(inMs)
}

/** The same for work whose message was not accepted: `refusal` is what the other side said, if it said anything. */
export function nextTryAfter(
  refusal: { permanent: boolean; retryAfterSeconds: number | undefined } | undefined,
  { failures, createdAt }: Pick<Work, 'failures' | 'createdAt'>,
  now: Date,
): number | undefined {
  if (refusal?.permanent) return undefined
  const retryAfterSeconds = refusal?.retryAfterSeconds
  return nextTry({ failures, createdAt: new Date(createdAt), now, retryAfterSeconds, random: Math.random() })
}
